// The types of the client, made from what `rolebook openapi` prints:
//
//   npm run types              writes client/contract.ts
//   npm run types -- --check   fails if the file is not what would be written
//
// Only what sites call is kept: the paths below /api/v1 and the schemas that they lead to.

import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import generate, { astToString } from 'openapi-typescript';
import { PROGRAM } from '../../browser/support/server.mjs';

const FILE = fileURLToPath(new URL('../client/contract.ts', import.meta.url));
const PREFIX = '/api/v1/';
const HEAD = '// Made from the OpenAPI document by support/types.mjs. Not to be changed by hand: npm run types\n\n';

/** The text of the file as it should be. */
export async function typesOfContract() {
  const { stdout } = await promisify(execFile)(PROGRAM, ['openapi'], { maxBuffer: 64 * 1024 * 1024 });
  return HEAD + astToString(await generate(publicPart(JSON.parse(stdout)), { alphabetize: true }));
}

/** The text of the file as it is. */
export function typesOfClient() {
  return readFile(FILE, 'utf8');
}

function publicPart(document) {
  const paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => path.startsWith(PREFIX)));
  const kept = new Set();
  follow(paths, document, kept);
  const components = Object.fromEntries(Object.entries(document.components).map(([group, named]) => [
    group, Object.fromEntries(Object.entries(named).filter(([name]) => kept.has(`#/components/${group}/${name}`))),
  ]));
  const { openapi, info } = document;
  return { openapi, info, paths, components };
}

/** Collects every component that `value` leads to. */
function follow(value, document, kept) {
  if (typeof value === 'string' && value.startsWith('#/components/') && !kept.has(value)) {
    kept.add(value);
    follow(value.slice(2).split('/').reduce((part, key) => part?.[key], document), document, kept);
  } else if (value !== null && typeof value === 'object') {
    for (const part of Object.values(value)) follow(part, document, kept);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const made = await typesOfContract();
  if (!process.argv.includes('--check')) await writeFile(FILE, made);
  else if (made !== await typesOfClient()) {
    console.error('client/contract.ts is not what the OpenAPI document makes: npm run types');
    process.exitCode = 1;
  }
}
