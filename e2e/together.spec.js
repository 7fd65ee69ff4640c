// Two people on one plan, one person with two hands, and the Back button: each
// thing happens once, and nobody's work is overwritten.
import { agree, card, expect, family, fill, lookUp, row, test, told } from './desk.js';
import { clean, fits } from './look.js';
import { wanted } from './scene.js';

async function openPlan(page, items) {
  const file = await lookUp(page, family('rich').members[0].run);
  await fill(page, file, items);
  return { file, plan: await agree(page, file) };
}

test('two operators on one plan: the second sees both versions and goes on', async ({ open, watch }) => {
  watch.allowed.add(409);
  const first = await open('worker');
  const { plan } = await openPlan(first, { ...wanted.water, ...wanted.office, B001: {} });
  const second = await open('unit_head');
  await second.goto(plan);

  await row(first, 'Oficina').getByRole('combobox').selectOption('in-progress');
  await first.getByRole('button', { name: 'Guardar cambios' }).click();
  await told(first, 'Se guardó');

  await row(second, 'Oficina').getByRole('combobox').selectOption('withdrawn');
  await row(second, 'Oficina').getByLabel('Motivo').fill('Se mudó de comuna.');
  await second.getByRole('button', { name: 'Guardar cambios' }).click();
  const conflict = second.locator('section.plan');
  await expect(conflict.getByRole('heading', { level: 1 })).toContainText('Dos personas guardaron este plan a la vez');
  await expect(conflict.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(conflict.locator('.clash')).toHaveCount(1);
  await expect(conflict.locator('.clash')).toContainText('En gestión');
  await expect(conflict.locator('.clash')).toContainText('Retirado');
  await expect(conflict.locator('.clash')).toContainText('Se mudó de comuna.');
  await clean(second);
  await fits(second);
  await conflict.getByRole('button', { name: 'Guardar lo elegido' }).click();
  await expect(row(second, 'Oficina')).toHaveAttribute('data-item', 'withdrawn');

  // The first one's page is old now; keeping what is saved is a way on too.
  await row(first, 'visita').getByRole('combobox').selectOption('in-progress');
  await row(first, 'Oficina').getByRole('combobox').selectOption('confirmed');
  await first.getByRole('button', { name: 'Guardar cambios' }).click();
  await expect(first.locator('.clash').filter({ hasText: 'Oficina' })).toContainText('no se puede cambiar');
  await first.getByRole('link', { name: 'Conservar lo guardado' }).click();
  await expect(row(first, 'Oficina')).toHaveAttribute('data-item', 'withdrawn');
});

test('two operators change different items: the second is told, and nothing is lost', async ({ open, watch }) => {
  watch.allowed.add(409);
  const first = await open('worker');
  const { plan } = await openPlan(first, { ...wanted.office, B001: {} });
  const second = await open('unit_head');
  await second.goto(plan);
  await row(first, 'Oficina').getByRole('combobox').selectOption('in-progress');
  await first.getByRole('button', { name: 'Guardar cambios' }).click();
  await told(first, 'Se guardó');
  await row(second, 'visita').getByRole('combobox').selectOption('in-progress');
  await second.getByRole('button', { name: 'Guardar cambios' }).click();
  await expect(second.locator('.clash')).toContainText('Sin cambios desde que usted abrió el plan');
  await second.getByRole('button', { name: 'Guardar lo elegido' }).click();
  await expect(row(second, 'visita')).toHaveAttribute('data-item', 'in-progress');
  await expect(row(second, 'Oficina')).toHaveAttribute('data-item', 'in-progress');
});

test('a double click adds once, creates one plan and saves once', async ({ open }) => {
  const page = await open('worker');
  const file = await lookUp(page, family('rich').members[0].run);
  await page.locator('#cart a[data-dialog]').click();
  await page.locator('#catalogue-tab-B').click();
  await card(page, 'B001').locator('.opt-add button').dblclick();
  await expect(page.locator('#cart li')).not.toHaveCount(0);
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(page.locator('#cart li')).toHaveCount(1);

  await page.goto(`/files/${file}/checkout`);
  await page.getByLabel('Con firma').check();
  await page.getByRole('button', { name: 'Crear plan de intervención' }).dblclick();
  await page.waitForURL(/\/plans\/\w+$/);
  const plan = page.url();

  await row(page, 'visita').getByRole('combobox').selectOption('in-progress');
  await page.getByRole('button', { name: 'Guardar cambios' }).dblclick();
  await expect(row(page, 'visita')).toHaveAttribute('data-item', 'in-progress');
  await page.reload();
  await page.locator('.history summary').click();
  await expect(page.locator('.history li').filter({ hasText: '→' })).toHaveCount(1);

  await page.goto(`/files/${file}/plan`);
  await expect(page.locator('main')).not.toContainText('Otros planes');
  await expect(page.locator('[data-plan]')).toHaveId(`plan-${plan.split('/').pop()}`);
});

test('Back after the checkout, and again: still one plan', async ({ open }) => {
  const page = await open('worker');
  const file = await lookUp(page, family('rich').members[0].run);
  await fill(page, file, { B001: {} });
  const plan = await agree(page, file);
  await page.goBack();
  const again = page.getByRole('button', { name: 'Crear plan de intervención' });
  if (await again.isVisible()) { // the page as it was, from the browser's memory
    await page.getByLabel('Con firma').check();
    await again.click();
    await page.waitForURL(plan);
  } else {
    await expect(page.locator('main')).toContainText('El carro está vacío');
  }
  await page.goto(`/files/${file}/plan`);
  await expect(page.locator('main')).not.toContainText('Otros planes');
});

test('the same checkout sent from two tabs at once makes one plan', async ({ open }) => {
  const page = await open('worker');
  const file = await lookUp(page, family('rich').members[0].run);
  await fill(page, file, { B001: {}, ...wanted.water });
  await page.goto(`/files/${file}/checkout`);
  const form = { agreed: 'phone', key: await page.locator('[name=key]').inputValue(), _token: await page.locator('#checkout-form [name=_token]').inputValue() };
  const answers = await Promise.all(Array.from({ length: 12 }, () => page.request.post(`/files/${file}/checkout`, { form, maxRedirects: 0 })));
  expect(new Set(answers.map((answer) => `${answer.status()} ${answer.headers().location}`)).size, 'all lead to the same plan').toBe(1);
});

test('two desks fill one cart: each sees what the other added', async ({ open }) => {
  const first = await open('worker');
  const second = await open('unit_head');
  const [person] = family('rich').members;
  const file = await lookUp(first, person.run);
  expect(await lookUp(second, person.run)).toBe(file);
  await fill(first, file, { B001: {} });
  await second.locator('#cart a[data-dialog]').click();
  await second.locator('#catalogue-tab-E').click();
  await card(second, 'E501').locator('.opt-add button').click();
  await expect(second.locator('#cart li')).toHaveCount(2);
});
