// The same job in a browser without JavaScript: plain links, forms and pages.
import { named } from './cast.js';
import { card, expect, family, fileOf, logIn, move, newOperator, row, test } from './desk.js';

test('a RUN becomes a plan that is followed to its end, without JavaScript', async ({ open, watch }) => {
  const page = await open(null, { javaScriptEnabled: false });
  const home = family('rich');
  const operator = newOperator();
  watch.allowed.add(422);

  await test.step('sign in and accept', async () => {
    await logIn(page, operator.run, 'no es esta');
    await expect(page.getByRole('alert')).toContainText('no son correctos');
    await expect(page.locator('.login-form').getByLabel('RUN')).not.toHaveValue('');
    await page.locator('.login-form [name=password]').fill(operator.password);
    await page.locator('.login-form').getByRole('button').click();
    await page.getByLabel('Leí y acepto este compromiso').check();
    await page.getByRole('button', { name: 'Aceptar y comenzar' }).click();
  });

  await test.step('look up', async () => {
    await page.locator('#bench-run').fill(home.members[0].run);
    await page.getByRole('button', { name: 'Abrir ficha' }).click();
    await expect(page.locator('#household tbody tr')).toHaveCount(6);
  });
  const file = fileOf(page);

  await test.step('the catalogue is a page with the same items', async () => {
    await page.locator('#cart').getByRole('link', { name: 'Agregar ítem' }).click();
    await expect(page).toHaveURL(new RegExp(`/files/${file}/catalogue`));
    await page.getByRole('link', { name: 'E · En especie' }).click();
    await page.locator('#catalogue-q').fill('utiles');
    await page.locator('#catalogue-filter').getByRole('button').click();
    await card(page, 'E501').getByRole('button', { name: 'Agregar' }).click();
    await expect(page.locator('#rail-cart .count')).toHaveText('1');
    await expect(page.locator('#status')).toContainText('Útiles escolares está en el carro.');
  });

  await test.step('questions and a reason, asked by the page', async () => {
    await page.goto(`/files/${file}/catalogue?category=D&q=agua`);
    const sap = card(page, 'D102');
    await sap.locator('summary').filter({ hasText: 'Agregar' }).click();
    await sap.getByLabel('Número de cliente').fill('884-2231');
    await sap.getByLabel('Empresa sanitaria').fill('   '); // the browser lets it through, the server does not
    await sap.getByRole('button', { name: 'Agregar al carro' }).click();
    await expect(page.locator('.error-summary')).toContainText('Falta este dato');
    await expect(page.getByLabel('Número de cliente')).toHaveValue('884-2231');
    await page.getByLabel('Empresa sanitaria').fill('Esval');
    await page.getByRole('button', { name: 'Agregar al carro' }).click();
    await expect(page.locator('#rail-cart .count')).toHaveText('2');

    await page.goto(`/files/${file}/catalogue?category=D&q=personas+mayores`);
    await card(page, 'D206').locator('summary').filter({ hasText: 'Agregar' }).click();
    await card(page, 'D206').getByLabel('Motivo para agregarlo de todos modos').fill('La madre vive con ella.');
    await card(page, 'D206').getByRole('button', { name: 'Agregar al carro' }).click();
    await expect(page.locator('#rail-cart .count')).toHaveText('3');
  });

  await test.step('the cart: remove, bring back, edit', async () => {
    await page.locator('#rail').getByRole('link', { name: 'Carro' }).click();
    const office = page.locator('#cart li').filter({ hasText: 'Oficina de Personas Mayores' });
    await office.getByRole('button', { name: 'Quitar' }).click();
    await expect(page.locator('#cart li')).toHaveCount(2);
    await page.locator('#cart-removed summary').click();
    await page.getByRole('button', { name: 'Devolver al carro' }).click();
    await expect(page.locator('#cart li')).toHaveCount(3);

    await page.locator('#cart li').filter({ hasText: 'Útiles escolares' }).getByRole('link', { name: 'Editar' }).click();
    await page.getByLabel('Cantidad').fill('0');
    await page.getByRole('button', { name: 'Guardar' }).click();
    await expect(page.locator('.error-summary')).toContainText('Cantidad');
    await page.getByLabel('Cantidad').fill('2');
    await page.getByLabel('Nota').fill('Uno para cada escolar.');
    await page.getByRole('button', { name: 'Guardar' }).click();
    await expect(page.locator('#cart')).toContainText('$ 60.000');
    await expect(page.locator('#cart')).toContainText('Uno para cada escolar.');
  });

  await test.step('check out: the way of agreeing is asked for, then the plan is there', async () => {
    await page.locator('#cart').getByRole('link', { name: 'Crear plan de intervención' }).click();
    await page.getByRole('button', { name: 'Crear plan de intervención' }).click();
    await expect(page.locator('.error-summary')).toContainText('Elija cómo se acordó');
    await page.getByLabel('Con firma').check();
    await page.getByRole('button', { name: 'Crear plan de intervención' }).click();
    await expect(page.locator('[data-plan]')).toHaveAttribute('data-plan', 'open');
  });

  await test.step('follow it to the end', async () => {
    const save = page.getByRole('button', { name: 'Guardar cambios' });
    await row(page, 'Oficina de Personas Mayores').getByRole('combobox').selectOption('withdrawn');
    await save.click();
    await expect(page.locator('.error-summary')).toContainText('Escriba el motivo');
    await expect(row(page, 'Oficina de Personas Mayores').getByRole('combobox')).toHaveValue('withdrawn');
    await row(page, 'Oficina de Personas Mayores').getByLabel('Motivo').fill('La persona desistió.');
    await save.click();
    await expect(page.locator('[data-summary=pending]')).toContainText('2 pendientes');
    await move(page, 'Subsidio al Agua Potable', open, 'subsidies_desk', 'answer', { outcome: 'granted' });
    await page.reload();
    await expect(page.locator('[data-summary=confirmed]')).toContainText('1 confirmado');
    await row(page, 'Útiles escolares').getByRole('combobox').selectOption('confirmed');
    await save.click();
    await expect(page.locator('[data-plan]')).toHaveAttribute('data-plan', 'closed');
    await expect(page.locator('#rail-plan .circle-closed')).toBeVisible();
    await expect(page.locator('#status')).toContainText('quedó cerrado');
  });

  await test.step('the PDF and the next screening', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Descargar PDF' }).click()]);
    expect(download.suggestedFilename()).toMatch(/\.pdf$/);
    await page.locator('#rail').getByRole('link', { name: 'Screening social' }).click();
    await expect(page.locator('#benefits tbody tr').filter({ hasText: 'Útiles escolares' })).toContainText('municipal');
    await page.locator('#rail').getByRole('link', { name: 'Historial' }).click();
    await expect(page.locator('main')).toContainText(named(operator));
    await page.locator('.who').click(); // the menu is the browser's own
    await page.getByRole('button', { name: 'Cerrar sesión' }).click();
    await expect(page).toHaveURL(/\/login/);
  });
});
