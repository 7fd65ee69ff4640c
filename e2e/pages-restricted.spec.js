// A restricted file, from its mark to the look back at who opened it: in both
// languages, clean for axe, nothing over the edge; nobody is named before the glass.
import { expect, family, lookUp, send, test } from './desk.js';
import { looked, saying } from './look.js';

const reason = 'Amenazas de quien trabaja en la municipalidad.';
const need = 'La persona está en el mesón y pide su comprobante.';
const written = [reason, need];

// The names and words of the demo's own restricted files are data.
const theirs = '.merge-note, .opening-person, .merge-line b, .merge-line .muted, .openings .hint, .found-text';

for (const lang of ['es-CL', 'en']) {
  test(`${lang}: a restricted file, its glass and who opened it`, async ({ lend, watch }) => {
    watch.allowed.add(403).add(422);
    const home = family('single');
    const [person] = home.members;
    const page = await lend('worker', lang);
    const head = await lend('unit_head', lang);
    const file = await lookUp(page, person.run);
    const known = [...written, ...saying(home)];
    const look = (what, data) => looked(what, lang, { data, known });

    await head.goto(`/files/${file}/restriction`);
    await head.locator('form[action$="/restriction"]').evaluate((form) => (form.noValidate = true));
    await head.locator('form[action$="/restriction"] [name=reason]').fill('corto');
    await head.locator('form[action$="/restriction"] .btn-primary').click();
    await expect(head.locator('.error-summary')).toBeVisible();
    await look(head);
    await head.locator('[name=kind]').selectOption('violence');
    await head.locator('form[action$="/restriction"] [name=reason]').fill(reason);
    await head.locator('form[action$="/restriction"] .btn-primary').click();
    await expect(head.locator('details form[action$="/lift"]')).toHaveCount(1);

    // The search says that there is somebody, and not who.
    await page.goto('/search');
    await page.locator('.search-form [name=q]').fill(person.surnames);
    await page.locator('.search-form button').click();
    const masked = page.locator(`.found form[action*="${file}"]`);
    await expect(masked).toBeVisible();
    await expect(page.locator('.found')).not.toContainText(person.surnames);
    await expect(masked).not.toContainText(person.given_names);
    await look(page, '.search-form input');
    await page.request.get(`/files/${file}/screening`);

    // The glass: a reason, and then the file.
    await page.goto(`/files/${file}/glass`);
    await expect(page.locator('body')).not.toContainText(person.surnames);
    expect((await send(page, `/files/${file}/glass`, { reason: 'corto' })).status()).toBe(422);
    await look(page);
    await page.locator('[name=reason]').fill(need);
    await page.locator('form[action$="/glass"] .btn-primary').click();
    await page.waitForURL(/\/screening$/);
    await expect(page.locator('main, .file-head').first()).toBeVisible();

    // Who answers for it sees who opened it, and says whether there was a reason.
    await head.goto('/restricted');
    const opening = head.locator('.openings li').filter({ hasText: need }).filter({ has: head.locator(`a[href*="${file}"]`) });
    await expect(opening).toBeVisible();
    await look(head, theirs);
    await head.goto(`/files/${file}/restriction`);
    await head.locator('.openings [name=verdict][value=right]').click();
    await expect(head.locator('.openings form')).toHaveCount(0);
    await look(head, theirs);
    await head.locator('details:has(form[action$="/lift"]) summary').click();
    await head.locator('[name=lift_reason]').fill('La medida cautelar terminó.');
    await head.locator('form[action$="/lift"] button').click();
    await expect(head.locator('form[action$="/restriction"]')).toBeVisible();
    await page.goto('/');
    await lookUp(page, person.run);
  });
}
