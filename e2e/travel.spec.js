// One front desk for everybody: who it cannot help travels to Asistencia Social,
// whose head says who takes the case; her plan asks the RSH desk, and the answer
// closes it. And who comes without a number is found by name.
import { written } from './cast.js';
import { agree, demoPassword, expect, family, fill, lookUp, row, test, told } from './desk.js';
import { clean, fits } from './look.js';

// Lolol attends at one front desk.
const lolol = {
  front: { run: '13100398-6', password: demoPassword },
  head: { run: '13100546-6', password: demoPassword },
  manager: { run: '13100509-1', password: demoPassword },
  rsh: { run: '13100435-4', password: demoPassword },
};

const inRow = (page, folio) => page.locator('tbody.referral-row').filter({ hasText: folio });

test('from the one front desk to a case, a plan, an answer: the item green, the plan blue', async ({ open }) => {
  test.slow(); // four people work one after the other
  const front = await open(lolol.front);
  const [person] = family('rich').members;
  const file = await lookUp(front, person.run);
  await front.goto(`/files/${file}/referrals`);
  await front.locator('#referrals').getByRole('link', { name: 'Derivar' }).click();
  const drawer = front.locator('details.choices').filter({ hasText: 'Asistencia Social y programas' });
  if (!(await drawer.evaluate((d) => d.open))) await drawer.locator('summary').click();
  await drawer.getByRole('link', { name: 'Gestión de caso social' }).click();
  await clean(front);
  await fits(front);
  await front.locator('textarea').first().fill('Quedó sin trabajo y cuida a su madre');
  await front.locator('main form').getByRole('button', { name: /Derivar|Enviar/ }).click();
  await front.waitForURL(/\/referrals\/\w+$/);
  const folio = (await front.locator('.referral h2').first().textContent()).match(/D-\d{4}-\d{4,}/)[0];

  const head = await open(lolol.head);
  await head.goto('/inbox?box=new');
  await inRow(head, folio).getByRole('checkbox').check();
  await head.locator('#f-bulk-assigned').selectOption({ label: 'Francisca Núñez Araya' });
  await head.getByRole('button', { name: 'Asignar' }).click();
  await expect(inRow(head, folio)).toHaveCount(0);

  const manager = await open(lolol.manager);
  await manager.goto('/cases');
  await expect(manager.locator('main')).toContainText(person.surnames);
  await clean(manager);
  await fits(manager);
  await manager.goto(`/files/${file}/screening`);
  await expect(manager.locator('#person')).toContainText('Responsable');
  await fill(manager, file, { A106: {} });
  const plan = await agree(manager, file);
  await expect(row(manager, 'ocupación')).toHaveAttribute('data-item', 'pending');
  const asked = await row(manager, 'ocupación').locator('.item-referral a').first().getAttribute('href');

  const rsh = await open(lolol.rsh);
  await rsh.goto(asked);
  await rsh.getByRole('button', { name: 'Recibir' }).click();
  await told(rsh, /[Rr]ecibid/);
  await rsh.locator('summary').filter({ hasText: 'Responder' }).click();
  const answer = rsh.locator('details.act[open] form');
  await answer.getByLabel('Concedida', { exact: true }).check();
  await answer.getByRole('button').click();
  await told(rsh, /espond/);

  await manager.goto(plan);
  await expect(row(manager, 'ocupación')).toHaveAttribute('data-item', 'confirmed');
  await expect(manager.locator('[data-plan]').first()).toHaveAttribute('data-plan', 'closed');
  await manager.goto('/');
  await expect(manager.locator('main')).toContainText('Respondidas hoy');
});

test('somebody is found by name, without the number on the screen, and opened', async ({ open, watch }) => {
  watch.allowed.add(422);
  const front = await open('front_desk');
  const [person] = family('rich').members;
  await front.goto('/');
  await front.locator('#run-box').fill(`${person.surnames} ${person.given_names.split(' ')[0]}`.toUpperCase());
  await front.locator('#run-box').press('Enter');
  await expect(front.locator('main')).toContainText(person.surnames);
  await expect(front.locator('main')).not.toContainText(written(person.run));
  await clean(front);
  await fits(front);
  await front.locator('main').getByText(person.surnames).first().click();
  await front.waitForURL(/\/files\/\w+\/screening$/);
  await expect(front.locator('#person')).toContainText(written(person.run));
});

test('who has no RUN is attended, and shown to whoever writes the same document again', async ({ open, watch }) => {
  watch.allowed.add(409);
  const front = await open('front_desk');
  const number = `QX${Date.now()}`;
  const write = async () => {
    await front.goto('/people/new');
    await front.locator('[name=given_names]').fill('Quilbeth');
    await front.locator('[name=surnames]').fill('Quilzznco Peña');
    await front.locator('[name=birth_date]').fill('03-04-1988');
    await front.locator('[name=nationality]').fill('venezolana');
    await front.getByLabel(/Tipo de documento/).selectOption({ label: 'Pasaporte' });
    await front.locator('[name=document]').fill(number);
    await front.getByLabel('Por qué no tiene RUN').selectOption({ index: 1 });
  };
  await write();
  await clean(front);
  await fits(front);
  await front.locator('main form button:not([type=button])').last().click();
  await front.waitForURL(/\/files\/\w+/);
  await expect(front.locator('#person')).toContainText('SR-05802-');
  await write();
  await front.locator('main form button:not([type=button])').last().click();
  await expect(front.locator('main')).toContainText('Ya hay una ficha que puede ser de esta persona');
  await expect(front.locator('main')).toContainText('Por documento');
  await expect(front.locator('[name=document]').first()).toHaveValue(number);
  await clean(front);
});
