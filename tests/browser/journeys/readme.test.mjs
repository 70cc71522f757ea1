// The loop for programs in the README, run as it stands there: what a newcomer pastes works, and ends with the case
// resolved. Only the address of the server and the way to the program are other than in the text.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { repository } from '../support/folders.mjs';
import { startEmptyServer } from '../support/server.mjs';

const run = promisify(execFile);
const ALIAS = "alias rolebook='cargo run --release --quiet --'";
const ADDRESS = 'http://127.0.0.1:8080';

let site;
before(async () => { site = await startEmptyServer(); });
after(() => site?.stop());

test('the loop for programs does what the README says', async () => {
  const readme = await readFile(join(repository, 'README.md'), 'utf8');
  const part = readme.split('\n## ').find(section => section.startsWith('The same loop for programs\n'));
  const blocks = [...part.matchAll(/^```sh\n(?<commands>.*?)^```$/gmsu)].map(match => match.groups.commands);
  assert.equal(blocks.length, 5);
  const text = blocks.join('\necho ----\n');
  assert.ok(text.includes(ALIAS) && text.includes(ADDRESS));
  const quoted = [site.program, ...site.flags].map(word => `'${word}'`);
  const [program, ...flags] = quoted;
  const commands = text
    .replace(ALIAS, `rolebook() { ${program} "$1" "$2" ${flags.join(' ')} "\${@:3}"; }`)
    .replaceAll(ADDRESS, site.address.replace(/\/$/u, ''));
  const script = `${commands}\necho ----\necho "$KEY $CASE"`;
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { timeout: 60_000 });
  const [, made, fetched, reported, fixed, last] = stdout.split('----\n');

  assert.match(made, /"live"/u);
  assert.match(fetched, /"title":"Service desk operator"/u);
  assert.match(fetched, /You is/u);
  assert.match(reported, /"state":"new"/u);
  assert.doesNotMatch(reported, /07700/u);
  assert.match(fixed, /"title":"Service desk operator"/u);
  const [key, id] = last.trim().split(' ');
  const closed = await untilClosed(`${site.address}/manage/v1/cases/${id}`, key);
  assert.equal(closed.state, 'resolved');
});

/** The case, once it is closed: publishing does it a moment later. */
async function untilClosed(address, key) {
  const late = Date.now() + 20_000;
  for (;;) {
    const answer = await fetch(address, { headers: { authorization: `Bearer ${key}` } });
    const found = await answer.json();
    if (found.state === 'resolved' || Date.now() > late) return found;
  }
}
