// How a page is looked at: by axe, by its width, and by the words it uses.
import AxeBuilder from '@axe-core/playwright';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from './desk.js';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// clean asks axe; what it finds is told by rule and element.
export async function clean(page, rules) {
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations } = await (rules ? axe.withRules(rules) : axe.withTags(tags)).analyze();
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
    for (const datum of taken) rest = rest.replaceAll(datum, '·');
    return spanish.test(rest);
  });
}
