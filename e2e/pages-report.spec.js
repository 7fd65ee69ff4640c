// The pages on which social reports are written, in the states that matter: axe
// finds nothing, nothing hangs over the edge, English has no Spanish but the
// data's; and what is typed is kept while it is typed, whoever else writes and
// whatever becomes of the session.
import { expect, family, lookUp, newOperator, send, test } from './desk.js';
import { looked } from './look.js';

const words = { opinion: 'La madre cuida sola.', other: 'La abuela ayuda los fines de semana.' };

// begin opens a household's file and begins a report in it.
async function begin(page) {
  const file = await lookUp(page, family('rich').members[0].run);
  const answer = await send(page, `/files/${file}/reports`, { key: `e2e-${file}`, purpose: 'C001', addressee: 'DIDECO', due: '30-12-2026' });
  expect(answer.status()).toBe(303);
  return { file, edit: answer.headers().location };
}

const opinion = (page) => page.locator('[name=opinion_text]');
const said = (page) => page.locator('#report-saved');

// kept is what the server has of the opinion.
async function kept(page, edit) {
  const html = await (await page.request.get(edit)).text();
  return html.match(/<textarea[^>]*name="opinion_text"[^>]*>\n?([^<]*)/)[1];
}

const states = {
  'no report yet': async (page) => {
    const file = await lookUp(page, family('rich').members[0].run);
    await page.goto(`/files/${file}/report`);
  },
  'a draft in the list': async (page) => {
    const { file } = await begin(page);
    await page.goto(`/files/${file}/report`);
    await expect(page.locator('[data-report=draft]')).toHaveCount(1);
  },
  'a draft being written': async (page) => {
    const { edit } = await begin(page);
    await page.goto(edit);
    for (const box of ['socioeconomic', 'housing', 'networks']) await page.locator(`input[name=${box}]`).check();
    await page.locator('#part-household .row-drop').last().click();
    await expect(page.locator('.report-removed li')).toHaveCount(1);
    await page.locator('#part-requests .row-add').click();
    await expect(page.locator('[name="request_text[2]"]')).toBeFocused();
  },
  'two who wrote the same part': async (page, lend) => {
    const { edit } = await begin(page);
    await page.goto(edit);
    const other = await lend('unit_head');
    await other.goto(edit);
    await opinion(other).fill(words.other);
    await expect(said(other)).toHaveText(/\d\d:\d\d/);
    await opinion(page).fill(words.opinion);
    await expect(page.locator('.report-clash')).toBeVisible();
  },
};

for (const lang of ['es-CL', 'en']) {
  for (const [name, go] of Object.entries(states)) {
    test(`${lang}: ${name}`, async ({ lend, watch }) => {
      watch.allowed.add(409);
      const page = await lend('worker', lang);
      await go(page, lend);
      await looked(page, lang, { data: '#person, .report-person, datalist', known: Object.values(words) });
    });
  }
}

test('what is typed is kept two seconds later at the latest, while one goes on typing', async ({ open }) => {
  const page = await open();
  const { edit } = await begin(page);
  await page.goto(edit);
  await opinion(page).click();
  const stamps = [];
  const begun = Date.now();
  for (let n = 0; Date.now() - begun < 6000; n++) {
    await page.keyboard.type(String.fromCharCode(97 + (n % 26)));
    stamps.push(Date.now());
    if (n % 12 !== 11) continue;
    const asked = Date.now();
    const there = (await kept(page, edit)).length;
    const late = stamps.findIndex((at, i) => i >= there && asked - at > 2000);
    expect(late, `letter ${late} of ${stamps.length} was not kept after two seconds; ${there} were`).toBe(-1);
  }
  await expect.poll(() => kept(page, edit).then((text) => text.length)).toBe(stamps.length);
  await expect(said(page)).toHaveText(/^Guardado \d\d:\d\d$/);
});

test('two people write one part: both are told, both texts stay, one decides', async ({ open, watch }) => {
  watch.allowed.add(409);
  const first = await open();
  const { edit } = await begin(first);
  await first.goto(edit);
  const second = await open('unit_head');
  await second.goto(edit);
  await expect(second.locator('#report-others')).toContainText('también tiene abierto este informe');
  await opinion(second).fill(words.other);
  await expect(said(second)).toHaveText(/Guardado/);
  await opinion(first).fill(words.opinion);
  await expect(first.locator('.report-clash')).toContainText(words.other);
  expect(await kept(second, edit)).toBe(words.other);
  await first.reload(); // another computer, a browser that died: both are still there
  await expect(first.locator('.report-clash')).toContainText(words.other);
  await expect(opinion(first)).toHaveValue(words.opinion);
  await first.getByRole('button', { name: 'Unir ambos' }).click();
  await expect(first.locator('.report-clash')).toHaveCount(0);
  await expect(opinion(first)).toHaveValue(`${words.other}\n\n${words.opinion}`);
  await opinion(first).press('End');
  await first.keyboard.type(' Fin.');
  await expect(said(first)).toHaveText(/Guardado/);
  await expect.poll(() => kept(first, edit)).toContain('Fin.');
});

test('the session ends while one writes: sign in over the page, and it is kept', async ({ open, watch }) => {
  watch.allowed.add(401);
  const operator = newOperator();
  const page = await open(operator);
  const { edit } = await begin(page);
  await page.goto(edit);
  const elsewhere = await open(operator);
  await elsewhere.goto('/account');
  await elsewhere.getByRole('button', { name: 'Cerrar sesión en todos los equipos' }).click();
  await opinion(page).fill(words.opinion);
  const dialog = page.locator('dialog#session-ended');
  await expect(dialog).toBeVisible();

  // It is tried again meanwhile, and that answer comes when one has signed in: the
  // dialog does not come back for it.
  let signedIn;
  const answered = new Promise((resolve) => (signedIn = resolve));
  await page.route('**/parts/opinion', async (route) => {
    const response = await route.fetch();
    if (response.status() === 401) await answered;
    await route.fulfill({ response });
  });
  await page.waitForRequest('**/parts/opinion');
  await dialog.getByLabel('RUN').fill(operator.run);
  await dialog.getByLabel('Contraseña').fill(operator.password);
  await dialog.getByRole('button', { name: 'Iniciar sesión y seguir' }).click();
  await expect(dialog).toBeHidden();
  signedIn();
  await expect(said(page)).toHaveText(/Guardado/, { timeout: 8000 });
  await expect(dialog).toBeHidden();
  expect(await kept(page, edit)).toBe(words.opinion);
});
