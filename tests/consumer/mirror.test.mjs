// The mirror ends byte for byte equal to the server, wherever it starts and whatever happens meanwhile.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Rolebook } from '#client';
import { Mirror } from './site/mirror.js';
import { stage } from './support/stage.mjs';

let server;
let rolebook;
let manage;
let stop;
let folder;

before(async () => {
  ({ server, rolebook, manage, stop } = await stage());
  folder = await mkdtemp(join(tmpdir(), 'rolebook-mirror-'));
});
after(async () => {
  await stop?.();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** The mirror's bytes are those of the server, page by page, and it holds no page more and none less. */
async function isExact(mirror) {
  const expected = new Map();
  for await (const { type, document, kind } of rolebook.paths()) {
    if (type !== 'live' && type !== 'withdrawn') continue;
    const response = await fetch(`${server.address}/api/v1/${kind}s/${document}`);
    expected.set(document, await response.text());
  }
  assert.ok(expected.size > 20);
  assert.deepEqual([...mirror.texts.keys()].sort(), [...expected.keys()].sort());
  for (const [id, text] of expected) assert.equal(mirror.texts.get(id), text, `the mirror's ${id} is another`);
}

/** What a client was asked for. */
function listening() {
  const asked = [];
  const client = new Rolebook(server.address, {
    fetch: (address, request) => {
      asked.push(new URL(address).pathname);
      return fetch(address, request);
    },
  });
  return { asked, client };
}

test('From nothing it becomes what the server has', async () => {
  const mirror = await Mirror.open(rolebook, folder);
  assert.equal(mirror.pages.length, 0);
  await mirror.catchUp();
  await isExact(mirror);
});

test('After publishing, moving, withdrawing, unpublishing and a new version of a shared section it is exact again, and has asked for nothing else', async () => {
  const paramedic = await rolebook.rolePages.get('paramedic');
  const shared = paramedic.sections.flatMap(section => section.blocks).find(block => block.kind === 'requirements').requirement_section;
  const area = paramedic.breadcrumbs[0];
  const made = await manage.publishNew('role-pages', { parent: area.id, content: { title: 'Control room supervisor', related_roles: [paramedic.id] } });
  await manage.republish('role-pages', made.id, document => ({ ...document, slug: 'control-room-lead' }));
  await manage.republish('role-pages', area.id, document => ({ ...document, slug: 'ambulance-work' }));
  await manage.republish('requirement-sections', shared.id, document => ({ ...document, content: { ...document.content, summary: 'What every paramedic is asked for.' } }));
  await manage.step('role-pages', paramedic.id, 'withdraw', { explanation: 'It is being rewritten.' });
  const gone = await rolebook.rolePages.get('phlebotomist');
  await manage.step('role-pages', gone.id, 'unpublish', { decision: 'gone', explanation: 'The role has changed.' });

  const { asked, client } = listening();
  const mirror = await Mirror.open(client, folder);
  const before = mirror.texts;
  assert.ok(before.size > 20, 'it goes on from what it kept');
  await mirror.catchUp();
  await isExact(mirror);
  assert.equal(mirror.at(`/ambulance-work/control-room-lead`)?.id, made.id);
  assert.equal(mirror.at('/ambulance-work/paramedic')?.notice, 'It is being rewritten.');
  assert.equal(mirror.texts.has(gone.id), false);
  const fetched = asked.filter(path => path !== '/api/v1/changes').map(path => path.split('/').at(-1));
  assert.equal(new Set(fetched).size, fetched.length, 'each page is fetched once');
  for (const [id, text] of mirror.texts) {
    if (!fetched.includes(id)) assert.equal(text, before.get(id));
  }
  assert.ok(fetched.length < mirror.texts.size, 'what did not change is not fetched');
});

test('It follows what happens, and goes on after a stop where it was', async () => {
  const stopping = new AbortController();
  const mirror = await Mirror.open(rolebook, folder);
  await mirror.catchUp();
  const ended = assert.rejects(mirror.follow(stopping.signal), { name: 'AbortError' });
  const kept = new Promise(resolve => {
    const apply = mirror.apply.bind(mirror);
    mirror.apply = async (...batch) => { await apply(...batch); resolve(); };
  });
  await manage.publishNew('role-pages', { content: { title: 'Seen while following' } });
  await kept;
  await isExact(mirror);
  stopping.abort();
  await ended;
  const { asked, client } = listening();
  const again = await Mirror.open(client, folder);
  await again.catchUp();
  await isExact(again);
  assert.deepEqual(asked, ['/api/v1/changes']);
});

test('With a cursor of another time it begins again, and forgets what is no more', async () => {
  const strange = await mkdtemp(join(tmpdir(), 'rolebook-mirror-'));
  try {
    const old = await Mirror.open(rolebook, strange);
    const { cursor } = await rolebook.changes();
    const page = (await rolebook.rolePages.answer('biomedical-scientist')).text;
    const imagined = { ...JSON.parse(page), id: '00000000-0000-7000-8000-000000000000' };
    await old.apply({ resync: false, more: false, data: [], cursor: cursor.replace(/^[0-9a-f]/, digit => digit === '0' ? '1' : '0') });
    await writeFile(join(strange, `${imagined.id}.json`), JSON.stringify(imagined));
    const mirror = await Mirror.open(rolebook, strange);
    assert.equal(mirror.pages.length, 1);
    await mirror.catchUp();
    await isExact(mirror);
  } finally {
    await rm(strange, { recursive: true, force: true });
  }
});
