// The built binary with demo content, as its own process on a free port. This is the one place that knows how the
// program is started, what it prints, and how its database is copied.
//
// Filling a demo takes seconds, so a run fills one (`fillTemplate`) and every test file starts on a copy of it; a test
// file that is run alone fills its own.

import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { evidenceFolder, repository } from './folders.mjs';

const run = promisify(execFile);
/** The program under test. */
export const PROGRAM = process.env.ROLEBOOK_BINARY ?? join(repository, 'target/debug/rolebook');
/** A PostgreSQL server in which databases may be made; without it the tests are on SQLite. */
const POSTGRES = process.env.BROWSER_POSTGRES;
const LISTENING = /listening on (http:\/\/\S+)/;
const PERSON = /^\s+(?<name>.+) \((?<roles>[^()]+)\): (?<link>http:\/\/\S+\/admin\/demo\/\S+)$/;
/** A first start fills the demo. */
const START = 240_000;
/** The server itself gives requests ten seconds. */
const END = 20_000;

/** Fills a demo and ends the server again. The name that comes back goes into BROWSER_TEMPLATE for the test files. */
export async function fillTemplate() {
  const place = await emptyPlace();
  const server = await serve(place);
  await server.end();
  return { name: JSON.stringify(place), remove: () => removePlace(place) };
}

/**
 * A server of one's own: `{ address, link(role), addPerson(name, …roles), addKey(email, …scopes), stop() }`. More flags
 * of `serve` can be given.
 */
export async function startServer(more = []) {
  const template = process.env.BROWSER_TEMPLATE;
  const place = template ? await copyOf(JSON.parse(template)) : await emptyPlace();
  try {
    const server = await serve(place, ['--demo', ...more]);
    return {
      address: server.address,
      link: server.link,
      addPerson: (name, ...roles) => addPerson(place, name, roles),
      addKey: (email, ...scopes) => addKey(place, email, scopes),
      stop: async () => {
        try { await server.end(); } finally { await removePlace(place); }
      },
    };
  } catch (error) {
    await removePlace(place);
    throw error;
  }
}

/** A server of an empty site, without a demo: `{ address, program, flags, addPerson(name, …roles), stop() }`. */
export async function startEmptyServer() {
  const place = await emptyPlace();
  place.database ??= `sqlite://${join(place.directory, 'rolebook.db')}`;
  try {
    const server = await serve(place, []);
    return {
      address: server.address,
      program: PROGRAM,
      flags: flagsOf(place),
      addPerson: (name, ...roles) => addPerson(place, name, roles),
      stop: async () => {
        try { await server.end(); } finally { await removePlace(place); }
      },
    };
  } catch (error) {
    await removePlace(place);
    throw error;
  }
}

/**
 * One instance of a site whose database is there: `{ address, end(), kill() }`. `end` is polite and wants a clean end,
 * `kill` is neither.
 */
export function startInstance(place) {
  return serve(place, []);
}

async function serve(place, kind = ['--demo']) {
  if (!existsSync(PROGRAM)) throw new Error(`There is no program at ${PROGRAM}: cargo build`);
  await mkdir(evidenceFolder, { recursive: true });
  const log = join(evidenceFolder, `server-${process.pid}.log`);
  const database = place.database ? ['--database', place.database] : [];
  const child = spawn(PROGRAM, ['serve', ...kind, '--listen', '127.0.0.1:0', '--data-dir', place.directory, ...database], {
    env: withoutSettings(process.env), stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
  ended.catch(() => {});
  endWithUs(child, ended);
  let said = '';
  child.stderr.on('data', part => {
    said = (said + part).slice(-4000);
    appendFile(log, part).catch(() => {});
  });
  const people = [];
  const waiting = new Set();
  const address = await new Promise((resolve, reject) => {
    const late = setTimeout(() => { child.kill('SIGKILL'); reject(new Error(`The server was not ready in time.\n${said}`)); }, START);
    ended.then(code => reject(new Error(`The server ended before it was ready (${code}).\n${said}`)), reject)
      .finally(() => clearTimeout(late));
    createInterface({ input: child.stdout }).on('line', line => {
      const person = PERSON.exec(line)?.groups;
      if (person) people.push(person);
      for (const look of waiting) look();
      const listening = LISTENING.exec(line);
      if (listening) { clearTimeout(late); resolve(listening[1].replace(/\/$/, '')); }
    });
  });
  return {
    address,
    link: role => linkOf(role, people, waiting),
    end: () => end(child, ended),
    kill: () => { child.kill('SIGKILL'); return ended; },
  };
}

/** Makes an account with a password, as an administrator does on the command line: `{ email, password }`. */
export async function addPerson(place, name, roles) {
  const email = `${name.toLowerCase().replaceAll(' ', '.')}@example.org`;
  const password = `${randomBytes(6).toString('hex')} herons by the weir`;
  const flags = [
    ...flagsOf(place), '--email', email, '--name', name, ...roles.flatMap(role => ['--role', role]), '--password-stdin',
  ];
  const added = run(PROGRAM, ['user', 'add', ...flags], { env: withoutSettings(process.env) });
  added.child.stdin.end(`${password}\n`);
  await added;
  return { email, password };
}

/** Makes a key of this person, as an administrator does on the command line. */
export async function addKey(place, email, scopes) {
  const flags = [...flagsOf(place), '--name', 'Tests', '--owner', email, ...scopes.flatMap(scope => ['--scope', scope])];
  const { stdout } = await run(PROGRAM, ['api-key', 'add', ...flags], { env: withoutSettings(process.env) });
  return stdout.trim();
}

/** What other commands need to be told to work on the site of a server. */
function flagsOf({ directory, database }) {
  return ['--data-dir', directory, '--database', database ?? `sqlite://${join(directory, 'demo.db')}`];
}

/** A test run that is broken off leaves no server behind. */
function endWithUs(child, ended) {
  const signals = ['SIGINT', 'SIGTERM'];
  const kill = () => child.kill('SIGTERM');
  const leave = () => process.exit(130);
  process.once('exit', kill);
  for (const signal of signals) process.once(signal, leave);
  const forget = () => {
    process.off('exit', kill);
    for (const signal of signals) process.off(signal, leave);
  };
  ended.then(forget, forget);
}

/** The sign-in link of the first person with this role, once the server has printed it. */
function linkOf(role, people, waiting) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      waiting.delete(look);
      reject(new Error(`The server printed no sign-in link for a person who is ${role}. It printed: ${JSON.stringify(people)}`));
    }, 10_000);
    const look = () => {
      const person = people.find(({ roles }) => roles.toLowerCase().split(/\W+/).includes(role));
      if (!person) return;
      clearTimeout(late);
      waiting.delete(look);
      resolve(person.link);
    };
    waiting.add(look);
    look();
  });
}

/** Ends this one process, politely first. An end that is not clean is a fault of the server. */
async function end(child, ended) {
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), END);
  const code = await ended;
  clearTimeout(late);
  if (code !== 0) throw new Error(`The server did not end cleanly (${code}).`);
}

/** Settings of the person who runs the tests must not reach the server under test. */
function withoutSettings(environment) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('ROLEBOOK_')));
}

async function emptyPlace() {
  const directory = await mkdtemp(join(tmpdir(), 'rolebook-browser-'));
  return { directory, database: POSTGRES ? await makeDatabase() : null };
}

async function copyOf(template) {
  const directory = await mkdtemp(join(tmpdir(), 'rolebook-browser-'));
  await cp(template.directory, directory, { recursive: true });
  return { directory, database: template.database ? await makeDatabase(template.database) : null };
}

async function removePlace({ directory, database }) {
  if (database?.startsWith('postgres')) await ask(`DROP DATABASE IF EXISTS ${databaseName(database)}`);
  await rm(directory, { recursive: true, force: true });
}

async function makeDatabase(template) {
  const name = `browser_${randomBytes(6).toString('hex')}`;
  await ask(`CREATE DATABASE ${name}${template ? ` TEMPLATE ${databaseName(template)}` : ''}`);
  const address = new URL(POSTGRES);
  address.pathname = `/${name}`;
  return address.href;
}

function databaseName(address) {
  return new URL(address).pathname.slice(1);
}

function ask(statement) {
  return run('psql', ['--no-psqlrc', '--quiet', '--dbname', POSTGRES, '--command', statement]);
}
