// Every method of the client, against a running server.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Gone, Invalid, NotFound, Problem, Rolebook, Unavailable } from '#client';
import { stage } from './support/stage.mjs';
import { typesOfClient, typesOfContract } from './support/types.mjs';

let server;
let rolebook;
let manage;
let stop;

before(async () => { ({ server, rolebook, manage, stop } = await stage()); });
after(() => stop?.());

async function all(items) {
  const found = [];
  for await (const item of items) found.push(item);
  return found;
}

test('The types are what the OpenAPI document makes, byte for byte', async () => {
  assert.equal(await typesOfClient(), await typesOfContract(), 'make them again: npm run types');
});

describe('Lists', () => {
  test('come one by one, whatever the size of their pages', async () => {
    const { total } = await rolebook.rolePages.page();
    const titles = (await all(rolebook.rolePages.list({ limit: 4 }))).map(card => card.title);
    assert.ok(total > 4);
    assert.equal(titles.length, total);
    assert.deepEqual(titles, (await all(rolebook.rolePages.list({ limit: 100 }))).map(card => card.title));
  });

  test('are filtered, sorted and narrowed as they are asked to', async () => {
    const [area] = await all(rolebook.rolePages.list({ fields: ['breadcrumbs'] }));
    const below = await all(rolebook.rolePages.list({ parent: area.id, sort: '-updated_at', limit: 2 }));
    assert.ok(below.length > 2);
    assert.ok(below.every(card => card.path.startsWith(`${area.path}/`)));
    const times = below.map(card => Date.parse(card.updated_at));
    assert.deepEqual(times, [...times].sort((one, other) => other - one));
    assert.deepEqual((await all(rolebook.rolePages.list({ ids: [below[1].id] }))).map(card => card.id), [below[1].id]);
  });

  test('of what words find come the best first, whatever is mistyped', async () => {
    const answer = await rolebook.search({ q: 'paramedik', kind: 'role-page', limit: 1 });
    assert.equal(answer.data[0].title, 'Paramedic');
    const hits = await all(rolebook.hits({ q: 'paramedik', kind: 'role-page', limit: 1 }));
    assert.deepEqual([hits.length, hits[0].id], [answer.total, answer.data[0].id]);
  });

  test('of requirement sections and of paths come the same way', async () => {
    const sections = await all(rolebook.requirementSections.list({ limit: 3 }));
    assert.ok(sections.length > 3 && sections.every(card => card.kind === 'requirement-section'));
    const paths = await all(rolebook.paths());
    assert.deepEqual(new Set(paths.map(path => path.type)), new Set(['live', 'withdrawn', 'redirect', 'gone']));
  });
});

describe('Pages', () => {
  test('are found by slug and by id, in full or in part', async () => {
    const page = await rolebook.rolePages.get('paramedic');
    assert.deepEqual(await rolebook.rolePages.get(page.id), page);
    assert.deepEqual(await rolebook.rolePages.pick('paramedic', ['title', 'path']), { id: page.id, title: page.title, path: page.path });
    const embedded = page.sections.flatMap(section => section.blocks).find(block => block.kind === 'requirements');
    const section = await rolebook.requirementSections.get(embedded.requirement_section.slug);
    assert.ok(section.routes.length > 0);
    assert.deepEqual(section.routes.map(route => route.plain), embedded.requirement_section.routes.map(route => route.plain));
    assert.ok(section.used_by.some(card => card.id === page.id));
  });

  test('can be had as they were', async () => {
    const page = await rolebook.rolePages.get('paramedic');
    const first = await rolebook.rolePages.get('paramedic', { as_of: page.first_published_at });
    assert.ok(first.version < page.version);
  });

  test('are answered from memory while they are as they were, and never longer', async () => {
    const counting = new Rolebook(server.address);
    const made = await manage.publishNew('role-pages', { content: { title: 'Remembered role' } });
    const first = await counting.rolePages.answer(made.slug);
    const again = await counting.rolePages.answer(made.slug);
    assert.deepEqual([first.remembered, again.remembered, again.text], [false, true, first.text]);
    await manage.republish('role-pages', made.id, document => ({ ...document, content: { ...document.content, summary: 'New words.' } }));
    const changed = await counting.rolePages.answer(made.slug);
    assert.equal(changed.remembered, false);
    assert.equal(JSON.parse(changed.text).summary, 'New words.');
  });

  test('are forgotten when more has been asked for than is remembered', async () => {
    const forgetful = new Rolebook(server.address, { remember: 1 });
    await forgetful.rolePages.answer('paramedic');
    assert.equal((await forgetful.rolePages.answer('paramedic')).remembered, true);
    await forgetful.rolePages.answer('phlebotomist');
    assert.equal((await forgetful.rolePages.answer('paramedic')).remembered, false);
  });

  test('are found by their path, wherever they have moved', async () => {
    const paths = await all(rolebook.paths());
    const live = paths.find(path => path.type === 'live' && path.path.split('/').length === 3);
    const here = await rolebook.at(live.path);
    assert.deepEqual([here.found, here.page.id], ['page', live.document]);
    const old = paths.find(path => path.type === 'redirect');
    assert.deepEqual(await rolebook.at(old.path, { follow: false }), { found: 'moved', location: old.location });
    const followed = await rolebook.at(old.path);
    assert.deepEqual([followed.found, followed.page.path], ['page', old.location]);
  });

  test('that have gone are told from those that never were', async () => {
    const gone = (await all(rolebook.paths())).find(path => path.type === 'gone');
    const there = await rolebook.at(gone.path);
    assert.equal(there.found, 'gone');
    assert.ok(there.suggestions.every(card => card.path.startsWith('/')));
    assert.deepEqual(await rolebook.at('/never/was?#%2F'), { found: 'nothing' });
  });

  test('have structured data', async () => {
    const graph = await rolebook.jsonLd('paramedic');
    assert.equal(graph['@context'], 'https://schema.org');
    assert.deepEqual(graph['@graph'].map(node => node['@type']), ['WebPage', 'BreadcrumbList', 'Occupation']);
  });
});

describe('Changes', () => {
  test('are followed while they happen', async () => {
    let { cursor, more } = await rolebook.changes();
    while (more) ({ cursor, more } = await rolebook.changes(cursor));
    const listening = new AbortController();
    const feed = rolebook.follow(cursor, { wait: 30, signal: listening.signal });
    const next = feed.next();
    const made = await manage.publishNew('role-pages', { content: { title: 'Followed role' } });
    const { value } = await next;
    assert.deepEqual(value.data.map(change => [change.type, change.document.id]), [['published', made.id]]);
    assert.equal(value.resync, false);
    const waiting = feed.next();
    listening.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
  });

  test('begin again if the cursor is of another time of the database', async () => {
    const { cursor } = await rolebook.changes();
    const other = cursor.replace(/^[0-9a-f]/, digit => digit === '0' ? '1' : '0');
    await assert.rejects(rolebook.changes(other), error => error instanceof Gone && error.code === 'resync');
    const { value } = await rolebook.follow(other, { wait: 0 }).next();
    assert.equal(value.resync, true);
    assert.deepEqual(value.data, (await rolebook.changes()).data);
  });

  test('are asked for again after the pause that a server asks for', async () => {
    let refusals = 2;
    const patient = new Rolebook(server.address, {
      fetch: (...request) => refusals-- > 0
        ? Promise.resolve(new Response('{"type":"/problems/unavailable","status":503}', { status: 503, headers: { 'content-type': 'application/problem+json', 'retry-after': '0' } }))
        : fetch(...request),
    });
    await assert.rejects(patient.changes(), error => error instanceof Unavailable && error.retryAfter === 0);
    const { value } = await patient.follow(undefined, { wait: 0 }).next();
    assert.ok(value.data.length > 0);
    assert.equal(refusals, -1);
  });
});

describe('Reports', () => {
  test('are sent, looked after and added to', async () => {
    const { feedback } = await rolebook.rolePages.get('phlebotomist');
    const receipt = await rolebook.report({ page_token: feedback.page_token, kind: 'problem', wrong: 'The third sentence has no end.' });
    assert.match(receipt.reference, /^RB-/);
    assert.equal((await rolebook.progress(receipt)).additions, 0);
    const added = await rolebook.addDetail(receipt, 'It is in the first section.');
    assert.equal(added.additions, 1);
    const { data } = await manage.get('/manage/v1/reports?limit=1');
    assert.deepEqual([data[0].reference, data[0].wrong], [receipt.reference, 'The third sentence has no end.']);
  });

  test('that can\'t be accepted say why, field by field', async () => {
    await assert.rejects(rolebook.report({ document: 'paramedic', kind: 'problem' }), error =>
      error instanceof Invalid && error.status === 422 && error.errors.some(fault => fault.pointer === '/wrong'));
  });
});

describe('Problems', () => {
  test('are errors of their own kinds with all that the server said', async () => {
    await assert.rejects(rolebook.rolePages.get('no-such-page'), error =>
      error instanceof NotFound && error instanceof Problem && error.name === 'NotFound' && error.code === 'not-found' && error.requestId !== null);
    await assert.rejects(rolebook.json('/api/v1/role-pages?colour=red'), error =>
      error instanceof Invalid && error.status === 400 && error.errors[0].pointer === 'colour');
  });

  test('of the network stay what they are, and a signal ends every request', async () => {
    const nowhere = new Rolebook('http://127.0.0.1:1');
    await assert.rejects(nowhere.rolePages.get('paramedic'), TypeError);
    const signal = AbortSignal.abort();
    for (const request of [
      rolebook.rolePages.get('paramedic', { signal }), rolebook.rolePages.list({}, { signal }).next(), rolebook.at('/', { signal }),
      rolebook.changes(undefined, { signal }), rolebook.jsonLd('paramedic', { signal }), rolebook.paths({ signal }).next(),
      rolebook.report({ document: 'paramedic', kind: 'praise', doing: 'Reading.' }, { signal }),
    ]) {
      await assert.rejects(request, { name: 'AbortError' });
    }
  });
});
