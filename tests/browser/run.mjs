// The browser tests, all or some, in their order:
//
//   npm ci --ignore-scripts && npm test [-- WORD…]     only test files whose path has one of the words
//
// BROWSER_POSTGRES=postgres://… makes the servers keep their content in databases of that PostgreSQL. The program has to
// be built. What was seen stays in target/browser: server logs, all HTML, pictures of pages in which a test failed.

import { spawn } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { evidenceFolder } from './support/folders.mjs';
import { fillTemplate } from './support/server.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const words = process.argv.slice(2);
/** Test files at a time: each waits for its browser half of the time, and has a server and a browser of its own. */
const AT_A_TIME = 2;

const files = await chosen();
if (files.length === 0) {
  console.error(`No test file has ${words.join(' or ')} in its path.`);
  process.exit(2);
}
await rm(evidenceFolder, { recursive: true, force: true });
process.exitCode = await runAll(files);

/** The checks of the checks first, the validity of all saved pages last. */
async function chosen() {
  const files = [];
  for (const folder of ['selftest', '.', 'journeys']) {
    const names = (await readdir(join(here, folder))).filter(name => name.endsWith('.test.mjs')).sort();
    files.push(...names.map(name => join(folder, name)));
  }
  const wanted = files.filter(file => words.length === 0 || words.some(word => file.includes(word)));
  const isLast = file => file === 'validity.test.mjs';
  // Pages are worth judging whichever files were chosen, as long as some of them visit the program.
  const last = wanted.some(needsServer) ? files.filter(isLast) : [];
  return [...wanted.filter(file => !isLast(file)), ...last];
}

function needsServer(file) {
  return !file.startsWith('selftest');
}

async function runAll(files) {
  const last = files.filter(file => file === 'validity.test.mjs');
  const others = files.filter(file => !last.includes(file));
  const template = others.some(needsServer) ? await fillTemplate() : null;
  try {
    let code = 0;
    if (others.length > 0) code = await nodeTest(others, template && { BROWSER_TEMPLATE: template.name });
    // What was seen is validated even if something failed.
    if (last.length > 0) code = await nodeTest(last) || code;
    return code;
  } finally {
    await template?.remove();
  }
}

function nodeTest(files, environment) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--test', `--test-concurrency=${AT_A_TIME}`, '--test-reporter=spec', ...files], {
      cwd: here, env: { ...process.env, ...environment }, stdio: 'inherit',
    });
    const pass = signal => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, pass);
    child.once('error', reject);
    child.once('exit', code => {
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, pass);
      resolve(code ?? 1);
    });
  });
}
