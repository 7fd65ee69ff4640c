// Who has looked, and what people ask about their data: each page in both languages
// is clean, hangs over no edge and says nothing in the wrong one.
import { before, expect, test } from './desk.js';
import { looked } from './look.js';

const states = [];
const state = (name, go, { who = 'unit_head', expects = [], dark = false, data = '' } = {}) => states.push({ name, go, who, expects, dark, data });

// What workers and the demo wrote is data, in its own words.
const table = 'td, tbody th, option, .request-past, .typed, .kv dd';

state('who has looked, with the proof', async (page, { files }) => {
  await page.goto(`/files/${files.closed}/trail?proof=1`);
  await expect(page.locator('#proof .callout-success')).toBeVisible();
}, { dark: true, data: table });
state('who has looked, a day that is none', async (page, { files }) => {
  await page.goto(`/files/${files.closed}/trail?from=31-02-2026&only=odd`);
  await expect(page.locator('.error-summary')).toBeVisible();
}, { expects: [422], data: table });
state('a request taken in, refused', async (page, { files }) => {
  await page.goto(`/files/${files.plain}/requests/new`);
  await page.locator('form.asking').evaluate((form) => form.requestSubmit());
  await expect(page.locator('.error-summary')).toBeVisible();
}, { who: 'front_desk', expects: [422] });
state('requests about data', async (page) => {
  await page.goto('/requests');
  await expect(page.locator('table.requests')).toBeVisible();
}, { who: 'counterpart', dark: true, data: table });
state('a request, with the file to hand over', async (page) => {
  await page.goto('/requests');
  await page.locator('table.requests tbody th a').nth(1).click();
  await expect(page.locator('#package')).toBeVisible();
}, { who: 'counterpart', dark: true, data: `${table}, .person, main p` });

for (const lang of ['es-CL', 'en']) {
  for (const s of states) {
    test(`${lang}: ${s.name}`, async ({ lend, watch }) => {
      const { scene } = before();
      s.expects.forEach((status) => watch.allowed.add(status));
      const page = await lend(s.who, lang);
      await s.go(page, scene);
      await looked(page, lang, s);
    });
  }
}

// The whole file goes out as one archive, and says so in the history of the request.
test('the whole file is handed over', async ({ open }) => {
  const page = await open('counterpart');
  await page.goto('/requests');
  await page.locator('table.requests tbody th a').nth(1).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#package button').click()]);
  expect(download.suggestedFilename()).toMatch(/^ficha-S-\d{4}-\d{4}\.zip$/);
  await page.reload();
  await expect(page.locator('.request-past')).toContainText('Se entregó la ficha completa');
});
