// The tests of the client and of the sample site, against the program with its demo:
//
//   npm ci --ignore-scripts && npm test
//
// The client is compiled first; what was compiled stays in built/, which version control ignores.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fillTemplate } from '../browser/support/server.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');

process.exitCode = node(compiler, '--project', 'client') || node(compiler, '--project', 'site') || await tests();

async function tests() {
  const files = readdirSync(here).filter(name => name.endsWith('.test.mjs')).sort();
  const template = await fillTemplate();
  process.env.BROWSER_TEMPLATE = template.name;
  try {
    return node('--test', '--test-reporter=spec', ...files);
  } finally {
    await template.remove();
  }
}

function node(...words) {
  return spawnSync(process.execPath, words, { cwd: here, stdio: 'inherit' }).status ?? 1;
}
