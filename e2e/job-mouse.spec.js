// The main job as most people do it: with the mouse, from the first sign-in of a
// new operator to the PDF, and to the next screening that shows what was given.
import { readFileSync } from 'node:fs';
import { named, written } from './cast.js';
import { card, expect, family, fileOf, logIn, move, newOperator, row, status, test, told } from './desk.js';

test('a RUN becomes a plan that is followed to its end, by mouse', async ({ open, watch }) => {
  const page = await open(null);
  const home = family('rich');
  const [rosa] = home.members;
  const operator = newOperator();
  watch.allowed.add(422); // one RUN with a wrong digit

  await test.step('the first sign-in asks for the agreement, once', async () => {
    await logIn(page, operator.run);
    await expect(page).toHaveURL(/\/agreement$/);
    await page.goto('/'); // there is no way around it
    await expect(page).toHaveURL(/\/agreement$/);
    await page.getByLabel('Leí y acepto este compromiso').check();
    await page.getByRole('button', { name: 'Aceptar y comenzar' }).click();
    await expect(page).toHaveURL(/\/$/);
    await told(page, 'Quedó constancia');
    await expect(page.locator('.who')).toContainText(named(operator));
    await expect(page.locator('.who')).toContainText('Gestor/a de casos');
  });

  await test.step('a wrong check digit keeps what was typed; the RUN opens the screening', async () => {
    const wrong = rosa.run.replace(/.$/, (digit) => (digit === '5' ? '6' : '5'));
    await page.locator('#bench-run').fill(wrong);
    await page.getByRole('button', { name: 'Abrir ficha' }).click();
    await expect(page.locator('.error-summary')).toContainText('no corresponden');
    await expect(page.getByLabel('RUN de la persona')).toHaveValue(new RegExp(wrong.split('-')[0].slice(0, 2)));
    await page.locator('#run-box').fill(` ${written(rosa.run).toLowerCase()} `);
    await page.locator('.lookup-go').click();
    await expect(page).toHaveURL(/\/files\/\w{26}\/screening$/);
  });

  const file = fileOf(page);

  await test.step('the screening shows person, household and benefits', async () => {
    await expect(page.locator('#person')).toContainText(named(rosa));
    await expect(page.locator('#person')).toContainText(written(rosa.run));
    await expect(page.locator('#person .tramo')).toContainText('40');
    await expect(page.locator('#person')).toContainText('Persona cuidadora');
    await expect(page.locator('#household tbody tr')).toHaveCount(6);
    await expect(page.locator('#household')).toContainText('$ 412.300');
    await expect(page.locator('#household')).toContainText('$ 68.716');
    await expect(page.locator('#benefits')).toContainText('Pensión Garantizada Universal');
    await expect(page.locator('#suggestions')).toContainText('Subsidio Único Familiar');
    await expect(page.locator('#cart')).toContainText('El carro está vacío');
    await expect(page.locator('#rail-plan .circle')).toHaveCount(0);
  });

  await test.step('the catalogue opens over the page and the filter forgives accents', async () => {
    await page.locator('#cart').getByRole('link', { name: 'Agregar ítem' }).click();
    const dialog = page.locator('dialog#catalogue');
    await expect(dialog).toBeVisible();
    await expect(dialog.locator('#catalogue-q')).toBeFocused();
    await dialog.getByRole('link', { name: 'E · En especie' }).click();
    await expect(dialog.getByRole('link', { name: 'E · En especie' })).toHaveClass(/on/);
    await dialog.locator('#catalogue-q').fill('panales');
    await expect(dialog.locator('.opt')).toHaveCount(1);
    await expect(card(page, 'E203')).toContainText('Pañales e insumos');
    await expect(card(page, 'E203')).toContainText(named(home.members[5])); // the criterion names whom
  });

  await test.step('one click adds what is open to the household', async () => {
    await page.locator('#catalogue-q').fill('utiles');
    await expect(card(page, 'E501')).toContainText('estudiante');
    await card(page, 'E501').getByRole('button', { name: 'Agregar' }).click();
    await expect(card(page, 'E501')).toContainText('en el carro');
    await expect(page.locator('#cart li')).toHaveCount(1);
    await expect(page.locator('#rail-cart .count')).toHaveText('1');
    await told(page, 'Útiles escolares está en el carro.');
  });

  await test.step('an item with questions asks them first', async () => {
    const dialog = page.locator('dialog#catalogue');
    await dialog.locator('#catalogue-q').fill('');
    await dialog.getByRole('link', { name: 'D · Derivación' }).click();
    await dialog.locator('#catalogue-q').fill('agua');
    const sap = card(page, 'D102');
    await sap.locator('summary').filter({ hasText: 'Agregar' }).click();
    await sap.getByLabel('Número de cliente').fill('884-2231');
    await sap.getByLabel('Empresa sanitaria').fill('Esval');
    await sap.getByRole('button', { name: 'Agregar al carro' }).click();
    await expect(page.locator('#cart li')).toHaveCount(2);
    await expect(page.locator('#cart')).toContainText('884-2231');
  });

  await test.step('an item whose criteria are not met asks for a written reason', async () => {
    const dialog = page.locator('dialog#catalogue');
    await dialog.locator('#catalogue-q').fill('personas mayores');
    const office = card(page, 'D206');
    await expect(office).toContainText('no cumple');
    await office.locator('summary').filter({ hasText: 'Agregar' }).click();
    await office.getByLabel('Motivo para agregarlo de todos modos').fill('La madre vive con ella y no puede venir.');
    await office.getByRole('button', { name: 'Agregar al carro' }).click();
    await expect(page.locator('#cart li')).toHaveCount(3);
    await dialog.locator('#catalogue-q').fill('');
    await dialog.getByRole('link', { name: 'B · Visita' }).click();
    await card(page, 'B001').getByRole('button', { name: 'Agregar' }).click();
    await expect(page.locator('#cart li')).toHaveCount(4);
    await dialog.getByRole('button', { name: 'Cerrar (Esc)' }).click();
    await expect(dialog).toBeHidden();
  });

  await test.step('the cart is live: remove, undo, edit', async () => {
    const cart = page.locator('#cart');
    const visit = cart.locator('li').filter({ hasText: 'visita' });
    await visit.getByRole('button', { name: 'Quitar' }).click();
    await expect(cart.locator('li')).toHaveCount(3);
    await expect(page.locator('#rail-cart .count')).toHaveText('3');
    await status(page).getByRole('button', { name: 'Deshacer' }).click();
    await expect(cart.locator('li')).toHaveCount(4);
    await visit.getByRole('button', { name: 'Quitar' }).click();
    await expect(cart.locator('li')).toHaveCount(3);

    await cart.locator('li').filter({ hasText: 'Útiles escolares' }).getByRole('link', { name: 'Editar' }).click();
    await cart.getByLabel('Cantidad').fill('2');
    await cart.getByLabel('Monto total').fill('58000');
    await cart.getByLabel('Nota').fill('Uno para cada escolar.');
    await cart.getByRole('button', { name: 'Guardar' }).click();
    await expect(cart).toContainText(/2 (× )?set/);
    await expect(cart).toContainText('$ 58.000');
    await expect(cart).toContainText('Uno para cada escolar.');
    await expect(page).toHaveURL(new RegExp(`/files/${file}/screening$`)); // all of it in place
  });

  await test.step('worker and person agree; the cart becomes an open plan', async () => {
    await page.locator('#cart').getByRole('link', { name: 'Crear plan de intervención' }).click();
    await expect(page.locator('#checkout')).toContainText('La madre vive con ella');
    await page.getByLabel('Por teléfono').check();
    await page.getByRole('button', { name: 'Crear plan de intervención' }).click();
    await expect(page).toHaveURL(/\/plans\/\w{26}$/);
    await expect(page.locator('[data-plan]')).toHaveAttribute('data-plan', 'open');
    await expect(page.locator('[data-plan]')).toContainText('acordado por teléfono');
    await expect(page.locator('#rail-plan .circle-open')).toContainText('abierto', { ignoreCase: true });
    await expect(page.locator('#plan-summary [data-summary=pending]')).toContainText('3 pendientes');
    await expect(page.locator('#plan-summary [data-summary=confirmed]')).toContainText('0 confirmados');
    await expect(page.locator('#rail-cart .count')).toHaveCount(0);
  });

  const sap = row(page, 'Subsidio al Agua Potable');
  const supplies = row(page, 'Útiles escolares');
  const office = row(page, 'Oficina de Personas Mayores');
  const save = page.getByRole('button', { name: 'Guardar cambios' });

  await test.step('what a desk manages follows its answer', async () => {
    await expect(sap.getByRole('combobox').locator('option')).toHaveText(['Pendiente', 'Retirado']);
    await expect(sap).toContainText('Respuesta comprometida');
    await move(page, 'Subsidio al Agua Potable', open, 'subsidies_desk', 'receive');
    await page.reload();
    await expect(sap).toHaveAttribute('data-item', 'in-progress');
    await move(page, 'Subsidio al Agua Potable', open, 'subsidies_desk', 'answer', { outcome: 'granted', note: 'Subsidio concedido por tres años.' });
    await page.reload();
    await expect(sap).toContainText('Subsidio concedido por tres años.');
  });
  const stay = await page.evaluate(() => (window.sameDocument = true));

  await test.step('statuses are saved in place: colour, word and count follow', async () => {
    await supplies.getByRole('combobox').selectOption('in-progress');
    await save.click();
    await told(page, 'Se guardó: 1 ítem cambió.');
    await expect(supplies).toHaveAttribute('data-item', 'in-progress');
    await expect(page.locator('[data-summary=pending]')).toContainText('En gestión');

    await expect(sap).toHaveAttribute('data-item', 'confirmed');
    await expect(page.locator('[data-summary=pending]')).toContainText('2 pendientes');
    await expect(page.locator('[data-summary=confirmed]')).toContainText('1 confirmado');
    await expect(page.locator('[data-summary=confirmed] .st-c')).toHaveCSS('color', 'rgb(30, 125, 67)');
    await expect(page.locator('[data-summary=pending] .st-p')).toHaveCSS('color', 'rgb(198, 40, 40)');
    await expect(sap.getByRole('combobox')).toHaveCount(0); // final
  });

  await test.step('not achieved asks why; a benefit asks what was handed over', async () => {
    await office.getByRole('combobox').selectOption('not-achieved');
    await office.getByLabel('Motivo').fill('La oficina no tiene cupos este año.');
    await supplies.getByRole('combobox').selectOption('confirmed');
    await supplies.getByLabel('Cantidad').fill('1');
    await supplies.getByLabel('Monto total').fill('29.000');
    await save.click();
    await told(page, 'quedó cerrado');
    await expect(office).toHaveAttribute('data-item', 'not-achieved');
    await expect(supplies).toHaveAttribute('data-item', 'confirmed');
  });

  await test.step('all finished: the plan closes by itself, blue, without a reload', async () => {
    await expect(page.locator('[data-plan]')).toHaveAttribute('data-plan', 'closed');
    await expect(page.locator('[data-plan] .circle-closed')).toContainText('cerrado', { ignoreCase: true });
    await expect(page.locator('#rail-plan .circle-closed .dot')).toHaveCSS('background-color', 'rgb(11, 87, 208)');
    expect(await page.evaluate(() => window.sameDocument), 'the page was not loaded anew').toBe(stay);
    await page.locator('.history summary').click();
    await expect(page.locator('.history')).toContainText('La oficina no tiene cupos este año.');
    await expect(page.locator('.history')).toContainText(named(operator));
  });

  await test.step('the PDF downloads, and its name tells nothing of the person', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Descargar PDF' }).click()]);
    const bytes = readFileSync(await download.path());
    expect(bytes.subarray(0, 5).toString('latin1')).toBe('%PDF-');
    expect(bytes.length).toBeGreaterThan(5_000);
    expect(download.suggestedFilename()).toMatch(/^[a-z0-9-]+\.pdf$/);
    for (const part of [...named(rosa).split(' '), ...rosa.run.split('-').slice(0, 1)]) {
      expect(download.suggestedFilename().toLowerCase()).not.toContain(part.toLowerCase());
    }
  });

  await test.step('the next screening shows what the municipality gave', async () => {
    await page.locator('#rail').getByRole('link', { name: 'Screening social' }).click();
    const given = page.locator('#benefits tbody tr').filter({ hasText: 'Útiles escolares' });
    await expect(given).toContainText('municipal');
    await expect(given).toContainText('29.000');
  });
});
