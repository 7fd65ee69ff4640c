// An institution answers a referral by its link, without an account, without a
// script, without a mouse; the link then says nothing to anybody any more.
import { agree, expect, family, fill, lookUp, row, send, test, told } from './desk.js';
import { clean, fits } from './look.js';
import { Keys } from './keys.js';

// referred is a plan of one item, referred to an institution that has an address.
async function referred(open) {
  const page = await open('worker');
  const file = await lookUp(page, family('rich').members[0].run);
  await fill(page, file, { D301: { reason: 'Arriendo vencido', request: 'Orientar sobre subsidio de arriendo' } });
  const plan = await agree(page, file);
  const href = await row(page, 'SERVIU').locator('.item-referral a').first().getAttribute('href');
  await page.goto(href);
  return { page, plan, href };
}

test('an institution answers by link, and the plan closes', async ({ open, watch }) => {
  watch.allowed.add(404);
  watch.allowed.add(422);
  const { page, plan, href } = await referred(open);
  await clean(page);
  await fits(page);

  // The desk makes the link by keyboard; without a mail server it is handed over.
  const desk = new Keys(page);
  await desk.tabTo(page.locator('.letter').getByRole('button', { name: 'Crear enlace' }));
  await desk.go();
  await told(page, 'Enlace creado para SERVIU');
  await page.locator('.letter a.btn').focus();
  await desk.tabTo(page.locator('.letter summary').first());
  await desk.press('Enter');
  const link = await page.getByLabel('Enlace para responder').inputValue();
  await clean(page);
  await fits(page);

  // The institution opens it, without JavaScript, and is asked for what is missing.
  const outside = await open(null, { javaScriptEnabled: false });
  await outside.goto(link);
  await expect(outside.getByText('Orientar sobre subsidio de arriendo')).toBeVisible();
  await expect(outside.locator('body')).not.toContainText('Quil'); // surnames are letters there
  const hands = new Keys(outside);
  await hands.tabTo(outside.locator('[name=outcome]').first());
  await hands.press('Space');
  await hands.press('ArrowDown');
  await expect(outside.getByLabel('Motivo', { exact: true })).toBeVisible();
  await hands.tabTo(outside.getByLabel('Su nombre'));
  await hands.type('Paula Soto');
  await hands.tabTo(outside.getByLabel('Su cargo'));
  await hands.type('Asesora');
  await hands.go();
  await expect(outside.locator('.error-summary')).toContainText('Elija un motivo');
  await expect(outside.getByLabel('Su nombre')).toHaveValue('Paula Soto');

  const scripted = await open(null);
  await scripted.goto(link);
  await clean(scripted);
  await fits(scripted);

  await outside.getByLabel('Concedida', { exact: true }).check();
  await outside.getByLabel('Observaciones').fill('Citada para el lunes');
  await outside.getByLabel('Documento de respaldo').setInputFiles({ name: 'oficio.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\nOficio\n%%EOF\n') });
  await outside.getByRole('button', { name: 'Enviar respuesta' }).click();
  await expect(outside.getByRole('heading', { level: 1 })).toHaveText('Gracias por responder');

  // Used once.
  await scripted.reload();
  await expect(scripted.getByRole('heading', { level: 1 })).toHaveText('Este enlace no se puede usar');
  await expect(scripted.locator('body')).not.toContainText('D-20');
  await clean(scripted);

  // The desk sees the answer, its paper, and the plan that closed with it.
  await page.goto(href);
  await expect(page.locator('main')).toContainText('Paula Soto, Asesora · SERVIU (por enlace)');
  await expect(page.locator('.papers')).toContainText('Respuesta de la institución');
  await clean(page);
  await page.goto(plan);
  await expect(row(page, 'SERVIU')).toHaveAttribute('data-item', 'confirmed');
  await expect(page.locator('[data-plan]').first()).toHaveAttribute('data-plan', 'closed');
});

test('a link that was revoked says nothing; the letter and its papers stay', async ({ open, watch }) => {
  watch.allowed.add(404);
  watch.allowed.add(422);
  const { page, href } = await referred(open);
  await page.locator('.letter').getByRole('button', { name: 'Crear enlace' }).click();
  await page.getByText('Ver el enlace').click();
  const link = await page.getByLabel('Enlace para responder').inputValue();
  await page.getByRole('button', { name: 'Anular enlace' }).click();
  await told(page, 'Enlace anulado');
  const outside = await open(null);
  await outside.goto(link);
  await expect(outside.getByRole('heading', { level: 1 })).toHaveText('Este enlace no se puede usar');

  const paper = await page.request.get(`${href}.pdf`);
  expect(paper.headers()['content-type']).toBe('application/pdf');
  await page.getByText('Adjuntar un documento').click();
  await page.locator('.upload').getByLabel('Archivo').setInputFiles({ name: 'foto.pdf', mimeType: 'application/pdf', buffer: Buffer.from('no es un PDF') });
  await page.locator('.upload').getByRole('button', { name: 'Adjuntar' }).click();
  await expect(page.locator('.error-summary')).toContainText('No es de un tipo');
  await clean(page);
  await fits(page);
  await page.getByLabel('Archivo').setInputFiles({ name: 'oficio.pdf', mimeType: 'application/pdf', buffer: await paper.body() });
  await page.getByRole('button', { name: 'Adjuntar' }).click();
  await told(page, 'Documento adjuntado');
  await expect(page.locator('.papers li')).toHaveCount(1);
  expect((await send(page, `${href}/revoke`, { known: '' })).status(), 'nothing left to revoke').toBe(303);
});
