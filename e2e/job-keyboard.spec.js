// The main job without touching the mouse. After every press the focus must be
// somewhere that can be seen, and go where the work goes on.
import { readFileSync } from 'node:fs';
import { card, expect, family, lookUp, move, newOperator, row, test, told } from './desk.js';
import { Keys } from './keys.js';

test('a RUN becomes a plan that is followed to its end, by keyboard', async ({ open, watch }) => {
  const page = await open(null);
  const keys = new Keys(page);
  const [rosa] = family('rich').members;
  const operator = newOperator();
  watch.allowed.add(422);

  await test.step('sign in and accept', async () => {
    await page.goto('/login');
    await expect(page.locator('.login-form [name=run]')).toBeFocused();
    await keys.type(operator.run);
    await keys.press('Tab');
    await keys.type(operator.password);
    await keys.go();
    await page.waitForURL(/\/agreement$/);
    await keys.tabTo(page.getByLabel('Leí y acepto este compromiso'));
    await keys.press('Space');
    await keys.press('Tab');
    await keys.go();
    await page.waitForURL(/\/$/);
  });

  await test.step('"/" and Enter look up, from the answer to a wrong RUN too', async () => {
    await expect(page.locator('#bench-run')).toBeFocused();
    await keys.type('11.111.111-2');
    await keys.go();
    await expect(page.locator('.error-summary')).toBeFocused();
    await keys.press('Tab'); // the summary's own link leads to the field
    await keys.press('Enter');
    await expect(page.getByLabel('RUN de la persona')).toBeFocused();
    await page.keyboard.press('Escape');
    await keys.tabTo(page.locator('main').getByRole('button', { name: 'Buscar' }));
    await keys.press('/');
    await expect(page.locator('#run-box')).toBeFocused();
    await keys.type(rosa.run);
    await keys.go();
    await page.waitForURL(/screening$/);
  });

  const filter = page.locator('#catalogue-q');

  await test.step('"a" opens the catalogue; arrows, Enter: in the cart', async () => {
    await keys.press('a');
    await expect(filter).toBeFocused();
    await keys.type('utiles');
    await expect(card(page, 'E501')).toBeVisible();
    await keys.tabTo(card(page, 'E501').getByRole('button', { name: 'Agregar' }), 6, 'ArrowDown');
    await keys.press('Enter');
    await expect(page.locator('#cart li')).toHaveCount(1);
    await expect(card(page, 'E501').getByRole('button', { name: 'Agregar' })).toBeFocused();
    await keys.check();
  });

  await test.step('an item with questions', async () => {
    await keys.tabTo(filter, 10, 'ArrowUp');
    await keys.press('ControlOrMeta+a');
    await keys.type('agua potable');
    await expect(card(page, 'D102')).toBeVisible();
    const ask = card(page, 'D102').locator('summary').filter({ hasText: 'Agregar' });
    await keys.tabTo(ask, 10, 'ArrowDown');
    await keys.press('Enter');
    await keys.tabTo(page.getByLabel('Número de cliente'), 3);
    await keys.type('884-2231');
    await keys.press('Tab');
    await keys.type('Esval');
    await keys.press('ControlOrMeta+Enter');
    await expect(page.locator('#cart li')).toHaveCount(2);
    await expect(ask).toBeFocused();
  });

  await test.step('an item that needs a reason', async () => {
    const office = card(page, 'D206');
    await keys.tabTo(filter, 10, 'ArrowUp');
    await keys.press('ControlOrMeta+a');
    await keys.press('Delete');
    await keys.tabTo(page.locator('.tabs').getByRole('link', { name: 'D · Derivación' }), 12);
    await keys.press('Enter');
    await expect(page.locator('.tabs').getByRole('link', { name: 'D · Derivación' })).toHaveClass(/on/);
    await keys.check();
    await keys.tabTo(filter, 12, 'Shift+Tab');
    await keys.type('personas mayores');
    await expect(office).toBeVisible();
    const ask = office.locator('summary').filter({ hasText: 'Agregar' });
    await keys.tabTo(ask, 30);
    await keys.press('Enter');
    await keys.press('Tab');
    await keys.type('La madre vive con ella y no puede venir.');
    await keys.press('ControlOrMeta+Enter');
    await expect(page.locator('#cart li')).toHaveCount(3);
    await keys.check();
  });

  await test.step('the focus stays in the open pop-up; Esc closes it and gives the focus back', async () => {
    for (let i = 0; i < 40; i++) {
      await keys.press('Tab');
      const inside = await page.evaluate(() => document.activeElement === document.body || !!document.activeElement.closest('dialog'));
      expect(inside, 'Tab does not lead behind an open pop-up').toBe(true);
    }
    await keys.tabTo(filter, 40);
    await keys.press('Escape');
    await expect(page.locator('dialog#catalogue')).toBeHidden();
    await expect(page.locator('#cart').getByRole('link', { name: 'Agregar ítem' })).toBeFocused();
    await keys.check('Escape');
  });

  await test.step('edit, remove and take back', async () => {
    const cart = page.locator('#cart');
    const supplies = cart.locator('li').filter({ hasText: 'Útiles escolares' });
    await keys.tabTo(supplies.getByRole('link', { name: 'Editar' }), 20, 'Shift+Tab');
    await keys.press('Enter');
    await expect(cart.locator('h3', { hasText: 'Útiles escolares' })).toBeFocused();
    await keys.tabTo(cart.getByLabel('Cantidad'), 5);
    await keys.press('ControlOrMeta+a');
    await keys.type('2');
    await keys.press('ControlOrMeta+Enter');
    await expect(supplies).toContainText('$ 60.000');
    await expect(page.locator('#cart-title')).toBeFocused();

    await keys.tabTo(supplies.getByRole('button', { name: 'Quitar' }), 10);
    await keys.press('Enter');
    await expect(cart.locator('li')).toHaveCount(2);
    await expect(page.locator('#cart-title')).toBeFocused();
    await keys.tabTo(page.locator('#status').getByRole('button', { name: 'Deshacer' }), 40);
    await keys.press('Enter');
    await expect(cart.locator('li')).toHaveCount(3);
    await expect(page.locator('#cart-title')).toBeFocused();
  });

  await test.step('check out', async () => {
    await keys.tabTo(page.locator('#cart').getByRole('link', { name: 'Crear plan de intervención' }), 20);
    await keys.go();
    await page.waitForURL(/checkout$/);
    await keys.tabTo(page.getByLabel('Con firma'));
    await keys.press('Space');
    await keys.go('ControlOrMeta+Enter');
    await page.waitForURL(/\/plans\/\w{26}$/);
  });

  await test.step('follow the plan to its end', async () => {
    const choose = async (name, letter) => {
      await keys.tabTo(row(page, name).getByRole('combobox'), 60);
      await keys.type(letter);
    };
    await move(page, 'Subsidio al Agua Potable', open, 'subsidies_desk', 'answer', { outcome: 'granted' });
    await page.reload();
    await expect(page.locator('[data-summary=confirmed]')).toContainText('1 confirmado');

    await choose('Oficina de Personas Mayores', 'n');
    await keys.press('ControlOrMeta+Enter'); // without the reason it comes back
    await expect(page.locator('.error-summary')).toContainText('Escriba el motivo');
    await keys.check();
    await keys.tabTo(row(page, 'Oficina de Personas Mayores').getByLabel('Motivo'), 60);
    await keys.type('No quedan cupos este año.');
    await keys.press('ControlOrMeta+Enter');
    await expect(row(page, 'Oficina de Personas Mayores')).toHaveAttribute('data-item', 'not-achieved');

    await choose('Útiles escolares', 'c');
    await keys.tabTo(page.getByRole('button', { name: 'Guardar cambios' }), 8);
    await keys.press('Enter');
    await told(page, 'quedó cerrado');
    await expect(page.locator('[data-plan]')).toHaveAttribute('data-plan', 'closed');
  });

  await test.step('the PDF, and home by "g b"', async () => {
    await keys.tabTo(page.getByRole('link', { name: 'Descargar PDF' }), 60);
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    expect(readFileSync(await download.path()).subarray(0, 5).toString('latin1')).toBe('%PDF-');
    await page.keyboard.press('g');
    await page.keyboard.press('b');
    await expect(page).toHaveURL(/\/$/);
  });
});

test('the help lists the keys, opens with "?" and gives the focus back', async ({ open }) => {
  const page = await open();
  const keys = new Keys(page);
  await page.goto('/account');
  await keys.tabTo(page.locator('main a').first(), 60);
  await keys.press('?');
  await expect(page.locator('dialog#help')).toBeVisible();
  await keys.check('?');
  await keys.press('Escape');
  await expect(page.locator('dialog#help')).toBeHidden();
  await expect(page.locator('main a').first()).toBeFocused();
});

test('Tab goes round every page and is trapped nowhere', async ({ open }) => {
  const page = await open();
  const keys = new Keys(page);
  const file = await lookUp(page, family('rich').members[0].run);
  for (const path of ['/', `/files/${file}/screening`, `/files/${file}/cart`, `/files/${file}/plan`, `/files/${file}/history`, '/account', '/help']) {
    await page.goto(path);
    const begin = page.locator('[autofocus]'); // whoever presses Tab before the browser put the focus there hears of it in the console
    if (await begin.count()) await expect(begin.first()).toBeFocused();
    const stops = await keys.round();
    const tabbable = await page.evaluate(() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
      .filter((e) => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true }))
      .filter((e) => e.type !== 'radio' || e.checked || !document.querySelector(`[name="${e.name}"]:checked`)).length);
    expect(stops, `${path}: everything that can be used is on the way`).toBeGreaterThanOrEqual(tabbable);
  }
});
