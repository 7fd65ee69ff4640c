// What a desk does most: information alone, from the RUN to the paper in the
// hand, in six presses and half a minute; and people who are called in order.
import { written } from './cast.js';
import { demo, demoPassword, expect, family, fileOf, status, test, told } from './desk.js';
import { clean, fits } from './look.js';

const finish = (page) => page.locator('dialog#finish');

// open an attention of a family's first person at the general desk.
async function attended(open) {
  const page = await open('front_desk');
  const [person] = family('rich').members;
  await page.goto('/');
  await page.locator('#bench-run').fill(person.run);
  await page.locator('#bench-run').press('Enter');
  await page.waitForURL(/\/screening$/);
  return { page, person, file: fileOf(page) };
}

test('information alone takes six presses and half a minute', async ({ open }) => {
  const page = await open('front_desk');
  const [person] = family('rich').members;
  await page.goto('/');
  const began = Date.now();
  let presses = 0;
  const press = async (act) => { presses++; await act(); };

  await press(() => page.keyboard.type(written(person.run), { delay: 60 })); // the box has the focus
  await press(() => page.keyboard.press('Enter'));
  await page.waitForURL(/\/screening$/);
  await expect(page.locator('#attention-bar')).toContainText('Atención');
  await press(() => page.keyboard.press('a'));
  const first = page.locator('#catalogue .explained').first();
  const name = await first.evaluate((button) => document.getElementById(button.getAttribute('aria-describedby')).textContent);
  await press(() => first.click());
  await expect(page.locator('#catalogue .explained').first()).toHaveAttribute('aria-pressed', 'true');
  await press(() => page.locator('#catalogue-finish').click());
  await expect(finish(page)).toContainText(name);
  await expect(finish(page).getByLabel('Información y orientación')).toBeChecked();
  await press(() => page.keyboard.press('Enter')); // the button has the focus
  await page.waitForURL(/\/attentions\/\w+$/);

  await expect(page.locator('.receipt')).toContainText(name);
  await expect(page.locator('.receipt')).toContainText(/N° A-\d{4}-\d{5}/);
  await expect(page.getByRole('button', { name: 'Imprimir' })).toBeVisible();
  expect(presses, 'presses').toBeLessThanOrEqual(6);
  expect(Date.now() - began, 'milliseconds').toBeLessThan(30_000);
});

test('an attention ends in two presses from any page of the file, and opens again on its day', async ({ open, watch }) => {
  watch.allowed.add(422);
  const { page, file } = await attended(open);
  for (const section of ['screening', 'plan', 'referrals', 'history']) {
    await page.goto(`/files/${file}/${section}`);
    await page.locator('#attention-finish').click();
    await expect(finish(page).getByRole('button', { name: 'Finalizar atención' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(page.locator('#attention-finish')).toBeFocused();
  }
  await page.keyboard.press('f');
  await clean(page);
  await fits(page);
  await finish(page).getByLabel('Nota interna').fill('Pregunta por el agua');
  await expect(finish(page).locator('#finish-saved')).toContainText('Guardado');
  await page.keyboard.press('Escape'); // by accident: what was typed is there again
  await page.keyboard.press('f');
  await expect(finish(page).getByLabel('Nota interna')).toHaveValue('Pregunta por el agua');

  await finish(page).getByText('Vino otra persona en su nombre').click();
  await finish(page).getByLabel('Nombre de quien vino').fill('Luz Parra');
  await finish(page).getByRole('button', { name: 'Finalizar atención' }).click();
  await expect(finish(page).locator('.error-summary')).toContainText('relación');
  await finish(page).getByLabel('Relación con la persona').selectOption('child');
  await finish(page).locator('[name=rep_authorisation]').selectOption('simple');
  await finish(page).getByRole('button', { name: 'Finalizar atención' }).click();
  await page.waitForURL(/\/attentions\/\w+$/);
  await expect(page.locator('.receipt')).toContainText('Luz Parra');
  await expect(page.locator('.receipt')).not.toContainText('agua');
  await clean(page);
  await fits(page);
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByText('Pregunta por el agua')).toBeHidden();
  await expect(page.locator('.receipt')).toBeVisible();
  await expect(page.locator('#person'), 'the header names the topic').toBeHidden();
  await page.emulateMedia({ media: 'screen' });

  await page.getByRole('button', { name: 'Reabrir' }).click();
  await page.waitForURL(/\/screening$/);
  await told(page, 'abierta otra vez');
  await page.goto('/');
  await page.locator('#attended').getByRole('link', { name: /^Finalizar/ }).first().click();
  await expect(finish(page)).toBeVisible();
});

test('without JavaScript the same pages do', async ({ open }) => {
  const page = await open('front_desk', { javaScriptEnabled: false });
  const [person] = family('rich').members;
  await page.goto('/');
  await page.locator('#bench-run').fill(person.run);
  await page.getByRole('button', { name: 'Abrir ficha' }).click();
  await page.locator('#attention-finish').click();
  await page.getByLabel('Canal').selectOption('phone');
  await page.getByRole('button', { name: 'Finalizar atención' }).click();
  await expect(page).toHaveURL(/\/attentions\/\w+$/);
  await expect(page.locator('.receipt')).toContainText('Por teléfono');
  await expect(page.getByRole('link', { name: 'Descargar PDF' })).toBeVisible();
});

test('two workers of a desk call two people, and each page hears of it', async ({ open }) => {
  const settings = await open('counterpart');
  await settings.goto('/settings');
  await settings.locator('[name=waiting_list]').check();
  await settings.locator('#general button').last().click();
  const [one, two] = [await open('worker'), await open({ run: demo.unit_head, password: demoPassword })];
  await one.goto('/waiting');
  for (const name of ['Primera de la fila', 'Segunda de la fila']) {
    await one.getByLabel('RUN, o nombre con que llamarle').fill(name);
    await one.getByRole('button', { name: 'Poner en la lista' }).click();
    await expect(one.locator('#waiting')).toContainText(name);
  }
  await clean(one);
  await fits(one);
  await two.goto('/waiting');
  await Promise.all([one, two].map((page) => page.locator('#call-next').click()));
  await expect(one.locator('.waiting-called')).toBeVisible();
  await expect(two.locator('.waiting-called')).toBeVisible();
  const called = await Promise.all([one, two].map((page) => page.locator('.waiting-called .turn-number').textContent()));
  expect(new Set(called).size, 'nobody is called twice').toBe(2);
  await one.locator('.waiting-called').getByRole('button', { name: 'No se presentó' }).click();
  await expect(two.locator('#waiting')).toContainText('No se presentaron', { timeout: 20_000 }); // by itself
  await two.locator('.waiting-called').getByRole('button', { name: 'Atender' }).click();
  await expect(status(two)).toContainText('Busque ahora su ficha');
});
