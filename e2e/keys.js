// A person who works without a mouse: every press is followed by a look at where
// the focus is and whether it can be seen.
import { expect } from './desk.js';

// look says what has the focus and what is wrong with how it shows; "" is fine.
function look() {
  const at = document.activeElement;
  if (!at || at === document.body) return { what: 'body', wrong: '' };
  const what = `${at.tagName.toLowerCase()}${at.id ? '#' + at.id : ''} "${(at.getAttribute('aria-label') || at.textContent || at.name || '').trim().replace(/\s+/g, ' ').slice(0, 50)}"`;
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\d.]+/g).slice(0, 3).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const solid = (colour) => colour && !/^rgba\(.*, 0(\.\d+)?\)$|transparent/.test(colour);
  const behind = (element) => {
    for (let e = element.parentElement; e; e = e.parentElement) if (solid(getComputedStyle(e).backgroundColor)) return light(getComputedStyle(e).backgroundColor);
    return 1;
  };
  // A ring of 3:1 against what is behind it, as an outline or as a shadow without blur.
  const shows = (element) => {
    const style = getComputedStyle(element);
    const rings = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 ? [style.outlineColor] : [];
    for (const shadow of style.boxShadow.matchAll(/(rgba?\([^)]+\)) 0px 0px 0px [1-9]/g)) rings.push(shadow[1]);
    return rings.some((colour) => {
      const [high, low] = [light(colour), behind(element)].sort((a, b) => b - a);
      return solid(colour) && (high + 0.05) / (low + 0.05) >= 3;
    });
  };
  const ring = shows(at) || (at.tagName === 'INPUT' && shows(at.parentElement)); // a box drawn around field and button
  const box = at.getBoundingClientRect();
  const x = (Math.max(0, box.left) + Math.min(innerWidth, box.right)) / 2;
  const y = (Math.max(0, box.top) + Math.min(innerHeight, box.bottom)) / 2;
  const inSight = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const over = inSight && document.elementFromPoint(x, y);
  const wrong = [
    !ring && !at.matches('[tabindex="-1"]') && 'shows no focus', // what is only read, after a change, needs no ring
    !inSight && 'is out of sight',
    inSight && over && !at.contains(over) && !over.contains(at) && !at.labels?.[0]?.contains(over) && `is covered by ${over.tagName.toLowerCase()}.${over.className}`,
  ].filter(Boolean).join(', ');
  return { what, wrong };
}

export class Keys {
  constructor(page) { this.page = page; }

  // press presses one key and checks that the focus can be seen.
  async press(key) {
    await this.page.keyboard.press(key);
    return this.check(key);
  }

  async check(key = '') {
    let seen = await this.page.evaluate(look);
    if (seen.wrong) await expect.poll(async () => (seen = await this.page.evaluate(look)).wrong && `${seen.what} ${seen.wrong}`, { message: `after ${key || 'that'}`, timeout: 1_000 }).toBe('');
    return seen.what;
  }

  // go presses a key that leads to another page.
  go(key = 'Enter') { return this.page.keyboard.press(key); }

  type(text) { return this.page.keyboard.type(text); }

  // tabTo goes with Tab (or another key) to an element, seeing the focus all the way.
  async tabTo(target, most = 60, key = 'Tab') {
    const way = [];
    for (let i = 0; i < most; i++) {
      way.push(await this.press(key));
      if (await target.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error(`${most} times ${key} did not lead to ${target}:\n${way.join('\n')}`);
  }

  // round goes through the page with Tab until the focus is where it began, and
  // gives how many stops there were: a trap would never come round.
  async round(most = 400) {
    const stops = new Set();
    for (let i = 0; i < most; i++) {
      await this.press('Tab');
      const first = await this.page.evaluate(() => {
        const at = document.activeElement;
        if (at === document.body) return 'out';
        const again = at.dataset.e2eSeen;
        at.dataset.e2eSeen = '1';
        return again ? 'again' : 'new';
      });
      if (first === 'again') return stops.size;
      if (first === 'new') stops.add(i);
    }
    throw new Error(`the focus did not come round in ${most} presses`);
  }
}
