// What surrounds every page: rail, menu, language, shortcuts.
import { before, expect, family, fill, lookUp, newOperator, test, told } from './desk.js';
import { wanted } from './scene.js';

test('the rail leads everywhere, says where one is, and follows cart and plan', async ({ open }) => {
  const page = await open();
  const file = await lookUp(page, family('rich').members[0].run);
  await fill(page, file, wanted.water);
  const rail = page.locator('#rail');
  for (const [name, section] of [['Carro', 'cart'], ['Plan de intervención', 'plan'], ['Historial', 'history'], ['Screening social', 'screening']]) {
    await rail.getByRole('link', { name }).click();
    await expect(page).toHaveURL(new RegExp(`/files/${file}/${section}$`));
    await expect(rail.locator('[aria-current=page]')).toContainText(name);
    await expect(page.locator('#person h1')).toBeVisible(); // the person stays in sight
  }
  await expect(page.locator('#rail-cart .count')).toHaveText('1');
});

test('a plan that is open is green in the rail; a closed one blue; both with the word', async ({ open }) => {
  const { files } = before().scene;
  const page = await open();
  await page.goto(`/files/${files.open}/screening`);
  await expect(page.locator('#rail-plan .circle-open')).toContainText(/abierto/i);
  await expect(page.locator('#rail-plan .circle-open .dot')).toHaveCSS('background-color', 'rgb(30, 125, 67)');
});

test('English and back: the choice stays with the user', async ({ open }) => {
  const operator = newOperator();
  const page = await open(operator);
  const file = await lookUp(page, family('single').members[0].run);
  await page.locator('.who').click();
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page).toHaveURL(new RegExp(`/files/${file}/screening$`)); // on the same page
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.locator('#rail')).toContainText('Cart');
  const other = await open(operator); // another browser, Spanish by its own wish
  await other.goto('/');
  await expect(other.locator('html')).toHaveAttribute('lang', 'en');
  await page.locator('.who').click();
  await page.getByRole('button', { name: 'Español (Chile)' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'es-CL');
  await expect(page.locator('#rail')).toContainText('Carro');
});

test('the browser decides the language of whoever has not chosen', async ({ open }) => {
  for (const [locale, lang] of [['en-GB', 'en'], ['es-MX', 'es-CL'], ['de-DE', 'es-CL']]) {
    const page = await open(null, { locale });
    await page.goto('/login');
    await expect(page.locator('html')).toHaveAttribute('lang', lang);
  }
});

test('the shortcuts can be switched off, and on again', async ({ open }) => {
  const page = await open(newOperator());
  await lookUp(page, family('single').members[0].run);
  await page.keyboard.press('?');
  await page.locator('dialog#help').getByRole('button', { name: 'Desactivar los atajos' }).click();
  await told(page, 'Preferencias guardadas');
  await page.goto('/account');
  await page.keyboard.press('/');
  await expect(page.locator('#run-box')).not.toBeFocused();
  await page.keyboard.press('?');
  await expect(page.locator('dialog#help')).toHaveCount(0);
  await page.getByLabel('Activados', { exact: true }).check();
  await page.getByRole('button', { name: 'Guardar preferencias' }).click();
  await told(page, 'Preferencias guardadas');
  await page.locator('h1').first().click();
  await page.keyboard.press('/');
  await expect(page.locator('#run-box')).toBeFocused();
});

test('a letter typed into a field is text, never a shortcut', async ({ open }) => {
  const page = await open();
  await lookUp(page, family('single').members[0].run);
  await page.locator('#run-box').focus();
  await page.keyboard.type('a?/gb'); // no RUN has a slash, whoever presses it is there already
  await expect(page.locator('#run-box')).toHaveValue('a?gb');
  await expect(page.locator('dialog:modal')).toHaveCount(0);
});

test('"Ir al contenido" is the first stop and leads there', async ({ open }) => {
  const page = await open();
  await page.goto('/account');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Ir al contenido' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#main')).toBeFocused();
});

test('values are written as they are read', async ({ open }) => {
  const page = await open();
  await page.goto('/');
  await page.locator('#bench-run').fill('350000011');
  await page.locator('#bench-run').blur();
  await expect(page.locator('#bench-run')).toHaveValue('35.000.001-1');
});

test('a tab that lost its server says so and keeps what was typed', async ({ open, watch }) => {
  const page = await open();
  const file = await lookUp(page, family('rich').members[0].run);
  await fill(page, file, { B001: {} });
  await page.reload();
  await page.locator('#cart li').getByRole('link', { name: 'Editar' }).click();
  await page.locator('#cart').getByLabel('Nota').fill('Prefiere que la llamen en la mañana.');
  await page.context().setOffline(true);
  await page.locator('#cart').getByRole('button', { name: 'Guardar' }).click();
  await told(page, 'No hubo respuesta del servidor');
  await page.context().setOffline(false);
  await expect(page.locator('#cart').getByLabel('Nota')).toHaveValue('Prefiere que la llamen en la mañana.');
  await page.locator('#cart').getByRole('button', { name: 'Guardar' }).click();
  await expect(page.locator('#cart li')).toContainText('Prefiere que la llamen en la mañana.');
  // What the browser and htmx write about a line that is down is theirs to say.
  watch.seen = watch.seen.filter((line) => !/ERR_INTERNET_DISCONNECTED|Failed to fetch/.test(line));
});

test('the catalogue looks in the tab just chosen, however slow the line', async ({ open }) => {
  const page = await open();
  const file = await lookUp(page, family('rich').members[0].run);
  await page.locator('#cart a[data-dialog]').click();
  await expect(page.locator('#catalogue-q')).toBeFocused();
  let go;
  const gate = new Promise((resolve) => (go = resolve));
  await page.route(`**/files/${file}/catalogue?*`, async (route) => {
    await gate; // the tab's answer is on its way while the next word is typed
    await route.continue().catch(() => {}); // one that was overtaken
  });
  await page.locator('#catalogue-tab-E').click();
  const asked = page.waitForRequest(/q=gas/);
  await page.locator('#catalogue-q').fill('gas');
  expect(new URL((await asked).url()).searchParams.get('category')).toBe('E');
  go();
  await expect(page.locator('#catalogue-tab-E')).toHaveClass(/on/);
  await expect(page.locator('#catalogue .opt')).toHaveCount(1);
});
