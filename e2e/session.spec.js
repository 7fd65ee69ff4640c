// What was typed survives the end of the session, with JavaScript and without.
// The session is ended as it happens in life: by signing out everywhere from
// another browser.
import { demo, demoPassword, expect, family, logIn, lookUp, newOperator, test } from './desk.js';
import { clean } from './look.js';

async function outEverywhere(open, operator) {
  const elsewhere = await open(operator);
  await elsewhere.goto('/account');
  await elsewhere.getByRole('button', { name: 'Cerrar sesión en todos los equipos' }).click();
  await expect(elsewhere).toHaveURL(/\/login/);
}

test('the session ends in the middle of a form: sign in over it, go on, save', async ({ open, watch }) => {
  const operator = newOperator();
  const page = await open(operator);
  watch.allowed.add(401);
  const file = await lookUp(page, family('stranger').members[0].run);
  await page.locator('#cart a[data-dialog]').click();
  await page.locator('#catalogue-tab-B').click();
  const card = page.locator('[data-code=B001]');
  await card.locator('.opt-add button').click();
  await expect(page.locator('#cart li')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await page.locator('#cart li').getByRole('link', { name: 'Editar' }).click();
  const note = page.locator('#cart').getByLabel('Nota');
  await note.fill('Vive sola desde marzo; su hija la visita los domingos.');

  await outEverywhere(open, operator);

  await page.locator('#cart').getByRole('button', { name: 'Guardar' }).click();
  const dialog = page.locator('dialog#session-ended');
  await expect(dialog).toBeVisible();
  await expect(note).toHaveValue('Vive sola desde marzo; su hija la visita los domingos.'); // it never left the page
  await clean(page);
  await page.keyboard.press('Escape'); // it must be answered
  await dialog.getByLabel('RUN').fill(operator.run);
  await dialog.getByLabel('Contraseña').fill('no es la clave');
  watch.allowed.add(422);
  await dialog.getByRole('button', { name: 'Iniciar sesión y seguir' }).click();
  await expect(dialog.getByRole('alert')).toContainText('no son correctos');
  await dialog.getByLabel('Contraseña').fill(operator.password);
  await dialog.getByRole('button', { name: 'Iniciar sesión y seguir' }).click();
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(new RegExp(`/files/${file}/screening$`));
  await page.locator('#cart').getByRole('button', { name: 'Guardar' }).click();
  await expect(page.locator('#cart li')).toContainText('su hija la visita los domingos');
  await page.reload();
  await expect(page.locator('#cart li')).toContainText('su hija la visita los domingos');
});

test('another person who signs in over the form does not get it', async ({ open, watch }) => {
  const operator = newOperator();
  const page = await open(operator);
  watch.allowed.add(401);
  await lookUp(page, family('stranger').members[0].run);
  await outEverywhere(open, operator);
  await page.locator('#cart a[data-dialog]').click();
  const dialog = page.locator('dialog#session-ended');
  await dialog.getByLabel('RUN').fill(demo.front_desk);
  await dialog.getByLabel('Contraseña').fill(demoPassword);
  await dialog.getByRole('button', { name: 'Iniciar sesión y seguir' }).click();
  await page.waitForURL(/\/$/); // their own workbench
  await expect(page.locator('.who')).toContainText('Mesón general');
});

test('without JavaScript what was typed is shown after the sign-in, and sent', async ({ open, watch }) => {
  const operator = newOperator();
  const page = await open(operator, { javaScriptEnabled: false });
  watch.allowed.add(401);
  const file = await lookUp(page, family('rich').members[0].run);
  await page.goto(`/files/${file}/catalogue?category=D&q=personas+mayores`);
  const card = page.locator('[data-code=D206]');
  await card.locator('summary').first().click();
  await card.getByLabel('Motivo para agregarlo de todos modos').fill('La madre vive con ella y no puede venir.');

  await outEverywhere(open, operator);

  await card.getByRole('button', { name: 'Agregar al carro' }).click();
  await expect(page.getByRole('alert')).toContainText('Lo que escribió está guardado');
  await page.locator('.login-form [name=run]').fill(operator.run);
  await page.locator('.login-form [name=password]').fill(operator.password);
  await page.locator('.login-form button').click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Retomar lo que escribía');
  await expect(page.locator('.typed')).toContainText('La madre vive con ella y no puede venir.');
  await page.getByRole('button', { name: 'Retomar y enviar' }).click();
  await expect(page.locator('#rail-cart .count')).toHaveText('1');
  await page.goto(`/files/${file}/cart`);
  await expect(page.locator('#cart')).toContainText('La madre vive con ella y no puede venir.');
});

test('an address asked for without a session opens after the sign-in', async ({ open }) => {
  const operator = newOperator();
  const page = await open(operator);
  const file = await lookUp(page, family('single').members[0].run);
  const fresh = await open(null);
  await fresh.goto(`/files/${file}/history`);
  await expect(fresh).toHaveURL(/\/login\?next=/);
  await fresh.locator('.login-form [name=run]').fill(operator.run);
  await fresh.locator('.login-form [name=password]').fill(operator.password);
  await fresh.locator('.login-form button').click();
  await fresh.waitForURL(`**/files/${file}/history`);
});

test('after signing out, Back shows nothing of the person', async ({ open }) => {
  const operator = newOperator();
  const page = await open(null);
  await logIn(page, operator.run);
  await page.getByLabel('Leí y acepto este compromiso').check();
  await page.getByRole('button', { name: 'Aceptar y comenzar' }).click();
  const [person] = family('single').members;
  await lookUp(page, person.run);
  await page.locator('.who').click();
  await page.getByRole('button', { name: 'Cerrar sesión', exact: true }).click();
  await page.waitForURL(/\/login/);
  await page.goBack();
  await expect(page.locator('body')).not.toContainText(person.surnames.split(' ')[0]);
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length), 'nothing is kept in the browser').toBe(0);
});
