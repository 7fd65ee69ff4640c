// Every page in every state, in both languages: axe finds nothing, nothing hangs
// over the edge, the console is silent (every browser is watched), and English
// pages have no Spanish but the data's.
import { before, card, demo, demoPassword, expect, newOperator, row, test } from './desk.js';
import { looked } from './look.js';
// A state: its name, who is there ('worker' unless told), which statuses are
// expected, where the demo's own words stand, and how one comes to it.
const states = [];
const state = (name, go, { who = 'worker', expects = [], dark = false, data = '' } = {}) => states.push({ name, go, who, expects, dark, data });

// --- The door

state('login', async (page) => page.goto('/login'), { who: null, dark: true });
state('login refused', async (page) => {
  await page.goto('/login');
  await page.locator('.login-form [name=run]').fill('13.100.213-0');
  await page.locator('.login-form [name=password]').fill('no es esta la clave');
  await page.locator('.login-form button').click();
  await expect(page.locator('.login-message')).toBeVisible();
}, { who: null, expects: [422] });
state('login with what is missing', async (page) => {
  await page.goto('/login');
  await page.locator('.login-form').evaluate((form) => (form.noValidate = true));
  await page.locator('.login-form button').click();
  await expect(page.locator('.error-summary')).toBeVisible();
}, { who: null, expects: [422] });
state('agreement', async (page) => { await signInFresh(page); }, { who: null, dark: true });
state('agreement not accepted', async (page) => {
  await signInFresh(page);
  await page.locator('#accept').evaluate((form) => (form.noValidate = true));
  await page.locator('#accept button').click();
  await expect(page.locator('.error-summary')).toBeVisible();
}, { who: null, expects: [422] });

async function signInFresh(page) {
  const operator = newOperator();
  await page.goto('/login');
  await page.locator('.login-form [name=run]').fill(operator.run);
  await page.locator('.login-form [name=password]').fill(operator.password);
  await page.locator('.login-form button').click();
  await page.waitForURL(/agreement$/);
}

// --- The workbench

for (const role of Object.keys(demo)) {
  state(`workbench of ${role}`, async (page) => page.goto('/'), { who: role, dark: role === 'case_manager' });
}
state('workbench with plans and people of today', async (page) => page.goto('/'), { dark: true });
state('user menu', async (page) => {
  await page.goto('/');
  await page.locator('.who').click();
  await expect(page.locator('#user-menu')).toBeVisible();
}, { dark: true });
state('lookup refused', async (page) => {
  await page.goto('/');
  await page.locator('#run-box').fill('11.111.111-2');
  await page.locator('#run-box').press('Enter');
  await expect(page.locator('.error-summary')).toBeVisible();
}, { expects: [422] });

// --- The screening

state('screening of a household', async (page, { files }) => page.goto(`/files/${files.plain}/screening`), { dark: true });
state('screening with a cart', async (page, { files }) => page.goto(`/files/${files.carted}/screening`), { dark: true });
state('screening of somebody alone', async (page, { files }) => page.goto(`/files/${files.single}/screening`));
state('screening of fifteen with long names', async (page, { files }) => page.goto(`/files/${files.crowd}/screening`));
state('screening with all benefits', async (page, { files }) => {
  await page.goto(`/files/${files.crowd}/screening`);
  await page.locator('#benefits-more').click();
  await expect(page.locator('#benefits tbody tr')).toHaveCount(40);
});
state('screening of somebody not registered', async (page, { files }) => page.goto(`/files/${files.stranger}/screening`), { dark: true });
state('screening with work of the household', async (page, { files }) => {
  await page.goto(`/files/${files.relative}/screening`);
  await expect(page.locator('#household-work')).toBeVisible();
});
state('screening at a desk without a cart', async (page, { files }) => {
  await page.goto(`/files/${files.open}/screening`);
  await expect(page.locator('#cart')).toHaveCount(0);
}, { who: 'front_desk' });
state('person form', async (page, { files }) => page.goto(`/files/${files.stranger}/person`));
state('person form refused', async (page, { files }) => {
  await page.goto(`/files/${files.stranger}/person`);
  await page.locator('#person-form').evaluate((form) => (form.noValidate = true));
  await page.locator('#person-form [name=birth_date]').fill('31-02-1990');
  await page.locator('#person-form button').click();
  await expect(page.locator('.error-summary')).toBeVisible();
}, { expects: [422] });
state('history', async (page, { files }) => page.goto(`/files/${files.closed}/history`));
state('history of a file just opened', async (page, { files }) => page.goto(`/files/${files.crowd}/history`));

// --- The catalogue

const openCatalogue = async (page, file) => {
  await page.goto(`/files/${file}/screening`);
  await page.locator('#cart a[data-dialog]').click();
  await expect(page.locator('#catalogue-q')).toBeFocused();
};
const turnTo = async (page, letter) => {
  await page.locator(`#catalogue-tab-${letter}`).click();
  await expect(page.locator(`#catalogue-tab-${letter}`)).toHaveClass(/on/);
};
state('catalogue', async (page, { files }) => openCatalogue(page, files.plain), { dark: true });
for (const letter of ['A', 'B', 'C', 'D', 'E', 'F']) {
  state(`catalogue, category ${letter}`, async (page, { files }) => {
    await openCatalogue(page, letter === 'E' ? files.closed : files.single);
    await turnTo(page, letter);
  });
}
state('catalogue for somebody not registered', async (page, { files }) => {
  await openCatalogue(page, files.stranger);
  await turnTo(page, 'E');
  await expect(page.locator('[data-criterion=unknown]').first()).toBeVisible();
});
state('catalogue, questions answered wrong', async (page, { files }) => {
  await openCatalogue(page, files.plain);
  await turnTo(page, 'D');
  await page.locator('#catalogue-q').fill('agua');
  await card(page, 'D102').locator('summary').first().click();
  await card(page, 'D102').locator('details.more summary').click();
  await card(page, 'D102').locator('[name=numero_de_cliente]').fill('884');
  await card(page, 'D102').locator('[name=empresa_sanitaria]').fill('  '); // good enough for the browser, not for the server
  await card(page, 'D102').locator('form button').click();
  await expect(card(page, 'D102').locator('.error-summary')).toBeVisible();
}, { expects: [422], dark: true });
state('catalogue, item added', async (page, { scene }) => {
  await openCatalogue(page, scene.files.single);
  await turnTo(page, 'B');
  await card(page, 'B001').locator('.opt-add button').click();
  await expect(page.locator('.popup-status .notice')).toBeVisible();
});
state('catalogue, nothing found', async (page, { files }) => {
  await openCatalogue(page, files.plain);
  await page.locator('#catalogue-q').fill('zzz');
  await expect(page.locator('#catalogue .empty')).toBeVisible();
});
state('catalogue as a page', async (page, { files }) => page.goto(`/files/${files.plain}/catalogue?category=E`));
state('catalogue as a page, questions come back', async (page, { files }) => {
  await page.goto(`/files/${files.plain}/catalogue?category=D&q=agua`);
  await card(page, 'D102').locator('summary').first().click();
  await card(page, 'D102').locator('form').evaluate((form) => form.submit()); // as a browser without JavaScript does
  await expect(page.locator('.error-summary')).toBeVisible();
}, { expects: [422] });
state('catalogue at a desk, for orientation', async (page, { files }) => {
  await page.goto(`/files/${files.open}/screening`);
  await page.locator('#suggestions a[data-key=a]').click();
  await expect(page.locator('#catalogue-q')).toBeFocused();
}, { who: 'front_desk' });

// --- Cart and checkout

state('cart without items', async (page, { files }) => page.goto(`/files/${files.plain}/cart`));
state('cart', async (page, { files }) => {
  await page.goto(`/files/${files.carted}/cart`);
  await page.locator('#cart-removed summary').click();
}, { dark: true });
state('cart, a line being edited', async (page, { files }) => {
  await page.goto(`/files/${files.carted}/screening`);
  await page.locator('#cart li').filter({ hasText: 'Materiales' }).locator('a[id^=edit-]').click();
  await page.locator('#cart [name=quantity]').fill('0');
  await page.locator('#cart .line-edit .btn-primary').click();
  await expect(page.locator('#cart .error-summary')).toBeVisible();
}, { expects: [422] });
state('cart, an item taken out', async (page, { files }) => {
  await page.goto(`/files/${files.single}/screening`);
  const answer = await page.request.post(`/files/${files.single}/cart/items`, { form: { item: 'C014', _token: await page.locator('input[name=_token]').first().inputValue() } });
  expect(answer.ok()).toBe(true);
  await page.reload();
  await page.locator('#cart li').filter({ hasText: 'Otra institución' }).first().locator('form button').click();
  await expect(page.locator('.notice-action')).toBeVisible();
});
state('a line on a page of its own', async (page, { files }) => {
  await page.goto(`/files/${files.carted}/cart`);
  await page.goto(await page.locator('#cart li a[id^=edit-]').first().getAttribute('href'));
});
state('checkout without items', async (page, { files }) => page.goto(`/files/${files.plain}/checkout`));
state('checkout', async (page, { files }) => page.goto(`/files/${files.carted}/checkout`), { dark: true });
state('checkout refused', async (page, { files }) => {
  await page.goto(`/files/${files.carted}/checkout`);
  await page.locator('#checkout-form .save-bar button').click();
  await expect(page.locator('.error-summary')).toBeVisible();
}, { expects: [422] });

// --- The plan

state('no plan yet', async (page, { files }) => page.goto(`/files/${files.plain}/plan`));
state('plan, open', async (page, { plans }) => page.goto(`/plans/${plans.open}`), { dark: true });
state('plan, boxes and history opened', async (page, { plans }) => {
  await page.goto(`/plans/${plans.open}`);
  await row(page, 'Útiles escolares').locator('select').selectOption('confirmed');
  await row(page, 'Subsidio al Agua').locator('select').selectOption('withdrawn');
  await page.locator('.history summary').click();
}, { dark: true });
state('plan, refused', async (page, { plans }) => {
  await page.goto(`/plans/${plans.open}`);
  await row(page, 'Materiales').locator('select').selectOption('confirmed'); // it waits for approval
  await row(page, 'Subsidio al Agua').locator('select').selectOption('withdrawn');
  await page.locator('.save-bar button').click();
  await expect(page.locator('.error-summary')).toBeVisible();
}, { expects: [422] });
state('plan, closed', async (page, { plans }) => page.goto(`/plans/${plans.closed}`), { dark: true });
state('plans of a file', async (page, { files }) => page.goto(`/files/${files.closed}/plan`));
state('plan read at a desk', async (page, { plans }) => page.goto(`/plans/${plans.open}`), { who: 'front_desk' });
// (the plan that two people saved is looked at in together.spec.js)
state('approvals', async (page) => {
  await page.goto('/approvals');
  await page.locator('details summary').first().click();
}, { who: 'unit_head', dark: true });
state('approvals, none', async (page) => page.goto('/approvals'), { who: 'director' });
state('plan, waiting for the head who reads it', async (page, { plans }) => {
  await page.goto(`/plans/${plans.open}`);
  await expect(page.locator('.decide')).toBeVisible();
}, { who: 'unit_head' });

// --- Desks, people and protocols. What the demo wrote is data, in its own words.

const table = 'td, tbody th, option';
state('inbox of a desk', async (page) => page.goto('/inbox?box=new'), { who: 'rsh_desk', dark: true, data: table });
state('inbox of the front desk', async (page) => page.goto('/inbox'), { who: 'front_desk', data: table });
state('referrals of a file', async (page, { files }) => page.goto(`/files/${files.open}/referrals`), { data: table });
state('referral, what for', async (page, { files }) => page.goto(`/files/${files.plain}/referrals/new`), { who: 'front_desk', data: '.choices, option' });
state('referral, its questions', async (page, { files }) => page.goto(`/files/${files.plain}/referrals/new?item=D102`), { who: 'front_desk', data: '.kv, .callout, option', dark: true });
state('referral refused', async (page, { files }) => {
  await page.goto(`/files/${files.plain}/referrals/new?item=D102`);
  await page.locator('#referral-new form').evaluate((form) => { form.noValidate = true; form.requestSubmit(); });
  await expect(page.locator('.error-summary')).toBeVisible();
}, { who: 'front_desk', expects: [422], data: '.kv, .callout, option' });
state('waiting list', async (page) => page.goto('/waiting'), { who: 'front_desk', data: `${table}, .ticket`, dark: true });
state('an attention ends', async (page, { files }) => {
  await page.goto(`/files/${files.plain}/screening`);
  await page.locator('#attention-finish').click();
  await expect(page.locator('dialog#finish')).toBeVisible();
}, { data: 'option', dark: true });
state('search', async (page) => page.goto('/search'), { who: 'front_desk', dark: true });
state('search, found', async (page) => {
  await page.goto('/search');
  await page.locator('main [name=q]').fill('quil');
  await page.locator('main [name=q]').press('Enter');
  await expect(page.locator('.found-person').first()).toBeVisible();
}, { who: 'front_desk', data: '.found-person' });
state('attention without RUN', async (page) => page.goto('/people/new'), { who: 'front_desk', dark: true });
state('attention without RUN refused', async (page) => {
  await page.goto('/people/new');
  await page.locator('main form').last().evaluate((form) => { form.noValidate = true; form.requestSubmit(); });
  await expect(page.locator('.error-summary')).toBeVisible();
}, { who: 'front_desk', expects: [422] });
state('regularisations', async (page) => page.goto('/merges'), { who: 'unit_head', data: `${table}, main a` });
state('cases', async (page) => page.goto('/cases'), { data: table });
state('cases of a unit', async (page) => page.goto('/cases'), { who: 'unit_head', data: table, dark: true });
state('absences', async (page) => page.goto('/absences'), { who: 'unit_head', data: `${table}, li` });
state('protocols', async (page) => page.goto('/protocols'), { who: 'unit_head', data: table, dark: true });
state('protocol', async (page) => {
  await page.goto('/protocols');
  await page.locator('table.protocols a').first().click();
  await page.waitForURL(/\/protocols\/\w{26}$/);
}, { who: 'unit_head', data: 'main, title', dark: true });
state('protocol begun', async (page) => page.goto('/protocols/new'), { who: 'unit_head', data: 'option' });
state('figures', async (page) => page.goto('/monitor'), { who: 'director', data: `${table}, .chips, nav a`, dark: true });
state('settings', async (page) => page.goto('/settings'), { who: 'counterpart', dark: true });
state('units', async (page) => page.goto('/settings/units'), { who: 'counterpart', data: table, dark: true });
state('topics', async (page) => page.goto('/settings/topics'), { who: 'counterpart', data: '.topics, option' });

// --- The national administration, and what it asks of a municipality

const admin = (name, path, more = {}) => state(name, async (page) => page.goto(path), { who: 'national_admin', ...more });
const region = 'td:nth-child(2), option';
const posts = '.roster-table .line, option, .user-roles b'; // units' names are data
const openRow = async (page, list, row) => {
  await page.goto(list);
  await row(page).click();
  await expect(page.locator('h1')).toBeVisible();
  expect(new URL(page.url()).pathname).not.toBe(list);
};
const refused = async (page, path, form) => {
  await page.goto(path);
  await page.locator(form).evaluate((element) => { element.noValidate = true; element.requestSubmit(); });
  await expect(page.locator('.error-summary')).toBeVisible();
};
const colleague = (page) => page.locator('table.roster-table tbody th a');
const town = (page) => page.locator('tbody a[href^="/admin/municipalities/"]').first();

admin('administration', '/admin', { dark: true });
admin('municipalities', '/admin/municipalities', { data: region, dark: true });
admin('municipalities, none found', '/admin/municipalities?q=zzz', { data: region });
state('municipality', async (page) => openRow(page, '/admin/municipalities', town), { who: 'national_admin', data: 'h1, dd', dark: true });
state('municipality, suspended without a reason', async (page) => {
  await openRow(page, '/admin/municipalities', town);
  await page.locator('form[action$="/status"] button[value=suspended]').click();
  await expect(page.locator('.error-summary')).toBeVisible();
}, { who: 'national_admin', expects: [422], data: 'h1, dd', dark: true });
admin('municipality to add', '/admin/municipalities/new', { data: 'option, .form-check', dark: true });
state('municipality to add, refused', async (page) => refused(page, '/admin/municipalities/new', 'main form'), { who: 'national_admin', expects: [422], data: 'option, .form-check' });
admin('municipalities from a table', '/admin/batches', { dark: true });
state('municipalities from a table, checked', async (page) => {
  await page.goto('/admin/batches');
  await page.locator('main input[type=file]').setInputFiles({ name: 'comunas.csv', mimeType: 'text/csv', buffer: Buffer.from('code,model\n05802,1\n99999,1\n05803,2\n') });
  await page.locator('main form button').click();
  await page.waitForURL(/\/admin\/batches\/[\w-]+$/);
}, { who: 'national_admin', data: 'td:nth-child(2), .panel-head h2', dark: true });
admin('everybody who works', '/admin/users', { data: posts, dark: true });
admin('everybody, nobody found', '/admin/users?state=disabled', { data: posts });
state('somebody of the roster', async (page) => openRow(page, '/admin/users', (p) => colleague(p).first()), { who: 'national_admin', data: `${posts}, .trail td:last-child`, dark: true });
admin('somebody to invite', '/users/new', { data: 'option' });
state('somebody to invite, refused', async (page) => refused(page, '/users/new', '.user-form'), { who: 'national_admin', expects: [422], data: 'option', dark: true });
admin('national trail', '/admin/audit', { data: 'option', dark: true });
admin('restores', '/admin/restores', { data: 'option', dark: true });
state('restores refused', async (page) => refused(page, '/admin/restores', '#restore-form'), { who: 'national_admin', expects: [422], data: 'option' });
admin('national catalogue', '/admin/catalogue', { data: 'td, tbody th', dark: true });
admin('national item', '/admin/catalogue/items/D102', { data: 'h1, dd, .page-title p, .examples', dark: true });
admin('national item to edit', '/admin/catalogue/items/D102/edit', { data: 'h1, option, .examples', dark: true });
admin('national item to add', '/admin/catalogue/new', { data: 'option, .examples' });
state('national item to add, refused', async (page) => refused(page, '/admin/catalogue/new', 'main form'), { who: 'national_admin', expects: [422], data: 'option, .examples' });
admin('national review', '/admin/catalogue/review', { data: 'td, tbody th' });
admin('national publications', '/admin/catalogue/publications', { data: 'td, tbody th' });
admin('national catalogue from a file', '/admin/catalogue/import');
admin('announcements', '/admin/announcements', { dark: true });
admin('announcement to write', '/admin/announcements/new', { data: 'option', dark: true });
state('announcement refused', async (page) => refused(page, '/admin/announcements/new', 'main form'), { who: 'national_admin', expects: [422] });
admin('account of the administration', '/account');
// Signed in just now: five minutes later the page asks for the password first.
const justIn = { run: demo.national_admin, password: demoPassword };
admin('second factor to set up', '/account/factor', { who: justIn, dark: true });
state('second factor refused', async (page) => {
  await page.goto('/account/factor');
  await page.locator('#factor-form [name=code]').fill('000000');
  await page.locator('#factor-form button[type=submit]').click();
  await expect(page.locator('.error-summary')).toBeVisible();
}, { who: justIn, expects: [422], dark: true });

state('users', async (page) => page.goto('/users'), { who: 'counterpart', data: posts, dark: true });
state('users of a unit', async (page) => page.goto('/users'), { who: 'unit_head', data: `${posts}, .page-title .meta` });
for (const [name, who] of [['counterpart', 'counterpart'], ['head', 'unit_head']]) {
  state(`user, for the ${name}, everything opened`, async (page) => {
    await openRow(page, '/users', (p) => colleague(p).filter({ hasText: who === 'counterpart' ? 'Vera' : 'Rojas' }));
    await page.locator('main details').evaluateAll((list) => list.forEach((element) => { element.open = true; }));
  }, { who, data: `${posts}, .trail td:last-child`, dark: true });
}
state('user, history', async (page) => {
  await openRow(page, '/users', (p) => colleague(p).filter({ hasText: 'Vera' }));
  await page.goto(`${page.url()}/history`);
}, { who: 'counterpart', data: '.trail td:last-child' });
state('user to invite', async (page) => page.goto('/users/new'), { who: 'unit_head', data: 'option, .page-title .meta' });
state('settings of the municipality', async (page) => page.goto('/settings/municipality'), { who: 'counterpart', dark: true });
state('restored copies', async (page) => page.goto('/settings/restores'), { who: 'counterpart' });
state('key of the copies', async (page) => page.goto('/settings/key'), { who: 'counterpart', dark: true });
state('key of the copies refused', async (page) => {
  await page.goto('/settings/key');
  await page.locator('main [name=recipient]').fill('no es una llave');
  await page.locator('main form').getByRole('button').last().click();
  await expect(page.locator('.error-summary')).toBeVisible();
}, { who: 'counterpart', expects: [422] });

// --- The rest

state('account', async (page) => page.goto('/account'), { dark: true });
state('account, password refused', async (page) => {
  await page.goto('/account');
  await page.locator('#password-form [name=current]').fill('no es');
  await page.locator('#password-form [name=password]').fill('corta');
  await page.locator('#password-form [name=repeat]').fill('otra');
  await page.locator('#password-form button').click();
  await expect(page.locator('.error-summary')).toBeVisible();
}, { expects: [422] });
state('agreement read again', async (page) => page.goto('/agreement'));
state('switch', async (page) => page.goto('/switch'));
state('help', async (page) => page.goto('/help'));
state('help, over the page', async (page) => {
  await page.goto('/account');
  await page.keyboard.press('?');
  await expect(page.locator('dialog#help')).toBeVisible();
}, { dark: true });
state('not found', async (page) => page.goto('/files/01ARZ3NDEKTSV4RRFFQ69G5FAV/screening'), { expects: [404] });
state('not found, nobody signed in', async (page) => page.goto('/nada'), { who: null, expects: [404] });
state('forbidden', async (page, { files }) => page.goto(`/files/${files.plain}/cart`), { who: 'front_desk', expects: [403] });
state('municipality out of reach', async (page) => {
  await page.goto('/');
  await expect(page.locator('.trouble')).toBeVisible();
}, { who: 'unlucky', expects: [503], dark: true });
state('session about to end', async (page, { files }) => {
  await page.goto(`/files/${files.plain}/screening`);
  await page.evaluate(() => document.getElementById('session-warning').showModal());
}, { dark: true });
state('session ended', async (page, { files }) => {
  await page.goto(`/files/${files.plain}/screening`);
  await page.evaluate(() => document.getElementById('session-ended').showModal());
}, { dark: true });

for (const lang of ['es-CL', 'en']) {
  for (const s of states) {
    test(`${lang}: ${s.name}`, async ({ lend, watch }) => {
      const { scene } = before();
      s.expects.forEach((status) => watch.allowed.add(status));
      const page = await lend(s.who, lang);
      await s.go(page, { ...scene, scene });
      expect(await page.title(), 'the browser keeps titles: none names a person').not.toMatch(/quil|rosa|\d{7}/i);
      await looked(page, lang, s);
    });
  }
}
