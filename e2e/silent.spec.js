// The registry does not answer: the last that is known is shown with its date,
// and nothing blocks. A server of its own, whose registry file was broken after
// one person had been looked up.
import { household } from './cast.js';
import { before, expect, fill, lookUp, agree, test } from './desk.js';
import { clean, fits } from './look.js';

for (const lang of ['es-CL', 'en']) {
  test(`${lang}: what was known before, dated, and a plan all the same`, async ({ open }) => {
    const { url, storageState, known } = before().silent;
    const page = await open(null, { baseURL: url, storageState, locale: lang });
    await page.goto(`/files/${known}/screening`);
    await expect(page.locator('.callout')).toContainText(lang === 'en' ? 'does not answer' : 'no responde');
    await expect(page.locator('#household .old')).toBeVisible();
    await expect(page.locator('#household tbody tr')).toHaveCount(6);
    await clean(page);
    await fits(page);
    if (lang === 'es-CL') {
      await fill(page, known, { B001: {} });
      await agree(page, known);
      await expect(page.locator('[data-plan=open]')).toBeVisible();
    }
  });

  test(`${lang}: somebody who was never looked up`, async ({ open }) => {
    const { url, storageState } = before().silent;
    const page = await open(null, { baseURL: url, storageState, locale: lang });
    await page.goto('/');
    await lookUp(page, household('single', 0).members[0].run);
    await expect(page.locator('.callout')).toContainText(lang === 'en' ? 'does not answer' : 'no responde');
    await expect(page.locator('main')).not.toContainText(lang === 'en' ? 'not in the' : 'No está en el Registro'); // nobody knows that
    await clean(page);
    await fits(page);
  });
}

test('the door of a server that is no demo offers no accounts', async ({ open }) => {
  const page = await open(null, { baseURL: before().silent.url });
  await page.goto('/login');
  await expect(page.locator('.login-accounts, .demo')).toHaveCount(0);
  await clean(page);
  await fits(page);
});
