// Starts the real program once for the whole suite, on a free port and a data
// directory of its own that holds the demo and the people of cast.js, and ends
// it afterwards.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { household, operator, password, registry, unlucky } from './cast.js';
import { demo, demoPassword, newOperator, signIn, workers } from './desk.js';
import { Clerk, makeScene } from './scene.js';

const program = process.env.GSL_BIN || 'bin/gsl';
const households = 60; // of each kind
const operators = 20;

export default async function start() {
  const base = mkdtempSync(join(tmpdir(), 'gsl-e2e-'));
  const servers = [];
  const end = async () => {
    await Promise.all(servers.map(stop));
    rmSync(base, { recursive: true, force: true });
  };
  try {
    const data = join(base, 'data');
    Object.assign(process.env, { GSL_E2E_BASE: base, GSL_E2E_HOUSEHOLDS: households, GSL_E2E_OPERATORS: operators });
    prepare(base, data);
    servers.push(await serve(data, ['--demo']));
    process.env.GSL_URL = servers[0].url;
    servers.push(await serveSilent(base));
    await begin(base, servers[1]);
    return end;
  } catch (error) {
    await end();
    throw error;
  }
}

// prepare makes the demo and puts the suite's own people beside it, as an
// administrator would: by the commands.
function prepare(base, data) {
  command(['demo', '--data', data]);
  const files = registry(households);
  const paths = Object.keys(files).map((name) => join(base, `${name}.csv`));
  Object.values(files).forEach((text, i) => writeFileSync(paths[i], text));
  command(['import', 'registry', '--all-or-nothing', '--data', data, ...paths]);
  for (let n = 0; n < operators; n++) enrol(data, operator(n), '05802');
  damage(data);
}

function enrol(data, who, municipality) {
  command(['user', 'add', '--data', data, '--run', who.run, '--given-names', who.given_names, '--surnames', who.surnames,
    '--profession', 'Trabajadora social', '--role', 'case_manager', '--municipality', municipality, '--unit', 'social'], `${password}\n`);
}

// damage leaves one more municipality with a file that cannot be read; nobody
// else may notice.
function damage(data) {
  const dir = join(data, 'municipalities');
  const sound = readdirSync(dir);
  command(['municipality', 'add', '--data', data, '01101']);
  enrol(data, unlucky, '01101');
  for (const file of readdirSync(dir)) {
    if (!sound.includes(file) && /^[0-9a-f-]+\.db$/.test(file)) writeFileSync(join(dir, file), 'this is not a database '.repeat(4096));
  }
}

function command(args, input = '') {
  const done = spawnSync(program, args, { input, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`gsl ${args.join(' ')}: exit ${done.status}\n${done.stdout}${done.stderr}${done.error ?? ''}`);
  return done.stdout;
}

// serveSilent starts a second program whose registry stops answering once the
// first person was looked up in it.
async function serveSilent(base) {
  const data = join(base, 'silent');
  command(['municipality', 'add', '--data', data, '05802']);
  enrol(data, unlucky, '05802');
  command(['import', 'registry', '--data', data, join(base, 'people.csv'), join(base, 'benefits.csv')]);
  return Object.assign(await serve(data, []), { registry: join(data, 'registry.db') });
}

async function serve(data, flags) {
  const port = await freePort();
  const server = spawn(program, ['serve', ...flags, '--data', data, '--addr', `127.0.0.1:${port}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => { log += text; });
  server.url = `http://127.0.0.1:${port}`;
  await ready(server, () => log);
  return server;
}

// begin signs the suite's people in and plays what tests find already done. The
// tests read it from a file, because they run in processes of their own.
async function begin(base, silent) {
  const cookies = {};
  for (const [role, run] of Object.entries(demo)) cookies[role] = await signIn(run, demoPassword);
  cookies.unlucky = await signIn(unlucky.run, unlucky.password);
  for (let n = 0; n < workers; n++) {
    const who = newOperator();
    cookies[`worker ${n}`] = await signIn(who.run, who.password);
  }
  const scene = await makeScene(cookies['worker 0'], cookies.subsidies_desk);
  process.env.GSL_E2E_STATE = join(base, 'state.json');
  writeFileSync(process.env.GSL_E2E_STATE, JSON.stringify({ cookies, scene, silent: await silence(silent) }));
}

// silence looks a person up and then breaks the registry under the server's feet.
async function silence({ url, registry: file }) {
  const storageState = await signIn(unlucky.run, unlucky.password, url);
  const clerk = await Clerk.begin(storageState, url);
  const known = await clerk.lookUp(household('rich', 0).members[0].run);
  await clerk.text(`/files/${known}/screening`);
  for (const part of [file, `${file}-wal`]) {
    const broken = openSync(part, 'r+');
    writeSync(broken, Buffer.alloc(statSync(part).size, 'x'));
    closeSync(broken);
  }
  await clerk.lookUp(household('single', 1).members[0].run); // what was read before may still be in memory
  await clerk.end();
  return { url, storageState, known };
}

async function stop(server) {
  if (server.exitCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await ended;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function ready(server, log) {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (server.exitCode !== null) throw new Error(`the server ended before it was ready:\n${log()}`);
    const answer = await fetch(`${server.url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the server was not ready in time:\n${log()}`);
}
