// The people of the suite. Nobody is real: their RUNs begin where no RUN has yet
// been given, and every one of them is computed here. A test takes a household of
// its own, so that tests can run side by side and none depends on another.

const commune = '05802';

export function run(body) {
  let sum = 0;
  for (let rest = body, weight = 2; rest > 0; rest = Math.floor(rest / 10), weight = weight === 7 ? 2 : weight + 1) sum += (rest % 10) * weight;
  const digit = 11 - (sum % 11);
  return `${body}-${digit === 11 ? '0' : digit === 10 ? 'K' : digit}`;
}

// written gives a RUN as the screen shows it.
export function written(text) {
  const [body, digit] = text.split('-');
  return `${body.replace(/\B(?=(\d{3})+$)/g, '.')}-${digit}`;
}

export function daysAgo(days) {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

function born(years) {
  const date = new Date();
  return `${date.getUTCFullYear() - years}-01-15`;
}

const person = {
  sex: 'F', nationality: 'chilena', relationship: 'hijo/a', is_head: 0, income: 0, education: 'media completa', student: 0,
  health_insurance: 'FONASA B', pension: '', occupation: '', disability: 0, dependency: '', carer: 0, pregnant: 0, phone: '', email: '',
};

const home = {
  tramo: 40, address: 'Pasaje Los Aromos 1418', dwelling_type: 'casa', tenure: 'arrendada sin contrato', water: 'red pública', rooms: 3,
};

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

// mark makes names unlike any other household's: each test can look for its own.
function mark(n) {
  return `Quil${letters[Math.floor(n / 26) % 26].toLowerCase()}${letters[n % 26].toLowerCase()}nco`;
}

// The kinds of household. server.js says how many there are of each.
const kinds = {
  // Six people of the lowest tramo with everything the criteria ask about.
  rich: {
    home,
    members: (name) => [
      { given_names: 'Rosa Elvira', surnames: `${name} Soto`, birth_date: born(41), relationship: 'jefe/a de hogar', is_head: 1, income: 212000, carer: 1, occupation: 'temporera/o', phone: '+56 9 8765 4321', email: 'rosa@ejemplo.cl' },
      { given_names: 'Manuel', surnames: 'Pérez Godoy', birth_date: born(44), sex: 'M', relationship: 'conviviente de hecho', income: 200300, disability: 1, occupation: 'cesante' },
      { given_names: 'Matías', surnames: `Pérez ${name}`, birth_date: born(16), sex: 'M', education: 'media incompleta', student: 1 },
      { given_names: 'Isidora', surnames: `Pérez ${name}`, birth_date: born(7), education: 'básica incompleta', student: 1 },
      { given_names: 'Camila', surnames: `Pérez ${name}`, birth_date: born(21), pregnant: 1, occupation: 'dueña de casa' },
      { given_names: 'Elena', surnames: `Soto ${name}`, birth_date: born(78), relationship: 'otro familiar', education: 'básica completa', pension: 'PGU', dependency: 'severa', health_insurance: 'FONASA A', occupation: 'pensionada/o' },
    ],
    benefits: (members) => [
      { run: members[5].run, benefit_code: 'RIS-PGU', benefit_name: 'Pensión Garantizada Universal', provider: 'IPS', granted_on: daysAgo(30), amount_clp: 224004, quantity: 1, unit: 'pago' },
      { run: members[0].run, benefit_code: 'RIS-AFP', benefit_name: 'Aporte Familiar Permanente', provider: 'IPS', granted_on: daysAgo(250), amount_clp: 64574, quantity: 1, unit: 'pago' },
    ],
  },
  // One person of the highest tramo, to whom nearly nothing is open.
  single: {
    home: { ...home, tramo: 100, address: 'Avenida Urmeneta 55', dwelling_type: 'departamento', tenure: 'propia pagada', rooms: 2 },
    members: (name) => [{ given_names: 'Tomás', surnames: `${name} Errázuriz`, birth_date: born(35), sex: 'M', relationship: 'jefe/a de hogar', is_head: 1, income: 2450000, education: 'superior completa', health_insurance: 'ISAPRE', occupation: 'trabaja' }],
    benefits: () => [],
  },
  // Fifteen people with the longest names that a registry holds.
  crowd: {
    home: { ...home, tramo: 50, address: 'Camino vecinal Los Laureles sin número, parcela 14, sitio B, sector Lliu Lliu Alto', rooms: 4 },
    members: (name) => Array.from({ length: 15 }, (_, i) => ({
      given_names: `Maximiliana Guadalupe de las Mercedes ${letters[i]}.`, surnames: `${name}huenchulaf Fernández de la Reguera y Larraín-Valdivieso`,
      birth_date: born(70 - i * 4), sex: i % 2 ? 'M' : 'F', relationship: i === 0 ? 'jefe/a de hogar' : 'otro familiar', is_head: i === 0 ? 1 : 0,
      income: i < 4 ? 123456 : 0, student: i > 12 ? 1 : 0, occupation: i < 4 ? 'independiente' : 'cesante', health_insurance: 'FONASA A',
    })),
    benefits: (members) => Array.from({ length: 40 }, (_, i) => (
      { run: members[i % 15].run, benefit_code: 'RIS-SAP', benefit_name: 'Subsidio al Agua Potable', provider: 'Municipalidad', granted_on: daysAgo(20 + i * 31), amount_clp: 8430 + i, quantity: 1, unit: 'pago' }
    )),
  },
};

const bases = { rich: 35_000_000, single: 35_200_000, crowd: 35_300_000, stranger: 35_500_000 };

// household gives the nth household of a kind; a stranger is in no registry.
export function household(kind, n) {
  const body = bases[kind] + n * 20;
  if (kind === 'stranger') return { kind, members: [{ run: run(body + 1), given_names: '', surnames: '' }], benefits: [] };
  const made = kinds[kind];
  const members = made.members(mark(n)).map((m, i) => ({ ...person, ...m, run: run(body + i + 1) }));
  return { kind, ...made.home, folio: `E2E${kind}${n}`, members, benefits: made.benefits(members) };
}

export function named(member) {
  return `${member.given_names} ${member.surnames}`;
}

const registryColumns = ['folio', 'run', 'given_names', 'surnames', 'birth_date', 'sex', 'nationality', 'relationship', 'is_head', 'tramo', 'income',
  'education', 'student', 'health_insurance', 'pension', 'occupation', 'disability', 'dependency', 'carer', 'pregnant', 'phone', 'email',
  'address', 'commune_code', 'dwelling_type', 'tenure', 'water', 'rooms', 'data_date'];
const benefitColumns = ['run', 'benefit_code', 'benefit_name', 'provider', 'granted_on', 'amount_clp', 'quantity', 'unit'];

function csv(columns, rows) {
  const cell = (value) => (/[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
  return [columns.join(','), ...rows.map((row) => columns.map((column) => cell(row[column])).join(','))].join('\n') + '\n';
}

// registry writes everyone as the two files that a registry hands out.
export function registry(each) {
  const all = Object.keys(kinds).flatMap((kind) => Array.from({ length: each }, (_, n) => household(kind, n)));
  return {
    people: csv(registryColumns, all.flatMap((h) => h.members.map((m) => ({ ...h, ...m, commune_code: commune, data_date: daysAgo(20) })))),
    benefits: csv(benefitColumns, all.flatMap((h) => h.benefits)),
  };
}

// The operators of the suite: case managers who have not worked yet. A test that
// ends sessions, changes a preference or begins at the agreement takes one.
export const password = 'un lápiz azul sobre la mesa';
export function operator(n) {
  return { run: run(36_000_000 + n), given_names: 'Operaria', surnames: `Núm${letters[n % 26].toLowerCase()} Prueba`, password };
}

// unlucky works in a municipality whose file is damaged.
export const unlucky = operator(999);
