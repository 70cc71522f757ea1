// Schemathesis against the program and the document that the program gives out: without a key, then with one that may do
// everything. Fails on 5xx, on a status, media type, header or schema that the document does not promise, and on what
// is accepted although the document forbids it.
//
//   ROLEBOOK_BINARY=… SCHEMATHESIS=…/bin/schemathesis node run.mjs
//
// What was sent and answered stays in target/contract.

import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { repository } from '../browser/support/folders.mjs';
import { startServer } from '../browser/support/server.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const evidence = join(repository, 'target/contract');
const schemathesis = process.env.SCHEMATHESIS ?? 'schemathesis';

await rm(evidence, { recursive: true, force: true });
await mkdir(evidence, { recursive: true });
const server = await startServer();
try {
  const person = await server.addPerson('Contract', 'administrator');
  const key = await server.addKey(person.email, 'all');
  const spared = await ownIds(key, person.email);
  const open = ['--include-path-regex', '^/(api|preview|media|healthz|readyz)', '--phases', 'examples,coverage,fuzzing'];
  const without = await run('without-key', 40, open, {});
  const allowed = ['--header', `Authorization: Bearer ${key}`];
  const withKey = await run('with-key', 120, allowed, { CONTRACT_KEY: key, CONTRACT_SPARED: spared.join(' ') });
  // A run that lost its key half-way has tested nothing since.
  await ownIds(key, person.email);
  process.exitCode = without || withKey;
} finally {
  await server.stop();
}

/** The ids of the account and of the key of this run. */
async function ownIds(key, email) {
  const ask = async path => {
    const response = await fetch(server.address + path, { headers: { authorization: `Bearer ${key}` } });
    if (!response.ok) throw new Error(`The key of the run is answered ${response.status} at ${path}.`);
    return response.json();
  };
  const { data: users } = await ask('/manage/v1/users');
  const { data: keys } = await ask('/manage/v1/api-keys');
  const own = users.find(user => user.email === email).id;
  return [own, ...keys.filter(({ owner }) => (owner.id ?? owner) === own).map(({ id }) => id)];
}

/** One run of so many seconds; its exit code. */
function run(name, seconds, flags, environment) {
  const child = spawn(schemathesis, [
    '--config-file', join(here, 'schemathesis.toml'), 'run', `${server.address}/api/v1/openapi.json`,
    '--url', server.address, '--max-time', String(seconds), '--report', 'json', '--report-json-path', join(evidence, `${name}.json`), '--no-color', ...flags,
  ], {
    cwd: evidence,
    env: { ...process.env, PYTHONPATH: here, PYTHONDONTWRITEBYTECODE: '1', CONTRACT_ADDRESS: server.address, ...environment },
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => resolve(code ?? 1));
  });
}
