// Paper: what a person takes home from the screening and from the plan.
import { named, written } from './cast.js';
import { before, expect, test } from './desk.js';

const papers = [
  ['screening', ({ files }) => `/files/${files.crowd}/screening`, 'crowd', ['#household', '#benefits']],
  ['screening with a plan in the house', ({ files }) => `/files/${files.open}/screening`, 'open', ['#household', '#benefits']],
  ['plan, open', ({ plans }) => `/plans/${plans.open}`, 'open', ['#plan-summary', 'table.plan-items']],
  ['plan, closed', ({ plans }) => `/plans/${plans.closed}`, 'closed', ['#plan-summary', 'table.plan-items']],
  ['history', ({ files }) => `/files/${files.closed}/history`, 'closed', ['.story']],
];

for (const [name, address, home, parts] of papers) {
  test(`${name} prints its content and nothing of the screen`, async ({ open }) => {
    const { scene } = before();
    const page = await open('worker', { colorScheme: 'dark' }); // paper is white all the same
    await page.goto(address(scene));
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    for (const part of parts) await expect(page.locator(part)).toBeVisible();
    await expect(page.locator('#person')).toContainText(named(scene.homes[home].members[0]));
    await expect(page.locator('#person')).toContainText(written(scene.homes[home].members[0].run));
    await expect(page.locator('.print-only')).toContainText('Municipalidad de Limache');
    for (const screen of ['.topbar', '#rail', '#status', 'dialog', '.btn', '.save-bar']) {
      await expect(page.locator(`${screen}:visible`)).toHaveCount(0);
    }
    const paper = await page.evaluate(() => {
      const cut = [...document.querySelectorAll('main *')].filter((e) => e.checkVisibility() && ['auto', 'scroll', 'hidden'].includes(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1);
      return { ground: getComputedStyle(document.body).backgroundColor, cut: cut.map((e) => `${e.tagName}.${e.className}`) };
    });
    expect(paper.ground, 'white or nothing').toMatch(/rgb\(255, 255, 255\)|rgba\(0, 0, 0, 0\)/);
    const pdf = await page.pdf({ format: 'Letter', preferCSSPageSize: true });
    expect(pdf.subarray(0, 5).toString('latin1')).toBe('%PDF-');
    expect(pdf.length).toBeGreaterThan(8_000);
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length, 'a few sheets').toBeLessThanOrEqual(5);
  });
}
