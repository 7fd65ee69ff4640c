// The pages on which a report is read, signed, approved and checked, in the states
// that matter: axe finds nothing, nothing hangs over the edge, and English has no
// Spanish but the data's.
import { expect, family, lookUp, send, test } from './desk.js';
import { clean, looked } from './look.js';

// draft begins a report in a household's file and gives its address.
async function draft(page, key) {
  const file = await lookUp(page, family('rich').members[0].run);
  const answer = await send(page, `/files/${file}/reports`, { key: `sign-${key}-${file}`, purpose: 'C001', addressee: 'DIDECO', due: '30-12-2026' });
  expect(answer.status()).toBe(303);
  return answer.headers().location.replace(/\/edit$/, '');
}

// written is a draft that lacks nothing.
async function written(page, key) {
  const report = await draft(page, key);
  await page.goto(`${report}/edit`);
  await page.locator('[name=opinion_text]').fill('La familia requiere apoyo.');
  await page.locator('[name="request_text[1]"]').fill('Canasta de alimentos.');
  await expect(page.locator('#report-saved')).toHaveText(/\d\d:\d\d/);
  await expect.poll(async () => (await page.request.get(`${report}/sign`)).text()).toContain('Canasta de alimentos.');
  await page.goto(`${report}/sign`);
  return report;
}

async function signed(page, key) {
  const report = await written(page, key);
  await page.locator('[name=profession]').fill('Trabajadora social');
  await page.locator('[name=head_name]').fill('Hernán Salinas');
  await page.locator('[name=head_position]').fill('Jefatura');
  await page.locator('.sign-acts .btn-primary').click();
  await page.waitForURL(new RegExp(`${report}$`));
  return report;
}

const states = {
  'a report that lacks what has to be there': async (page, { key }) => {
    await page.goto(`${await draft(page, key)}/sign`);
    await expect(page.locator('#missing li').first()).toBeVisible();
  },
  'a report that can be signed': async (page, { key }) => { await written(page, key); },
  'signed, waiting for its head': async (page, { key }) => { await signed(page, key); },
  'before its head, returned without a word': async (page, { key, lend, lang }) => {
    const report = await signed(page, key);
    const head = await lend('unit_head', lang);
    await head.goto('/reports/waiting');
    await clean(head);
    await head.goto(report);
    await head.locator('.sign-more summary').first().click();
    await head.locator('.sign-more .btn').first().click();
    await expect(head.locator('.error-summary')).toBeVisible();
    return head;
  },
  'a code of no paper': async (page) => {
    await page.goto('/v?code=05802');
    await expect(page.locator('.invalid-feedback')).toBeVisible();
  },
  'a paper that is signed and not issued': async (page, { key }) => {
    await signed(page, key);
    await page.locator('.sheet-code a').click();
    await expect(page.locator('[data-standing]')).toHaveAttribute('data-standing', 'not-issued');
  },
};

// What pages show as it was typed, or as the registry says it.
const data = '.facts, #person, .sheet-block dd, .sheet-block td, .sheet-text, .kv dd, q, .sheet-history small, .sign-name b, .sign-form .panel-body > p, input, textarea, .person, .meta';

for (const lang of ['es-CL', 'en']) {
  for (const [name, go] of Object.entries(states)) {
    test(`${lang}: ${name}`, async ({ lend, watch }) => {
      [404, 422].forEach((status) => watch.allowed.add(status));
      const first = await lend('worker', lang);
      const page = (await go(first, { key: lang + Object.keys(states).indexOf(name), lend, lang })) ?? first;
      await looked(page, lang, { data });
    });
  }
}

test('what is missing leads to where it is written', async ({ open }) => {
  const page = await open();
  await page.goto(`${await draft(page, 'missing')}/sign`);
  await page.locator('#missing a', { hasText: 'opinión' }).click();
  await expect(page).toHaveURL(/\/edit#/);
  const target = new URL(page.url()).hash;
  await expect(page.locator(target)).toHaveCount(1);
});
