// A municipality from nothing to its first plan, then the worst day: its file is
// broken while it works, and comes back. Everything by the pages, as the national
// administration, its counterpart and a social worker would.
import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { closeSync, openSync, readFileSync, readdirSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { run, written } from './cast.js';
import { agree, expect, family, fill, logIn, lookUp, row, status, test } from './desk.js';
import { clean, fits } from './look.js';

test.use({ actionTimeout: 20_000, navigationTimeout: 20_000 });

const place = 'Olmué';
const secret = 'una clave larga de prueba';

// code is what an authenticator shows for a secret at an instant (RFC 6238).
function code(key, at = Date.now()) {
  const bits = [...key.replace(/\s|=/g, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const bytes = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac('sha1', bytes).update(counter).digest();
  const from = mac[19] & 15;
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

// welcome follows an invitation to the first page behind the agreement.
async function welcome(page, link, who) {
  await page.goto(link);
  await clean(page);
  await page.locator('main [name=password]').fill(secret);
  await page.locator('main [name=repeat]').fill(secret);
  await page.locator('.login-form button[type=submit]').click();
  if (page.url().endsWith('/login')) await logIn(page, who, secret);
}

async function accept(page) {
  await page.waitForURL('**/agreement');
  await page.locator('form input[name=accept]').check();
  await page.locator('main form').getByRole('button').first().click();
}

const fileOfMunicipality = (id) => join(process.env.GSL_E2E_BASE, 'data', 'municipalities', `${id}.db`);

// behind asks the running program whether a municipality's replica lacks something.
function behind(id) {
  const said = spawnSync(process.env.GSL_BIN || 'bin/gsl', ['backup', 'status', '--json', '--data', join(process.env.GSL_E2E_BASE, 'data')], { encoding: 'utf8' });
  const file = JSON.parse(said.stdout).find((f) => f.File.endsWith(`${id}.db`));
  return !file.TXID || file.Lag > 0;
}

// spoil writes over the middle of a file while the program has it open.
function spoil(path) {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(statSync(path).size, 'x'));
  closeSync(file);
}

test('a municipality is made, its people come in, a plan is agreed; its file breaks and is restored', async ({ open, watch }) => {
  test.setTimeout(400_000); // a whole municipality's first day
  const chief = run(36_100_001);
  const worker = run(36_100_002);
  const sound = readdirSync(join(process.env.GSL_E2E_BASE, 'data', 'municipalities'));

  const admin = await open('national_admin');
  await admin.goto('/');
  await admin.waitForURL('**/admin');
  await clean(admin);
  await fits(admin);
  await admin.getByRole('link', { name: /Agregar (una )?municipalidad/ }).first().click();
  await clean(admin);
  await fits(admin);
  await admin.locator('#f-place').selectOption({ label: place });
  await admin.locator('main [name=run]').fill(chief);
  await admin.locator('main [name=given_names]').fill('Contraparte');
  await admin.locator('main [name=surnames]').fill('Operaria Olmué');
  await admin.locator('main form').getByRole('button', { name: 'Agregar' }).click();
  await expect(admin.locator('#invitation-link')).toBeVisible();
  await clean(admin);
  const invitation = await admin.locator('#invitation-link').inputValue();
  const made = readdirSync(join(process.env.GSL_E2E_BASE, 'data', 'municipalities')).find((name) => /^[0-9a-f-]{36}\.db$/.test(name) && !sound.includes(name));
  expect(made, 'its file is there').toBeTruthy();
  const id = made.replace('.db', '');

  // The counterpart: password, second factor, agreement, and her first colleague.
  const counterpart = await open(null);
  await welcome(counterpart, invitation, chief);
  await expect(counterpart.getByRole('heading', { name: 'Active la verificación en dos pasos' })).toBeVisible();
  await clean(counterpart);
  await fits(counterpart);
  const key = (await counterpart.locator('#factor-secret').textContent()).trim();
  await counterpart.locator('#factor-form [name=code]').fill(code(key));
  await counterpart.locator('#factor-form button[type=submit]').click();
  await expect(counterpart.getByRole('heading', { name: 'Sus códigos de recuperación' })).toBeVisible();
  await clean(counterpart);
  await fits(counterpart);
  await counterpart.getByRole('link', { name: /Los guardé/ }).or(counterpart.getByRole('button', { name: /Los guardé/ })).click();
  await accept(counterpart);
  await counterpart.goto('/users');
  await clean(counterpart);
  await fits(counterpart);
  await counterpart.goto('/users/new');
  await clean(counterpart);
  await counterpart.locator('main [name=run]').fill(worker);
  await counterpart.locator('main [name=given_names]').fill('Gestora');
  await counterpart.locator('main [name=surnames]').fill('Operaria Olmué');
  const role = counterpart.locator('select[name=role]');
  await role.selectOption(await role.locator('option', { hasText: 'Gestor/a de casos' }).filter({ hasText: 'Asistencia Social' }).first().getAttribute('value'));
  await counterpart.locator('.user-form button[type=submit]').click();
  await expect(counterpart.locator('#user-link')).toBeVisible();
  await clean(counterpart);
  const second = await counterpart.locator('#user-link').inputValue();

  // An invitation works once.
  const late = await open(null);
  watch.allowed.add(404);
  watch.allowed.add(410);
  await late.goto(invitation);
  await expect(late.locator('main')).toContainText(/enlace/i);
  await expect(late.locator('main [name=password]')).toHaveCount(0);

  // The social worker: first person, first plan.
  const social = await open(null);
  await welcome(social, second, worker);
  await accept(social);
  const [person] = family('rich').members;
  const file = await lookUp(social, person.run);
  await fill(social, file, { A106: {} });
  const plan = await agree(social, file);
  await expect(row(social, 'ocupación')).toHaveAttribute('data-item', 'pending');

  // The administration counts; it reads nobody.
  for (const path of [`/files/${file}/screening`, plan, `/files/${file}/history`, '/search']) {
    const answer = await admin.request.get(path);
    expect(answer.status(), path).toBe(404);
  }

  // What the replica does not hold yet would be lost with the file: some seconds.
  await expect.poll(() => behind(id), { timeout: 60_000 }).toBe(false);

  // The file breaks under her hands: she is told so, the others notice nothing.
  watch.allowed.add(503);
  spoil(fileOfMunicipality(id));
  await social.goto(plan);
  await expect(social.locator('main')).toContainText(/no está disponible|dañad|no se puede/i);
  const other = await open('worker');
  await lookUp(other, family('single').members[0].run);

  // Restore: into a copy, counted, exchanged.
  await admin.goto('/admin/restores');
  await clean(admin);
  await fits(admin);
  const towns = admin.locator('#restore-form select[name=municipality]');
  await towns.selectOption(await towns.locator('option', { hasText: place }).getAttribute('value'));
  await admin.locator('#restore-form [name=source][value=replica]').check();
  await admin.getByRole('button', { name: 'Hacer la copia' }).click();
  await expect(admin.getByRole('button', { name: 'Cambiar por el archivo actual' })).toBeVisible({ timeout: 30_000 });
  await clean(admin);
  await fits(admin);
  await expect(admin.locator('main')).not.toContainText(person.surnames);
  await expect(admin.getByRole('row', { name: 'Planes' }).first()).toContainText('1');
  await admin.getByRole('button', { name: 'Cambiar por el archivo actual' }).click();
  await expect(admin.locator('main')).toContainText('El archivo anterior se guardó');

  await social.goto(plan);
  await expect(row(social, 'ocupación')).toHaveAttribute('data-item', 'pending');
  await social.goto(`/files/${file}/screening`);
  await expect(social.locator('#person')).toContainText(written(person.run));
  expect(readFileSync(fileOfMunicipality(id)).subarray(0, 15).toString()).toBe('SQLite format 3');
  await expect(status(social)).toHaveCount(1);
});
