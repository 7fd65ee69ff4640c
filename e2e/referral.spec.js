// A request travels: the general desk refers who is not in the registry, the
// registry's desk asks for papers, waits and answers, and the general desk sees it.
import { expect, family, lookUp, test, told } from './desk.js';
import { clean, fits } from './look.js';
import { Keys } from './keys.js';

const inboxRow = (page, folio) => page.locator('tbody[data-referral]').filter({ hasText: folio });
const act = (page, name) => page.locator('.acts').getByText(name, { exact: true }).first();

// referred is a stranger whom the general desk referred with one click.
async function referred(open) {
  const desk = await open('front_desk');
  await lookUp(desk, family('stranger').members[0].run);
  await desk.getByRole('button', { name: 'Derivar al mesón RSH' }).click();
  await desk.waitForURL(/\/referrals\/\w+$/);
  const folio = (await desk.locator('.referral h2').textContent()).match(/D-\d{4}-\d{4,}/)[0];
  return { desk, folio, href: new URL(desk.url()).pathname };
}

test('who is not in the registry is referred, asked for papers, and answered; by keyboard', async ({ open }) => {
  const { desk, folio, href } = await referred(open);
  await expect(desk.locator('.referral')).toContainText('El siguiente paso es de Registro Social de Hogares');
  await expect(desk.locator('#rail-referrals')).toContainText('1');
  await clean(desk);
  await fits(desk);

  // The registry's desk opens the row in its place and asks for papers.
  const page = await open('rsh_desk');
  const keys = new Keys(page);
  await page.goto('/account');
  await page.locator('#main').focus();
  await keys.go('g');
  await keys.go('i');
  await page.waitForURL(/\/inbox$/);
  await page.goto('/inbox?box=new');
  const row = inboxRow(page, folio);
  await row.locator('.row-open').focus();
  await keys.press('Enter');
  await expect(row.locator('.row-detail')).toBeVisible();
  await clean(page);
  await fits(page);
  await keys.tabTo(row.locator('.acts').getByText('Recibir', { exact: true }));
  await keys.press('Enter');
  await told(page, 'Derivación recibida');
  await expect(row).toHaveAttribute('data-referral', 'received');
  await expect(row.locator('.row-open')).toBeFocused();
  await keys.tabTo(row.locator('.acts summary', { hasText: 'Dejar en espera' }));
  await keys.press('Enter');
  await keys.tabTo(row.locator('[name=waiting_for]').first());
  await keys.press('Space');
  await keys.tabTo(row.locator('.act[open] textarea'));
  await keys.type('Falta el comprobante de domicilio');
  await keys.press('Control+Enter');
  await told(page, 'el plazo queda detenido');
  await expect(row).toHaveAttribute('data-referral', 'waiting');
  await expect(row).toContainText('Plazo detenido');

  // The general desk sees what is waited for.
  await desk.reload();
  await expect(desk.locator('.referral')).toContainText('Espera documentos');
  await expect(desk.locator('.history')).toContainText('Falta el comprobante de domicilio');

  // The papers came: answered on its own page.
  await page.goto(href);
  await keys.tabTo(page.locator('.acts summary', { hasText: 'Responder' }));
  await keys.press('Enter');
  await keys.tabTo(page.locator('[name=outcome]').first());
  await keys.press('Space');
  await keys.tabTo(page.locator('.act[open]').getByLabel('Explicación para quien la envió'));
  await keys.type('Ingresada con folio 4711');
  await keys.press('Control+Enter');
  await told(page, 'Derivación respondida');
  await expect(page.locator('.referral')).toHaveAttribute('data-referral', 'answered');
  await clean(page);
  await fits(page);

  // It is among the answers of the general desk, which takes note of it.
  await desk.goto('/inbox?box=replies');
  const reply = inboxRow(desk, folio);
  await expect(reply).toContainText('Concedida');
  await reply.locator('.row-open').click();
  await expect(reply).toContainText('Ingresada con folio 4711');
  await act(desk, 'Tomar conocimiento y cerrar').click();
  await told(desk, 'Derivación cerrada');
});

test('an open inbox shows new work by itself, and keeps what somebody is writing', async ({ open }) => {
  const page = await open('rsh_desk');
  await page.clock.install(); // the inbox asks every half minute
  await page.goto('/inbox?box=new');
  const first = await referred(open);
  await page.clock.runFor(31_000);
  await expect(inboxRow(page, first.folio)).toBeVisible();
  const row = inboxRow(page, first.folio);
  await row.locator('.row-open').click();
  await row.locator('.acts summary', { hasText: 'Responder' }).click();
  await row.locator('.act[open] textarea:visible').first().fill('A medio escribir');
  await referred(open);
  await page.clock.runFor(31_000);
  await expect(page.locator('#inbox-news')).toContainText('Hay cambios en esta lista');
  await expect(row.locator('.act[open] textarea:visible').first()).toHaveValue('A medio escribir');
  await clean(page);
});

test('of two who act at once one does, and the other hears why not', async ({ open, watch }) => {
  watch.allowed.add(409);
  const { desk, href } = await referred(open);
  const page = await open('rsh_desk');
  await page.goto(href);
  await page.locator('.acts summary', { hasText: 'Responder' }).click();
  await page.getByLabel('Concedida', { exact: true }).check();
  await page.getByLabel('Explicación para quien la envió').fill('Ingresada hoy');
  await desk.locator('.acts summary', { hasText: 'Cancelar' }).click();
  await desk.getByLabel('Motivo').fill('La persona ya no lo necesita');
  await desk.locator('.act[open] button').click();
  await told(desk, 'Derivación cancelada');
  await page.locator('.act[open] button').click();
  await expect(page.locator('.referral [role=alert]')).toBeFocused();
  await expect(page.locator('.referral [role=alert]')).toContainText('fue cancelada');
  await expect(page.locator('.typed')).toContainText('Ingresada hoy');
  await expect(page.locator('.acts')).toHaveCount(0);
  await clean(page);
});

test('a referral travels without a script', async ({ open }) => {
  const plain = { javaScriptEnabled: false };
  const desk = await open('front_desk', plain);
  await desk.goto('/');
  await desk.locator('#run-box').fill(family('stranger').members[0].run);
  await desk.locator('#run-box').press('Enter');
  await desk.getByRole('button', { name: 'Derivar al mesón RSH' }).click();
  const href = new URL(desk.url()).pathname;
  const page = await open('rsh_desk', plain);
  await page.goto('/inbox?box=new');
  await page.locator(`a.row-open[href="${href}"]`).click();
  await page.locator('.acts summary', { hasText: 'Responder' }).click();
  await page.getByLabel('No corresponde', { exact: true }).check();
  await page.locator('.act[open]').getByLabel('Motivo', { exact: true }).selectOption({ label: 'Solicitud repetida' });
  await page.locator('.act[open] button').click();
  await expect(page.locator('#status')).toContainText('Derivación respondida');
  await desk.goto(href);
  await expect(desk.locator('.referral')).toContainText('Solicitud repetida');
  await desk.locator('.acts').getByRole('button', { name: 'Tomar conocimiento y cerrar' }).click();
  await expect(desk.locator('.referral')).toHaveAttribute('data-referral', 'closed');
});

const pages = {
  rsh_desk: ['/inbox?box=overdue', '/inbox?box=waiting', '/inbox?box=answered', '/inbox?box=new&due=late'],
  unit_head: ['/inbox?box=new', '/inbox?box=replies'],
  front_desk: ['/inbox?box=sent', '/inbox?box=ended'],
};
for (const [role, list] of Object.entries(pages)) {
  test(`the boxes of ${role} fit, by day and by night`, async ({ open }) => {
    const page = await open(role);
    for (const path of list) {
      await page.goto(path);
      const first = page.locator('.row-open').first();
      if (await first.count()) {
        await first.click();
        await expect(page.locator('.row-detail').first()).toBeVisible();
        for (const summary of await page.locator('.acts summary').all()) await summary.click();
      }
      await clean(page);
      await fits(page);
      await page.emulateMedia({ colorScheme: 'dark' });
      await clean(page, { only: ['color-contrast'] });
      await page.emulateMedia({ colorScheme: 'light' });
    }
  });
}

test('what can be referred, the form and a person’s referrals fit, by day and by night', async ({ open, watch }) => {
  watch.allowed.add(422);
  const { desk, href } = await referred(open);
  await desk.goto(href);
  await desk.locator('#rail a[href$="/referrals"]').click();
  await desk.waitForURL(/\/referrals$/);
  const file = new URL(desk.url()).pathname;
  for (const path of [file, `${file}/new`, `${file}/new?item=A501`, `${file}/new?item=D101`, `${file}/new?unit=social`]) {
    await desk.goto(path);
    await desk.locator('.choices').evaluateAll((all) => all.forEach((one) => (one.open = true)));
    await clean(desk);
    await fits(desk);
    await desk.emulateMedia({ colorScheme: 'dark' });
    await clean(desk, { only: ['color-contrast'] });
    await desk.emulateMedia({ colorScheme: 'light' });
  }
  await desk.locator('form[data-save]').evaluate((form) => (form.noValidate = true));
  await desk.locator('form[data-save] button').click();
  await expect(desk.locator('.error-summary')).toBeFocused();
  await clean(desk);
});
