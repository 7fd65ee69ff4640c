// How a page is looked at: by axe, by its width, and by the words it uses.
import AxeBuilder from '@axe-core/playwright';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, expect } from './desk.js';
import { typed } from './scene.js';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// clean asks axe; what it finds is told by rule and element. Of what is right axe
// need not make a list, and there is no sound or film to load first.
export async function clean(page, { only, without = [] } = {}) {
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'], preload: false });
  const { violations } = await (only ? axe.withRules(only) : axe.withTags(tags).disableRules(without)).analyze();
  expect(violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} ${n.html.slice(0, 160)}\n   ${n.failureSummary?.split('\n').slice(1).join(' ')}`)), 'axe finds nothing').toEqual([]);
}

// fits checks that nothing hangs over the edge: at the widths of the desks, and
// of a desk that is zoomed to 200 %.
export async function fits(page) {
  const before = page.viewportSize();
  for (const [width, height] of [[1366, 768], [1440, 900], [683, 384]]) {
    await page.setViewportSize({ width, height });
    const over = await page.evaluate(() => {
      const wide = document.scrollingElement.scrollWidth - innerWidth;
      if (wide <= 0) return '';
      const guilty = [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1);
      return `${wide} px: ${guilty.slice(-3).map((e) => `${e.tagName.toLowerCase()}.${e.className}`).join(', ')}`;
    });
    expect(over, `nothing hangs over the edge at ${width} px`).toBe('');
  }
  await page.setViewportSize(before);
}

// looked is what every state of every page has to stand: axe, the edges, by night too
// where that is told, and in English no Spanish but the data's: what stands in known
// or in an element of data. The English page differs in its words: colours and edges
// are measured in the longer Spanish.
export async function looked(page, lang, { dark = false, data = '', known = [] } = {}) {
  await expect(page.locator('html')).toHaveAttribute('lang', lang);
  if (lang === 'en') {
    await clean(page, { without: ['color-contrast'] });
    if (data) await page.locator(data).evaluateAll((list) => list.forEach((element) => element.remove()));
    expect(await leftovers(page, [...registered(), ...known]), `no Spanish is left on ${new URL(page.url()).pathname}`).toEqual([]);
    return;
  }
  await clean(page);
  await fits(page);
  if (!dark) return;
  await page.emulateMedia({ colorScheme: 'dark' });
  await clean(page, { only: ['color-contrast'] });
}

// --- Words. Data stay as they were written; everything else is English there.

const seeds = 'app/catalogue/seed';
const locales = 'app/kit/i18n/locales';
const data = new Set(['Gestión Social Local', 'Registro Social de Hogares', 'Español (Chile)']);
for (const file of readdirSync(seeds)) {
  for (const [, quoted, plain] of readFileSync(join(seeds, file), 'utf8').matchAll(/"([^"]+)"|([^",\n]+)/g)) {
    const cell = quoted ?? plain;
    for (const part of [cell, ...cell.split(/[;()|:]/)]) data.add(part.trim());
  }
}

// untranslated are the screen's own Spanish sentences.
function messages(lang) {
  const all = {};
  for (const file of readdirSync(join(locales, lang))) Object.assign(all, JSON.parse(readFileSync(join(locales, lang, file), 'utf8')));
  return all;
}
const english = messages('en');
const alike = new Set(Object.values(english)); // words that are English too
const untranslated = new Set(Object.entries(messages('es-CL')).filter(([, text]) => typeof text === 'string' && !alike.has(text)).map(([, text]) => text.trim()));

// Words that stand in nearly every Spanish sentence and in no English one.
const spanish = /(?<![\wáéíóúñ])(el|la|los|las|de|del|y|en|con|sin|por|para|un|una|se|su|sus|que|usted|hoy|ayer|hace|ítems?|carro|ficha|hogar|guardar|buscar|volver)(?![\wáéíóúñ])|[¿¡«»]/i;

// registered is what people typed and what the registries say of the scene's homes.
const registered = () => [...typed, ...Object.values(before().scene.homes).flatMap(saying)];

// saying is every text of a home's records.
export const saying = (home) => [home, ...home.members, ...(home.benefits ?? [])].flatMap((record) => Object.values(record)).filter((value) => typeof value === 'string');

// leftovers gives every text and label of the page in which Spanish is left once
// the data are taken out.
export async function leftovers(page, known = []) {
  const texts = await page.evaluate(() => {
    const list = new Set([document.title]);
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node; (node = walk.nextNode());) {
      if (node.parentElement.closest('[lang|=es]:not(html), script, style, textarea') || !node.textContent.trim()) continue;
      list.add(node.textContent.trim().replace(/\s+/g, ' '));
    }
    for (const e of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
      for (const name of ['aria-label', 'title', 'placeholder']) if (e.getAttribute(name)) list.add(e.getAttribute(name));
    }
    return [...list];
  });
  const taken = [...new Set([...data, ...known].filter((text) => text?.length > 3).map((text) => text.toLowerCase()))].sort((a, b) => b.length - a.length);
  return texts.filter((text) => {
    let rest = text.toLowerCase();
    if (taken.includes(rest)) return false;
    if (untranslated.has(text)) return true;
    if (!spanish.test(rest)) return false;
    for (const datum of taken) rest = rest.replaceAll(datum, '·');
    return spanish.test(rest);
  });
}
