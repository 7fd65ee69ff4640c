// The work on cases: the log, how a case ends, the unit's board and a working list;
// in both languages, clean for axe, nothing over the edge.
import { agree, before, expect, family, fill, lookUp, send, test } from './desk.js';
import { looked, saying } from './look.js';

const texts = ['Avisó que la escuela la cita el jueves.', 'Era el viernes.', 'Reunión por la permanencia en la escuela.', 'Ana Soto, escuela', 'Ana Soto', 'Pedir la ficha escolar', 'Jefa de UTP',
  'Visitas de julio (en)', 'Se consiguió la matrícula y la familia quedó acompañada por la escuela.'];

const today = () => new Intl.DateTimeFormat('es-CL', { day: '2-digit', month: '2-digit', year: 'numeric', timeZone: 'America/Santiago' }).format(new Date());

// What people and the demo wrote, and whose it is.
const table = 'td, tbody th, option, .working-lists .chip';

// looks gives what looks at a page in a language: at its own words, not the data's.
function looks(page, lang, home) {
  const known = [...texts, ...(home ? saying(home) : [])];
  return (data) => looked(page, lang, { data, known });
}

for (const lang of ['es-CL', 'en']) {
  test(`${lang}: the log of a case, and how the case ends`, async ({ lend, watch }) => {
    watch.allowed.add(409).add(422);
    const page = await lend('worker', lang);
    const home = family('single');
    const look = looks(page, lang, home);
    const file = await lookUp(page, home.members[0].run);
    await fill(page, file, { B001: {} });
    const plan = await agree(page, file);

    await page.goto(`/files/${file}/notes`);
    const form = page.locator('#note-form');
    await form.locator('[name=kind][value=meeting]').check();
    await form.locator('[name=text]').fill(texts[2]);
    await expect(page.locator('#note-saved')).toContainText(lang === 'en' ? /Saved|Kept/ : 'Guardado');
    await page.reload(); // what was being typed comes back
    await expect(form.locator('[name=text]')).toHaveValue(texts[2]);
    await form.locator('.note-actions .btn-primary').click();
    await expect(form.locator('.error-summary')).toBeVisible(); // nobody took part
    await look();
    await form.locator('[name=participants]').fill(texts[3]);
    await form.locator('[name="agreement[0]"]').fill(texts[5]);
    await form.locator('[name="responsible[0]"]').fill(texts[6]);
    await form.locator('[name="due[0]"]').fill(today());
    await form.locator('.note-actions .btn-primary').click();
    const note = page.locator('[data-note=meeting]');
    await expect(note).toContainText(texts[5]);
    await note.locator('details summary').click();
    await note.locator('details textarea').fill(texts[1]);
    await note.locator('details button').click();
    await expect(page.locator('.log-added')).toContainText(texts[1]);
    await look('.log-by');

    // A case with an open plan does not end by its objectives, and ends only when that was said.
    await page.goto(`/files/${file}/case/close`);
    await page.locator('[name=reason][value=objectives_met]').check();
    await page.locator('[name=summary]').fill(texts.at(-1));
    await page.locator('#close-form .btn-primary').click();
    await expect(page.locator('.error-summary')).toBeVisible();
    await look();
    await page.locator('[name=reason][value=moved_away]').check(); // objectives that are open were not met
    await page.locator('[name=anyway]').check();
    await page.locator('#close-form .btn-primary').click();
    await expect(page.locator('.past-case')).toContainText(texts.at(-1));
    await look('td');
    await page.goto(plan);
    await expect(page.locator('[data-plan]').first()).toHaveAttribute('data-plan', 'closed');
  });

  test(`${lang}: the unit's board and a working list`, async ({ lend }) => {
    const page = await lend('unit_head', lang);
    const look = looks(page, lang);
    await page.goto('/cases');
    await expect(page.locator('table.board')).toBeVisible();
    await look(table);
    await page.goto('/cases');
    await page.locator('.save-list summary').click();
    const name = `Visitas de julio (${lang})`;
    await page.locator('table.cases [name=case]').first().check();
    await page.locator('.save-list [name=name]').fill(name);
    await page.locator('.save-list button').first().click();
    await expect(page.locator('h1')).toHaveText(name);
    await expect(page.locator('table.cases tbody tr')).toHaveCount(1);
    await look(`${table}, h1, .opened-list .muted`);
    const removed = await send(page, `${await page.locator('.opened-list').getAttribute('action')}`);
    expect(removed.status()).toBe(303);
  });
}
