// A PostgreSQL server of one's own that can be stopped and started again under whoever uses it.

import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = process.getuid() === 0;
const DEBIAN = '/usr/lib/postgresql';
const PROGRAMS = process.env.POSTGRES_PROGRAMS ?? newest();

/** `{ url, stop(), start(), remove() }` */
export async function ownPostgres() {
  const directory = await mkdtemp(join(tmpdir(), 'rolebook-cluster-'));
  const data = join(directory, 'data');
  const socket = join(directory, 'socket');
  await mkdir(socket);
  await chmod(directory, 0o755);
  if (ROOT) await hand(directory, socket);
  await server('initdb', '-D', data, '-N', '--auth=trust', '--username=rolebook', '--locale=C.UTF-8', '--encoding=UTF8');
  const control = (...words) => server('pg_ctl', '-D', data, '-w', '-l', join(data, 'log'), ...words);
  const options = port => `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${socket} -c max_connections=100`;
  const port = await freePort(port => control('-o', options(port), 'start'));
  return {
    url: `postgres://rolebook@127.0.0.1:${port}/postgres`,
    start: () => control('-o', options(port), 'start'),
    // Whoever is connected is cut off in the middle of what they do.
    stop: () => control('-m', 'immediate', 'stop'),
    remove: async () => {
      await control('-m', 'immediate', 'stop').catch(() => {});
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root; its own user runs it then. */
function server(program, ...words) {
  const path = join(PROGRAMS, program);
  return ROOT ? run('runuser', ['-u', 'postgres', '--', path, ...words]) : run(path, words);
}

async function hand(...directories) {
  const { stdout } = await run('id', ['-u', 'postgres']);
  for (const directory of directories) await chown(directory, Number(stdout), -1);
}

/** The first of some ports on which the server starts. */
async function freePort(start) {
  let last;
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const port = randomInt(20_000, 60_000);
    try {
      await start(port);
      return port;
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

function newest() {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((left, right) => Number(right) - Number(left)) : [];
  const found = versions.map(version => join(DEBIAN, version, 'bin')).find(folder => existsSync(join(folder, 'initdb')));
  if (!found) throw new Error('PostgreSQL is missing: POSTGRES_PROGRAMS names the folder of initdb and pg_ctl');
  return found;
}
