// Home visits and the agenda in the states that matter: in both languages, clean
// for axe, nothing over the edge; and the form at the door on a telephone.
import { expect, family, lookUp, send, test, told } from './desk.js';
import { clean, looked, saying } from './look.js';

const today = new Date().toLocaleDateString('es-CL', { timeZone: 'America/Santiago', day: '2-digit', month: '2-digit', year: 'numeric' });
const written = ['Conocer la vivienda', 'Los Aromos 12', 'Ana Soto', 'Gotera grande en el dormitorio', 'Llamar a la escuela'];

// decide makes a visit of today for somebody and gives its address.
async function decide(page, file, key) {
  await page.goto(`/files/${file}/visits/new`);
  const worker = await page.locator('[name=worker]').inputValue();
  const made = await send(page, `/files/${file}/visits`, { key, day: today, clock: '10:30', worker, address: 'Los Aromos 12', purpose: 'Conocer la vivienda' });
  expect(made.status()).toBe(303);
  await page.goto(`/files/${file}/visits`);
  return page.locator('.visit-row .visit-when a').last().getAttribute('href');
}

for (const lang of ['es-CL', 'en']) {
  test(`${lang}: visits and agenda`, async ({ lend, watch }) => {
    watch.allowed.add(422);
    const page = await lend('worker', lang);
    const home = family('single');
    const file = await lookUp(page, home.members[0].run);
    const visit = await decide(page, file, 'one');
    await send(page, `/files/${file}/followups`, { key: 'k', day: today, clock: '12:00', text: 'Llamar a la escuela' });
    const known = [...written, ...saying(home)];
    const look = async (address, data) => {
      if (address) await page.goto(address);
      await looked(page, lang, { data, known });
    };
    await look(`/files/${file}/visits`);
    await look(`${visit}/record`, '.door-people');
    await page.goto(`/files/${file}/visits/new`);
    await page.locator('#visit-form form').evaluate((form) => (form.noValidate = true));
    await page.locator('#visit-form .btn-primary').click();
    await expect(page.locator('.error-summary')).toBeVisible();
    await look('', 'option');
    const record = { result: 'done', on: today, others: 'Ana Soto', 'finding[roof]': 'bad', 'finding[sleepers]': '6', 'finding[bedrooms]': '1', note: 'Gotera grande en el dormitorio', window: 'w', seen: '0' };
    expect((await send(page, `${visit}/record`, record)).status()).toBe(303);
    await look(visit);
    await look(`/visits?on=${today}`, '.sheet-stops');
    await look(`/agenda?day=${today}`, '.entry p:not(.entry-kind)');
  });
}

// In front of the door: one hand, 390 pixels, the registry's names to tick, a
// photo, and nothing is lost when the page closes.
test('a visit is recorded on a telephone', async ({ open, watch }) => {
  const desk = await open();
  const file = await lookUp(desk, family('rich').members[0].run);
  const visit = await decide(desk, file, 'phone');
  const page = await open('worker', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await page.goto(`${visit}/record`);
  const over = () => page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
  expect(await over(), 'nothing hangs over the edge').toBe(0);
  await clean(page);
  await page.locator('[name=note]').fill('Gotera grande en el dormitorio');
  await expect(page.locator('#visit-saved')).toContainText('Guardado');
  await page.reload();
  await expect(page.locator('[name=note]')).toHaveValue('Gotera grande en el dormitorio');
  await page.locator('.door-result').filter({ hasText: 'Sin moradores' }).tap();
  await expect(page.locator('.when-inside')).toBeHidden();
  await page.locator('.door-result').filter({ hasText: 'Realizada' }).tap();
  await page.locator('[name=present]').first().check();
  await page.locator('[name="finding[roof]"]').selectOption('bad');
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  await page.locator('[name=photo]').setInputFiles({ name: 'muro.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') });
  await told(page, 'La foto quedó agregada');
  await expect(page.locator('#visit-photos li')).toHaveCount(1);
  await expect(page.locator('.photo-send')).toBeHidden(); // it was sent as it was chosen
  await page.locator('.photo-send').evaluate((button) => button.click()); // an old browser shows it
  watch.allowed.add(422);
  await expect(page.locator('#visit-photos')).toContainText('Elija una foto');
  await expect(page.locator('[name=note]')).toHaveValue('Gotera grande en el dormitorio');
  await page.locator('[name=on]').fill('31-02-2026');
  await page.locator('.save-bar .btn-primary').tap();
  await expect(page.locator('.error-summary')).toBeVisible();
  expect(await over()).toBe(0);
  await page.locator('[name=on]').fill(today);
  await page.locator('.save-bar .btn-primary').tap();
  await page.waitForURL(new RegExp(`${visit}$`));
  await expect(page.locator('.visit-found')).toContainText('Mal estado');
  expect(await over()).toBe(0);
  expect((await page.locator('.person-text').boundingBox()).width, 'whose visit it was has its room').toBeGreaterThan(300);
});
