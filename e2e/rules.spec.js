// What the house's rules look like at the desk: approval before large aid, the
// interval between aids, benefits already received, people without registry.
import { named } from './cast.js';
import { agree, before, card, expect, family, fill, lookUp, row, test, told } from './desk.js';
import { wanted } from './scene.js';

test('aid above the worker\'s limit waits for the head, who approves it', async ({ open, watch }) => {
  watch.allowed.add(422);
  const worker = await open('worker');
  const [person] = family('rich').members;
  const file = await lookUp(worker, person.run);
  await fill(worker, file, { ...wanted.materials, B001: {} });
  await agree(worker, file);
  const materials = row(worker, 'Materiales');
  await expect(materials).toContainText('Espera aprobación de Jefatura');
  await materials.getByRole('combobox').selectOption('confirmed');
  await worker.getByRole('button', { name: 'Guardar cambios' }).click();
  await expect(worker.locator('.error-summary')).toContainText('Necesita aprobación de Jefatura');

  const head = await open('unit_head');
  await head.goto('/');
  await head.getByRole('link', { name: /beneficios? por aprobar/ }).click();
  const request = head.locator('tr[id^=request-]').filter({ hasText: named(person) });
  await request.getByRole('button', { name: 'Aprobar' }).click();
  await expect(request).toHaveCount(0);
  await told(head, 'Aprobó Materiales de construcción');

  await worker.reload();
  await expect(materials).toContainText('Aprobado');
  await materials.getByRole('combobox').selectOption('confirmed');
  await worker.getByRole('button', { name: 'Guardar cambios' }).click();
  await expect(materials).toHaveAttribute('data-item', 'confirmed');
});

test('the head rejects with a reason, and the worker reads it', async ({ open, watch }) => {
  watch.allowed.add(422);
  const worker = await open('worker');
  const [person] = family('rich').members;
  const file = await lookUp(worker, person.run);
  await fill(worker, file, { ...wanted.materials, B001: {} });
  const plan = await agree(worker, file);
  const head = await open('unit_head');
  await head.goto(plan);
  const materials = row(head, 'Materiales');
  await materials.locator('.decide summary').click();
  await materials.getByRole('button', { name: 'Rechazar', exact: true }).click();
  await expect(head.locator('main, #status').filter({ hasText: 'Escriba por qué se rechaza' }).first()).toBeVisible();
  await materials.getByLabel('Motivo del rechazo').fill('El presupuesto de este mes se agotó.');
  await materials.getByRole('button', { name: 'Rechazar', exact: true }).click();
  await told(head, 'Rechazó Materiales de construcción');
  await worker.reload();
  await expect(row(worker, 'Materiales')).toContainText('El presupuesto de este mes se agotó.');
});

test('the same aid within its interval is shown with its date and asks why again', async ({ open }) => {
  const { files } = before().scene; // school supplies were handed over there
  const page = await open();
  await page.goto(`/files/${files.closed}/screening`);
  await expect(page.locator('#suggestions')).not.toContainText('Útiles escolares');
  await page.locator('#cart a[data-dialog]').click();
  await page.locator('#catalogue-tab-E').click();
  await page.locator('#catalogue-q').fill('utiles');
  await expect(card(page, 'E501')).toContainText(/Entregado (hoy|hace)/);
  await card(page, 'E501').locator('summary').first().click();
  await expect(card(page, 'E501').getByLabel('Motivo para agregarlo de todos modos')).toBeVisible();
});

test('a national benefit in payment is shown as received and never suggested', async ({ open }) => {
  const page = await open();
  const elena = family('rich').members[5];
  await lookUp(page, elena.run);
  await expect(page.locator('#benefits')).toContainText('Pensión Garantizada Universal');
  await expect(page.locator('#suggestions')).not.toContainText('PGU');
  await page.locator('#cart a[data-dialog]').click();
  await page.locator('#catalogue-tab-D').click();
  await page.locator('#catalogue-q').fill('pgu');
  await expect(card(page, 'D104')).toContainText('Ya recibido');
});

test('somebody outside the registry: one click asks for the entry, and the name is written down', async ({ open }) => {
  const page = await open();
  const [person] = family('stranger').members;
  const file = await lookUp(page, person.run);
  await expect(page.locator('#unknown')).toContainText('No está en el Registro Social de Hogares');
  await page.getByRole('button', { name: 'Agregar ingreso al RSH' }).click();
  await expect(page.locator('#cart li')).toHaveCount(1);
  await expect(page.locator('#rail-cart .count')).toHaveText('1');
  await page.getByLabel('Nombres').fill('Amanda Rocío');
  await page.getByLabel('Apellidos').fill('Quilzznco Rojas');
  await page.getByLabel('Fecha de nacimiento').fill('3/5/1988');
  await page.getByRole('button', { name: 'Guardar datos' }).click();
  await told(page, 'Datos de la persona guardados');
  await expect(page.locator('#person h1')).toContainText('Amanda Rocío Quilzznco Rojas');
  await page.goto(`/files/${file}/cart`);
  await expect(page.locator('#person h1')).toContainText('Amanda Rocío Quilzznco Rojas');
});

test('a desk without a cart sees what the case manager gave, and orients', async ({ open }) => {
  const { files } = before().scene;
  const page = await open('subsidies_desk');
  await page.goto(`/files/${files.closed}/screening`);
  await expect(page.locator('#benefits tbody tr').filter({ hasText: 'Útiles escolares' })).toContainText('municipal');
  await expect(page.locator('#rail')).not.toContainText('Carro');
  await page.locator('#suggestions a[data-key=a]').click();
  await expect(page.locator('#catalogue')).toContainText('orientación y derivación');
  await expect(page.locator('#catalogue').getByText('Agregar', { exact: true })).toHaveCount(0);
});

test('information only takes six steps at most', async ({ open }) => {
  const page = await open('front_desk');
  await page.goto('/');
  const [person] = family('rich').members;
  let steps = 0;
  const step = async (act) => { steps += 1; await act; };
  await step(page.keyboard.type(person.run)); // the box has the focus
  await step(page.keyboard.press('Enter'));
  await page.waitForURL(/screening$/);
  await step(page.keyboard.press('a'));
  await expect(page.locator('#catalogue-q')).toBeFocused();
  await step(page.keyboard.type('agua potable'));
  await expect(card(page, 'D102')).toContainText('boleta de agua al día');
  expect(steps).toBeLessThanOrEqual(6);
});
