// What has happened before a test looks: files, carts and plans in every state,
// made once through the forms' own addresses.
import { expect, request } from '@playwright/test';
import { family } from './desk.js';

// Clerk works without a screen.
export class Clerk {
  static async begin(storageState, baseURL = process.env.GSL_URL) {
    const clerk = new Clerk();
    clerk.api = await request.newContext({ baseURL, storageState, locale: 'es-CL' });
    clerk.token = (await (await clerk.api.get('/account')).text()).match(/name="_token" value="([^"]+)"/)[1];
    return clerk;
  }

  async post(path, form, status = 303) {
    const answer = await this.api.post(path, { form: { _token: this.token, ...form }, maxRedirects: 0 });
    expect(answer.status(), `${path}: ${answer.status() === status ? '' : await answer.text()}`).toBe(status);
    return answer.headers().location ?? '';
  }

  async text(path) { return (await this.api.get(path)).text(); }

  async lookUp(run) { return (await this.post('/lookup', { run })).match(/\/files\/(\w+)/)[1]; }

  async fill(file, items) {
    for (const [item, fields] of Object.entries(items)) await this.post(`/files/${file}/cart/items`, { item, ...fields });
  }

  async agree(file) {
    const key = (await this.text(`/files/${file}/checkout`)).match(/name="key" value="([^"]+)"/)[1];
    return (await this.post(`/files/${file}/checkout`, { key, agreed: 'signed' })).match(/\/plans\/(\w+)/)[1];
  }

  // items gives the ids of a plan's items by their names.
  async items(plan) {
    const rows = [...(await this.text(`/plans/${plan}`)).matchAll(/<tr data-item="[^"]+" id="item-(\w+)">(.*?)<\/tr>/gs)];
    return Object.fromEntries(rows.map(([, id, html]) => [html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ').trim().replace(/^\w /, ''), id]));
  }

  async save(plan, statuses) {
    const ids = await this.items(plan);
    const form = {};
    for (const [name, [status, reason]] of Object.entries(statuses)) {
      const id = ids[Object.keys(ids).find((text) => text.startsWith(name))];
      form[`status[${id}]`] = status;
      if (reason) form[`reason[${id}]`] = reason;
    }
    await this.post(`/plans/${plan}/items`, form);
  }

  end() { return this.api.dispose(); }
}

// What people typed, here and in the demo's stories.
export const typed = [
  'La madre vive con ella y no puede venir.', 'Para cerrar la pieza del fondo antes del invierno.', 'No quedan cupos este año.', 'No concedida:', 'La persona desistió.',
  'Situación de emergencia acreditada en la entrevista.', 'persona de 60 años o más', // kept with the item in the language of whoever added it
];

export const wanted = {
  supplies: { E501: {} },
  water: { D102: { numero_de_cliente: '884-2231', empresa_sanitaria: 'Esval' } },
  office: { D206: { override_reason: 'La madre vive con ella y no puede venir.' } },
  materials: { E301: { note: 'Para cerrar la pieza del fondo antes del invierno.' } }, // above the worker's threshold
};

export async function makeScene(storageState, deskState) {
  const clerk = await Clerk.begin(storageState);
  const desk = await Clerk.begin(deskState);
  const homes = Object.fromEntries(['carted', 'open', 'closed', 'plain'].map((name) => [name, family('rich')]));
  Object.assign(homes, { single: family('single'), crowd: family('crowd'), stranger: family('stranger') });
  const files = {};
  for (const [name, home] of Object.entries(homes)) files[name] = await clerk.lookUp(home.members[0].run);
  files.relative = await clerk.lookUp(homes.open.members[1].run);
  const { supplies, water, office, materials } = wanted;

  await clerk.fill(files.carted, { ...supplies, ...water, ...office, ...materials, B001: {} });
  const cart = await clerk.text(`/files/${files.carted}/cart`);
  await clerk.post(`/files/${files.carted}/cart/items/${cart.match(/id="line-(\w+)"/)[1]}/remove`, {});

  const plans = {};
  await clerk.fill(files.open, { ...supplies, ...water, ...office, ...materials });
  plans.open = await clerk.agree(files.open);
  await clerk.save(plans.open, { 'Oficina de Personas Mayores': ['not-achieved', 'No quedan cupos este año.'] });
  const asked = (await clerk.text(`/plans/${plans.open}`)).match(/Subsidio al Agua Potable.*?href="(\/referrals\/\w+)"/s)[1];
  await desk.post(`${asked}/receive`, {});

  await clerk.fill(files.closed, { ...supplies, ...water });
  plans.closed = await clerk.agree(files.closed);
  await clerk.save(plans.closed, { 'Útiles escolares': ['confirmed'], 'Subsidio al Agua Potable': ['withdrawn', 'La persona desistió.'] });
  await clerk.fill(files.closed, { B001: {} });
  plans.next = await clerk.agree(files.closed);
  await clerk.end();
  await desk.end();
  return { homes, files, plans };
}
