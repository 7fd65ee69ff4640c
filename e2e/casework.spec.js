// The tools of the trade, one after the other: a household is judged, visited and
// reported on; the head approves the report, and the plan closes by itself. In a
// municipality of its own, where heads approve reports.
import { agree, demoPassword, expect, family, fill, fileOf, lookUp, row, send, test, told } from './desk.js';
import { clean, fits } from './look.js';

test.use({ actionTimeout: 10_000, navigationTimeout: 10_000 });

const inPuenteAlto = (run) => ({ run, password: demoPassword });
const caseManager = inPuenteAlto('13100805-8');
const head = inPuenteAlto('13100842-2');
const counterpart = inPuenteAlto('13100879-1');

// kept waits until the page has said that what was typed is kept.
const kept = (page, where) => expect(page.locator(where)).toContainText('Guardado');

async function headsApprove(open) {
  const page = await open(counterpart);
  await page.goto('/settings');
  const form = page.locator('#reports form');
  await form.locator('[name=needed]').check();
  await form.locator('[name=head_name]').fill('Ana Rojas Peña');
  await form.locator('[name=head_position]').fill('Jefa de Asistencia Social');
  await form.getByRole('button').click();
  await expect(page.locator('#reports [name=needed]')).toBeChecked();
}

async function judge(page, file) {
  await page.goto(`/files/${file}/diagnosis`);
  await page.getByRole('button', { name: 'Comenzar diagnóstico' }).click();
  const parts = page.locator('#diagnosis-form .dim:has(.level-choice)');
  await expect(parts).toHaveCount(7);
  for (let n = 0; n < 7; n++) await parts.nth(n).locator(`[value=${n === 2 ? 'critical' : 'adequate'}]`).check();
  await parts.nth(2).locator('textarea').last().fill('Llueve dentro de la única pieza.');
  await kept(page, '#diagnosis-saved');
  await clean(page);
  await page.getByRole('button', { name: 'Terminar diagnóstico' }).click();
  await expect(page.locator('main')).toContainText('Llueve dentro de la única pieza.');
  await clean(page);
  await fits(page);
}

// visit makes the visit that the plan promised, on the telephone's width.
async function visit(page, plan, open) {
  await page.goto(plan);
  await row(page, 'Visita domiciliaria').locator('a[href*="/visits"]').first().click();
  await page.waitForURL(/\/visits\/\w+$/);
  const href = new URL(page.url()).pathname;
  await page.locator(`a[href="${href}/edit"]`).first().click();
  await page.waitForURL(/\/edit$/);
  await page.locator('main [name=day]').fill(today());
  await page.locator('main form').filter({ has: page.locator('[name=day]') }).locator('.btn-primary').click();
  await page.waitForURL(/\/visits\/\w+$/);
  const phone = await open(caseManager, { viewport: { width: 390, height: 844 } });
  await phone.goto(`${href}/record`);
  await clean(phone);
  await fits(phone);
  await phone.locator('[name=result][value=done]').check();
  await phone.locator('[name=present]').first().check();
  await phone.locator('[name=note]').fill('La familia muestra el techo. La madre está de acuerdo con el informe.');
  await kept(phone, '#visit-saved');
  await phone.locator('#door-form .save-bar .btn-primary').click();
  await phone.waitForURL(/\/visits\/\w+$/);
  await page.goto(plan);
  await expect(row(page, 'Visita domiciliaria')).toHaveAttribute('data-item', 'confirmed');
}

const today = () => new Intl.DateTimeFormat('es-CL', { day: '2-digit', month: '2-digit', year: 'numeric', timeZone: 'America/Santiago' }).format(new Date());

// report writes, is refused without an opinion, and signs.
async function report(page, plan) {
  await page.goto(plan);
  await row(page, 'Ayuda social municipal').locator('a[href*="/report"]').first().click();
  await page.waitForURL(/\/report/);
  if (!page.url().endsWith('/edit')) await page.locator('main a[href$="/edit"]').first().click();
  await page.waitForURL(/\/edit$/);
  const href = new URL(page.url()).pathname.replace('/edit', '');
  await clean(page);
  const early = await send(page, `${href}/sign`, { profession: 'Trabajadora social' });
  expect(early.status(), 'signed without an opinion').toBe(422);
  expect(await early.text()).toContain('opinión');
  await page.locator('[name=addressee]').fill('Comité de ayudas sociales');
  await page.locator('[name=housing]').check();
  await page.locator('[name=opinion_text]').fill('La familia vive en una pieza que se llueve. Se sugiere entregar materiales antes del invierno.');
  await page.locator('[name="request_text[1]"]').fill('Materiales para reparar el techo.');
  await kept(page, '#report-saved');
  await page.reload();
  await expect(page.locator('[name=opinion_text]')).toHaveValue(/se llueve/);
  await page.getByRole('link', { name: 'Revisar y firmar' }).click();
  await page.waitForURL(/\/sign$/);
  await clean(page);
  await fits(page);
  await page.locator('[name=profession]').fill('Trabajadora social');
  await page.locator('.sign-form .btn-primary').click();
  await page.waitForURL(/\/reports\/\w+$/);
  return href;
}

test('a household is judged, visited and reported on; the head approves, and the plan closes', async ({ open, watch }) => {
  watch.allowed.add(422);
  await headsApprove(open);
  const page = await open(caseManager);
  const file = await lookUp(page, family('rich').members[0].run);
  await fill(page, file, { B001: { note: 'Conocer la vivienda.' }, C001: { note: 'Para el comité.' } });
  const plan = await agree(page, file);

  await judge(page, file);
  await visit(page, plan, open);
  const href = await report(page, plan);
  await page.goto(plan);
  await expect(row(page, 'Ayuda social municipal')).toHaveAttribute('data-item', /pending|in-progress/);

  const other = await open(caseManager);
  await other.goto(href);
  expect((await send(other, `${href}/approve`, { head_name: 'Yo', head_position: 'Yo' })).status(), 'approved by who is not the head').toBe(403);

  const chief = await open(head);
  await chief.goto('/reports/waiting');
  await clean(chief);
  await chief.locator(`a[href="${href}"]`).first().click();
  await chief.waitForURL(/\/reports\/\w+$/);
  await clean(chief);
  await fits(chief);
  await chief.locator('button[name=then][value=issue]').click();
  await expect(chief.locator('main')).toContainText('Emitido');

  await page.goto(plan);
  await expect(page.locator('[data-plan]').first()).toHaveAttribute('data-plan', 'closed');
  await expect(row(page, 'Ayuda social municipal')).toHaveAttribute('data-item', 'confirmed');

  // The paper, and what anybody may find out about it.
  const paper = await page.request.get(`${href}.pdf`);
  expect(paper.headers()['content-type']).toBe('application/pdf');
  await page.goto(href);
  const check = await page.locator('.sheet-code a').getAttribute('href');
  const nobody = await open(null);
  await nobody.goto(check);
  await expect(nobody.locator('main')).toContainText('válido');
  await clean(nobody);
  await page.locator('details:has(form[action$="/annul"]) summary').click();
  await page.locator('form[action$="/annul"] [name=reason]').fill('Se equivocó el domicilio.');
  await page.locator('form[action$="/annul"] button').click();
  await expect(page.locator('main')).toContainText('Anulado');
  await nobody.reload();
  await expect(nobody.locator('main')).toContainText('anulado');
});
