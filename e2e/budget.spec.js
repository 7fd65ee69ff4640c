// What travels: the first load and each swap, compressed, as the browser counts.
import { before, card, expect, row, test } from './desk.js';

const firstLoad = 60 * 1024;
const swap = 10 * 1024;

// meter counts the bytes of answers, headers and all, as they came over the wire.
async function meter(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  const answers = new Map();
  cdp.on('Network.requestWillBeSent', (e) => answers.set(e.requestId, { url: e.request.url, type: e.type }));
  cdp.on('Network.responseReceived', (e) => Object.assign(answers.get(e.requestId) ?? {}, { encoding: e.response.headers['Content-Encoding'], mime: e.response.mimeType }));
  cdp.on('Network.loadingFinished', (e) => Object.assign(answers.get(e.requestId) ?? {}, { bytes: e.encodedDataLength }));
  return {
    reset: () => answers.clear(),
    list: () => [...answers.values()].filter((a) => a.bytes),
    total() { return this.list().reduce((sum, a) => sum + a.bytes, 0); },
    told() { return this.list().map((a) => `${a.bytes}\t${a.encoding ?? '-'}\t${new URL(a.url).pathname}`).join('\n'); },
  };
}

for (const [name, who, address] of [
  ['login', null, () => '/login'],
  ['workbench', 'worker', () => '/'],
  ['screening', 'worker', ({ files }) => `/files/${files.carted}/screening`],
  ['plan', 'worker', ({ plans }) => `/plans/${plans.open}`],
]) {
  test(`the first load of the ${name} is at most 60 KB`, async ({ open }) => {
    const page = await open(who); // an empty cache
    const bytes = await meter(page);
    await page.goto(address(before().scene), { waitUntil: 'networkidle' });
    expect(bytes.list().some((a) => a.mime === 'text/css'), 'the style is counted').toBe(true);
    expect(bytes.list().some((a) => a.mime?.includes('javascript')), 'the script is counted').toBe(true);
    for (const a of bytes.list()) if (a.bytes > 2048) expect(a.encoding, `${a.url} travels packed`).toBe('gzip');
    test.info().annotations.push({ type: 'bytes', description: String(bytes.total()) });
    expect(bytes.total(), bytes.told()).toBeLessThanOrEqual(firstLoad);
  });
}

test('the second page loads nothing but itself', async ({ open }) => {
  const { files } = before().scene;
  const page = await open();
  await page.goto('/', { waitUntil: 'networkidle' });
  const bytes = await meter(page);
  await page.goto(`/files/${files.carted}/history`, { waitUntil: 'networkidle' });
  expect(bytes.list().map((a) => new URL(a.url).pathname)).toEqual([`/files/${files.carted}/history`]);
});

test('no swap is larger than 10 KB', async ({ open, watch }) => {
  watch.allowed.add(422);
  const { files, plans } = before().scene;
  const page = await open();
  await page.goto(`/files/${files.plain}/screening`, { waitUntil: 'networkidle' });
  const bytes = await meter(page);
  const swaps = async (name, act, until) => {
    bytes.reset();
    await act();
    await until();
    await page.waitForLoadState('networkidle');
    expect(bytes.list().length, `${name} asks the server`).toBeGreaterThan(0);
    expect(bytes.total(), `${name}:\n${bytes.told()}`).toBeLessThanOrEqual(swap);
  };
  const q = page.locator('#catalogue-q');
  await swaps('opening the catalogue', () => page.locator('#cart a[data-dialog]').click(), () => expect(q).toBeFocused());
  for (const letter of ['A', 'B', 'C', 'D', 'E', 'F']) {
    await swaps(`category ${letter}`, () => page.locator(`#catalogue-tab-${letter}`).click(), () => expect(page.locator(`#catalogue-tab-${letter}`)).toHaveClass(/on/));
  }
  await swaps('the filter', () => q.fill('aporte para'), () => expect(page.locator('#catalogue-tab-E .count')).toHaveText('0'));
  await q.fill('');
  await page.locator('#catalogue-tab-B').click();
  await swaps('adding', () => card(page, 'B001').locator('.opt-add button').click(), () => expect(page.locator('#cart li')).toHaveCount(1));
  await page.keyboard.press('Escape');
  await swaps('opening a line', () => page.locator('#cart li a[id^=edit-]').click(), () => expect(page.locator('#cart .line-edit')).toBeVisible());
  await swaps('saving a line', () => page.locator('#cart .line-edit .btn-primary').click(), () => expect(page.locator('#cart .line-edit')).toHaveCount(0));
  await swaps('removing', () => page.locator('#cart li form button').first().click(), () => expect(page.locator('#cart li')).toHaveCount(0));
  await page.goto(`/plans/${plans.open}`);
  await row(page, 'Materiales').locator('select').selectOption('confirmed');
  await swaps('a plan that comes back', () => page.locator('.save-bar button').click(), () => expect(page.locator('.error-summary')).toBeVisible());
  await page.goto(`/files/${files.crowd}/screening`);
  await swaps('all benefits', () => page.locator('#benefits-more').click(), () => expect(page.locator('#benefits tbody tr')).toHaveCount(40));
});
