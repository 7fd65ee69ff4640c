// The pages of the diagnosis in their states, in both languages: axe finds
// nothing, nothing hangs over the edge, the console is silent, and English pages
// have no Spanish but what was typed and what the registries say.
import { before, expect, test } from './desk.js';
import { looked } from './look.js';

const written = { known: ['entra agua', 'Tía', 'Escuela', 'Techo sin filtraciones', 'Comprar los clavos'] };

const started = async (page, file) => {
  await page.goto(`/files/${file}/diagnosis`);
  const begin = page.locator('form[action$="/diagnosis/start"] button');
  if (await begin.count()) await begin.click();
  await expect(page.locator('#diagnosis-form')).toBeVisible();
};

for (const lang of ['es-CL', 'en']) {
  test(`${lang}: a diagnosis from the first level to the next one beside it`, async ({ lend, watch }) => {
    watch.allowed.add(422);
    const { scene } = before();
    const file = scene.files[lang === 'en' ? 'closed' : 'open'];
    const page = await lend('worker', lang);
    await page.goto(`/files/${file}/diagnosis`);
    await looked(page, lang, written);

    await started(page, file);
    await page.locator('[name="level[housing]"][value=critical]').check();
    await expect(page.locator('#diagnosis-risk [data-risk=risk-medium]')).toBeVisible();
    await looked(page, lang, { dark: true, ...written });
    await page.emulateMedia({ colorScheme: null });
    await page.reload(); // what was chosen was kept
    await expect(page.locator('[name="level[housing]"][value=critical]')).toBeChecked();
    await page.locator('button[value=complete]').click();
    await expect(page.locator('.error-summary')).toBeFocused();
    await looked(page, lang, written);
    await page.locator('[name="note[housing]"]').fill('entra agua');
    await page.locator('button[value=complete]').click();
    await expect(page.locator('table.dims')).toContainText('entra agua');

    await started(page, file);
    await page.locator('#part-housing [name=carry]').click();
    await expect(page.locator('[name="note[housing]"]')).toHaveValue('entra agua');
    await page.locator('[name="level[family]"][value=adequate]').check();
    await page.locator('button[value=complete]').click();
    await expect(page.locator('table.evolution')).toBeVisible();
    await looked(page, lang, written);
  });

  test(`${lang}: the network, the goals and what was promised`, async ({ lend, watch }) => {
    watch.allowed.add(422);
    const { scene } = before();
    const file = scene.files[lang === 'en' ? 'closed' : 'open'];
    const page = await lend('worker', lang);
    await page.goto(`/files/${file}/ecomap`);
    for (const [name, kind, tie] of [['Tía', 'family', 'strong'], ['Escuela', 'school', 'conflicting'], ['', 'health', 'weak']]) {
      const form = page.locator('#tie-new form');
      await form.locator('[name=name]').fill(name);
      await form.locator('[name=kind]').selectOption(kind);
      await form.locator('[name=tie]').selectOption(tie);
      await form.locator('button').click();
      await page.waitForLoadState();
    }
    await expect(page.locator('.error-summary')).toBeVisible();
    await expect(page.locator('svg.ecomap-large .tie')).toHaveCount(2);
    await looked(page, lang, written);
    await page.locator('.ties tbody a.btn').first().click();
    await expect(page.locator('tr.editing')).toBeVisible();
    await looked(page, lang, written);

    await page.goto(`/files/${file}/goals`);
    const goal = page.locator('.goal-new form').first();
    await goal.locator('[name=text]').fill('Techo sin filtraciones');
    await goal.locator('[name=item]').first().check();
    await goal.locator('button').click();
    await expect(page.locator('article.goal')).toContainText('Techo sin filtraciones');
    const promise = page.locator('.goal-new form').nth(1);
    await promise.locator('[name=text]').fill('Comprar los clavos');
    await promise.locator('[name=goal]').selectOption({ label: 'Techo sin filtraciones' });
    await promise.locator('button').click();
    await expect(page.locator('.commitments')).toContainText('Comprar los clavos');
    await page.locator('article.goal details summary').first().click();
    await looked(page, lang, written);
  });
}
