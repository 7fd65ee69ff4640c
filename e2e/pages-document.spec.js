// The papers of a file in their states, in both languages: axe finds nothing,
// nothing hangs over the edge, English pages have no Spanish but the data's.
import { before, expect, test } from './desk.js';
import { clean, fits } from './look.js';

const pdf = (text) => ({ name: `${text}.pdf`, mimeType: 'application/pdf', buffer: Buffer.from(`%PDF-1.7\n% ${text} ${Math.random()}\n%%EOF\n`) });
const day = (days) => new Date(Date.now() + days * 864e5).toLocaleDateString('es-CL', { timeZone: 'America/Santiago', day: '2-digit', month: '2-digit', year: 'numeric' });

async function handIn(page, file, kind, papers, expires = '') {
  await page.goto(`/files/${file}/documents`);
  await page.locator('.upload [name=kind]').selectOption(kind);
  await page.locator('.upload [name=file]').setInputFiles(papers);
  await page.locator('.upload [name=expires_on]').fill(expires);
  await page.locator('.upload button').click();
}

test('papers are handed in, refused, corrected, taken out of sight and told before they expire', async ({ open, watch }) => {
  watch.allowed.add(422);
  const file = before().scene.files.single;
  const page = await open('worker', { locale: 'es-CL' });
  await page.goto(`/files/${file}/documents`);
  await expect(page.locator('.empty')).toBeVisible();
  await clean(page);
  await fits(page);

  await handIn(page, file, 'residence', [pdf('certificado')], day(9));
  await expect(page.locator('.shelf-row')).toHaveCount(1);
  await expect(page.locator('.shelf-row .tag-warning')).toBeVisible();
  const picture = { name: 'techo.png', mimeType: 'image/png', buffer: await page.screenshot() };
  await handIn(page, file, 'photo', [picture, { name: 'x.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<html>') }]);
  await expect(page.locator('.error-summary')).toContainText('x.pdf');
  await expect(page.locator('.shelf-row img')).toHaveCount(1);
  expect(await page.locator('.shelf-row img').evaluate((img) => img.decode().then(() => img.naturalWidth))).toBe(320);
  await clean(page);
  await fits(page);

  const first = page.locator('.shelf-row').filter({ has: page.locator('.paper-name').filter({ hasText: 'certificado' }) }); // the kinds one may choose say it too
  await first.locator('summary').click();
  await first.getByRole('button', { name: 'Retirar' }).click();
  await expect(page.locator('.error-summary')).toBeVisible();
  await clean(page);
  await page.locator('.shelf-manage[open] [name=reason]').fill('Es de otra persona');
  await page.locator('.shelf-manage[open]').getByRole('button', { name: 'Retirar' }).click();
  await expect(page.locator('.shelf-removed')).toContainText('1 documento retirado');
  await page.locator('.shelf-removed > summary').press('Enter');
  await clean(page);
  await page.getByRole('button', { name: /Devolver/ }).press('Enter');
  await expect(page.locator('.shelf-removed')).toHaveCount(0);

  await page.goto('/documents');
  await expect(page.locator('tbody tr').first()).toBeVisible();
  await clean(page);
  await fits(page);
});
