// What every test stands on: signed-in browsers that are watched all the time,
// people and operators of the test's own, and short words for what one does.
//
// Watched means: the test fails when the console says anything, a script throws,
// the server fails, or an address names a person. What Chromium writes by itself
// is allowed: its line about a 4xx where the test expects one, and its note that
// a sign-out cleared the site's data.
import { test as base, expect as matchers, request } from '@playwright/test';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { household, operator, password } from './cast.js';

export const expect = matchers;

// The accounts of the demo, one of each role in Limache.
export const demo = {
  national_admin: '13100101-0', front_desk: '13100102-9', rsh_desk: '13100139-8', subsidies_desk: '13100176-2', case_manager: '13100213-0',
  unit_head: '13100250-5', counterpart: '13100287-4', director: '13100324-2', technical_assistant: '13100361-7',
};
export const demoPassword = 'demo-gsl-2026';
export const workers = 2; // case managers of the suite's own

// take gives the next one of a kind that no other test has: whoever makes the
// folder has it, whatever process they are in.
function take(kind, most) {
  for (let n = 0; n < most; n++) {
    try {
      mkdirSync(join(process.env.GSL_E2E_BASE, `${kind}-${n}`));
      return n;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
  throw new Error(`the suite ran out of ${kind}: cast.js and server.js make them`);
}

export const family = (kind) => household(kind, take(kind, Number(process.env.GSL_E2E_HOUSEHOLDS)));
export const newOperator = () => operator(take('operator', Number(process.env.GSL_E2E_OPERATORS)));

// --- Watching

const personal = [
  /(?<![0-9a-z])\d{1,3}(\.?\d{3}){2}(-|%2d)?[\dk](?![0-9a-z])/i, // a RUN, however it is written
  /(?<![0-9a-z])3[56]\d{6}(?![0-9a-z])/i, // the body of one of ours
  /quil[a-z]{2}nco|operaria/i, // a name of ours
];

class Watch {
  constructor() {
    this.seen = [];
    this.allowed = new Set();
    this.addresses = new Set();
  }

  // context watches a browser until what it gives is called.
  context(context) {
    const ears = Object.entries({
      console: (message) => this.heard(message),
      weberror: (error) => this.seen.push(`script error: ${error.error()}`),
      request: (r) => this.addresses.add(r.url()),
      response: (r) => r.status() >= 500 && !this.allowed.has(r.status()) && this.seen.push(`${r.status()} from ${r.url()}`),
    });
    for (const [name, ear] of ears) context.on(name, ear);
    return () => ears.forEach(([name, ear]) => context.off(name, ear));
  }

  heard(message) {
    const own = message.text().match(/^Failed to load resource: the server responded with a status of (\d{3})/);
    if (own && this.allowed.has(Number(own[1]))) return;
    if (/^Clear-Site-Data header on '[^']+\/logout(-everywhere)?': Cleared data types/.test(message.text())) return; // Chromium's own too
    this.seen.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
  }

  // One id in forty begins with eight digits, as a RUN does: ids are left out.
  named() {
    return [...this.addresses].filter((address) => {
      const said = decodeURIComponent(new URL(address).pathname + new URL(address).search).replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id');
      return personal.some((pattern) => pattern.test(said));
    });
  }
}

// --- Signing in. The accounts of the demo and two case managers of the suite were
// signed in before it began; their cookies are lent to every test.

export async function signIn(run, secret, baseURL = process.env.GSL_URL) {
  const api = await request.newContext({ baseURL, locale: 'es-CL' });
  const page = await api.post('/login', { form: { run, password: secret } });
  const token = (await page.text()).match(/name="_token" value="([^"]+)"/)?.[1];
  if (!token) throw new Error(`no sign-in for ${run}: ${page.status()} ${page.url()}`);
  if (page.url().endsWith('/agreement')) await api.post('/agreement', { form: { _token: token, accept: '1' } });
  const state = await api.storageState();
  await api.dispose();
  return state;
}

let kept;
// before is what was made before the suite began: cookies by account, and the scene.
export function before() {
  kept ??= JSON.parse(readFileSync(process.env.GSL_E2E_STATE, 'utf8'));
  return kept;
}

function cookiesOf(who, worker) {
  if (who === 'worker') return before().cookies[`worker ${worker % workers}`];
  return typeof who === 'string' ? before().cookies[who] : signIn(who.run, who.password);
}

export const test = base.extend({
  watch: [async ({}, use) => {
    const watch = new Watch();
    await use(watch);
    matchers(watch.seen, 'nothing but silence in the console').toEqual([]);
    matchers(watch.named(), 'no address names a person').toEqual([]);
  }, { auto: true }],

  // open gives a page of a new, watched browser: of somebody who is signed in
  // ('worker' is a case manager of the suite's own, a role is the demo's
  // account, an operator is signed in afresh), or of nobody yet (null).
  open: async ({ browser, watch, contextOptions, viewport, locale, timezoneId }, use, info) => {
    const contexts = [];
    await use(async (who = 'worker', options = {}) => {
      const storageState = who ? await cookiesOf(who, info.parallelIndex) : undefined;
      const context = await browser.newContext({ ...contextOptions, viewport, locale, timezoneId, baseURL: process.env.GSL_URL, storageState, ...options });
      watch.context(context);
      contexts.push(context);
      return context.newPage();
    });
    await Promise.all(contexts.map((context) => context.close()));
  },

  lent: [async ({}, use) => { await use(new Map()); }, { scope: 'worker' }],

  // lend gives a page in which tests before this one have looked at other pages, for
  // tests that only look: a new browser costs as much as the look. It has the same
  // person, language and size as open gives; nobody's is emptied before.
  lend: async ({ browser, lent, watch, contextOptions, viewport, locale, timezoneId }, use, info) => {
    const taken = [];
    await use(async (who, lang = locale) => {
      const key = `${who} ${lang}`;
      if (taken.some((t) => t.key === key)) throw new Error(`${key} is lent already: open a second one`);
      if (!lent.has(key)) {
        const storageState = who ? cookiesOf(who, info.parallelIndex) : undefined;
        const context = await browser.newContext({ ...contextOptions, viewport, locale: lang, timezoneId, baseURL: process.env.GSL_URL, storageState });
        lent.set(key, await context.newPage());
      }
      const page = lent.get(key);
      if (!who) await page.context().clearCookies();
      taken.push({ key, page, deaf: watch.context(page.context()) });
      return page;
    });
    for (const { page, deaf } of taken) {
      await page.goto('/healthz'); // nothing runs on, and the browser's process stays
      await page.emulateMedia({ colorScheme: null, media: null });
      await page.setViewportSize(viewport);
      deaf();
    }
  },
});

// --- What one does

export async function logIn(page, run, secret = password) {
  await page.goto('/login');
  const form = page.locator('.login-form');
  await form.getByLabel('RUN').fill(run);
  await form.locator('[name=password]').fill(secret);
  await form.getByRole('button').click();
}

// lookUp types a RUN as people do and gives the id of the file that opens.
export async function lookUp(page, run) {
  if (!(await page.locator('#run-box').count())) await page.goto('/');
  await page.locator('#run-box').fill(run);
  await page.locator('#run-box').press('Enter');
  await page.waitForURL(/\/files\/\w+\/screening$/);
  return fileOf(page);
}

export const fileOf = (page) => page.url().match(/\/files\/(\w+)/)[1];

// send posts a form as the page's own session, past the screen: to come to the
// state that a test is about.
export async function send(page, path, form = {}) {
  const token = await page.locator('input[name=_token]').first().inputValue();
  return page.request.post(path, { form: { _token: token, ...form }, maxRedirects: 0 });
}

// fill puts items into a file's cart; each is a code with its fields.
export async function fill(page, file, items) {
  for (const [item, fields] of Object.entries(items)) {
    const answer = await send(page, `/files/${file}/cart/items`, { item, ...fields });
    expect(answer.status(), `adding ${item}`).toBe(303);
  }
}

// agree makes the plan of what is in the cart and opens it.
export async function agree(page, file) {
  await page.goto(`/files/${file}/checkout`);
  await page.locator('input[name=agreed][value=signed]').check();
  await page.locator('#checkout-form button:not([type=button])').last().click();
  await page.waitForURL(/\/plans\/\w+$/);
  return page.url();
}

// move has a desk take the referral of a plan's item a step on: receive, answer …
export async function move(page, name, open, who, verb, form = {}) {
  const href = await row(page, name).locator('.item-referral a').first().getAttribute('href');
  const desk = await open(who);
  await desk.goto(href);
  const answer = await send(desk, `${href}/${verb}`, form);
  expect(answer.status(), `${verb} ${name}`).toBe(303);
  await desk.close();
}

export const row = (page, name) => page.locator('tr[data-item]').filter({ hasText: name });
export const card = (page, code) => page.locator(`#catalogue [data-code=${code}]`);
export const status = (page) => page.locator('#status');

// told waits until the status region has said a sentence.
export async function told(page, sentence) {
  await expect(page.locator('#status, dialog:modal .popup-status').filter({ hasText: sentence }).first()).toBeAttached();
}
