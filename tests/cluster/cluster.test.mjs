// Two instances on one PostgreSQL: nothing stale, nothing lost, whatever ends in the middle of it.
//
// Each page's summary says how often it was published, so that a stale answer shows itself: it says a smaller number than
// was acknowledged more than BOUND milliseconds before.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { addKey, addPerson, startInstance } from '../browser/support/server.mjs';
import { ownPostgres } from './support/postgres.mjs';
import { ask, post, publish, publishNew, readNumber, Refused, saying, send, wholeFeed } from './support/site.mjs';

/** How long after an acknowledgement another instance may still give out what was published before. */
const BOUND = 100;
const PAGES = 20;
/** How long everything may take to work again after the database is back. */
const RECOVERY = 20_000;

let postgres;
let folder;
let key;
const instances = new Set();
/**
 * The pages: `number` is the last that was acknowledged, `acknowledged` how many were, and `unknown` counts those since
 * that had no answer and may have been published or not.
 */
const pages = [];

const placeOf = name => ({ directory: join(folder, name), database: postgres.url });

async function start(name) {
  const instance = await startInstance(placeOf(name));
  instances.add(instance);
  return instance;
}

before(async () => {
  postgres = await ownPostgres();
  folder = await mkdtemp(join(tmpdir(), 'rolebook-cluster-data-'));
  const first = await start('first');
  const { email } = await addPerson(placeOf('first'), 'Cluster Tests', ['administrator']);
  key = await addKey(placeOf('first'), email, ['all']);
  const settings = await ask(first.address, '/manage/v1/settings', { key });
  const off = { review_role_pages: 'off', review_requirement_sections: 'off' };
  await send(first.address, key, 'PATCH', '/manage/v1/settings', off, settings.headers.get('etag'));
  for (let count = 0; count < PAGES; count += 1) {
    pages.push({ id: await publishNew(first.address, key, `Page ${count}`), number: 1, acknowledged: 1, unknown: 0 });
  }
  await start('second');
});

after(async () => {
  for (const instance of instances) await instance.end();
  await postgres?.remove();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** Publishes these pages one after another, through these instances in turns, until told to stop. */
function publishing(own, through, heard) {
  let stopped = false;
  const run = async () => {
    for (let turn = 0; !stopped; turn += 1) {
      const page = own[turn % own.length];
      const instance = through[turn % through.length];
      const number = page.number + page.unknown + 1;
      try {
        await publish(instance.address, key, page.id, number);
      } catch (error) {
        page.unknown += 1;
        heard({ error });
        continue;
      }
      Object.assign(page, { number, acknowledged: page.acknowledged + 1, unknown: 0 });
      heard({ page, number, at: performance.now(), instance });
    }
  };
  const running = run();
  return { stop: () => { stopped = true; return running; } };
}

/** What an instance says of a page, once the bound has passed since `at`; never less than `number`. */
async function isFresh(instance, { page, number, at }, bound) {
  await pause(Math.max(0, at + bound - performance.now()));
  const read = await readNumber(instance.address, page.id);
  assert.ok(read >= number, `${bound} ms after publication ${number} of a page was acknowledged, ${read} was given out`);
}

/** Publishes so often, and looks at each page at once where it was published and in time elsewhere. */
async function publishAndLook(count) {
  const [first, second] = instances;
  const looks = [];
  // What is not kept can't be stale.
  for (const instance of [first, second]) for (const { id } of pages) await readNumber(instance.address, id);
  await new Promise((resolve, reject) => {
    const writer = publishing(pages, [first, second], event => {
      if (event.error) { writer.stop(); reject(event.error); return; }
      const other = event.instance === first ? second : first;
      const both = Promise.all([isFresh(event.instance, event, 0), isFresh(other, event, BOUND)]);
      both.catch(reject);
      looks.push(both);
      if (looks.length === count) writer.stop().then(resolve);
    });
  });
  await Promise.all(looks);
}

test('What is acknowledged by one instance is given out by it at once and by the other in time', async () => {
  await publishAndLook(100);
});

test('An instance that is killed in the middle of publishing loses nothing, and is exact as soon as it listens again', async () => {
  const [first, second] = instances;
  const errors = [];
  const begun = happening(20);
  const writer = publishing(pages.slice(0, PAGES / 2), [first], ({ error }) => {
    if (error) errors.push(error);
    begun.happened();
  });
  const victim = publishing(pages.slice(PAGES / 2), [second], () => {});
  await begun.enough;
  const ended = victim.stop();
  instances.delete(second);
  await second.kill();
  await ended;
  const again = await start('second');
  const known = pages.map(page => ({ page, number: page.number, at: performance.now() }));
  await Promise.all(known.map(event => isFresh(again, event, 0)));
  await writer.stop();
  assert.deepEqual(errors, [], 'the other instance noticed nothing');
  await publishAndLook(20);
});

test('While the database is away, reading goes on, writing is told to come again, and everything recovers by itself', async () => {
  const [first, second] = instances;
  const still = pages.slice(0, 5);
  for (const instance of [first, second]) for (const { id } of still) await readNumber(instance.address, id);
  const begun = happening(10);
  const refused = happening(2);
  const writers = [first, second].map((instance, half) => {
    const own = pages.slice(still.length).filter((_, position) => position % 2 === half);
    return publishing(own, [instance], ({ error }) => (error ? refused : begun).happened());
  });
  await begun.enough;
  await postgres.stop();
  await refused.enough;
  for (const instance of [first, second]) {
    for (const { id, number } of still) assert.equal(await readNumber(instance.address, id), number);
    await assert.rejects(post(instance.address, key, '/manage/v1/role-pages', { content: { title: 'Not now' } }), error => {
      assert.ok(error instanceof Refused, String(error));
      assert.equal(error.status, 503);
      assert.ok(Number(error.retryAfter) > 0, 'it says when to come again');
      return true;
    });
  }
  await Promise.all(writers.map(writer => writer.stop()));
  await postgres.start();
  const deadline = performance.now() + RECOVERY;
  for (const instance of [first, second]) await worksAgain(instance, deadline);
  for (const page of pages) await isNotLost(first, page);
  await publishAndLook(40);
});

/** Counts up to `count` of something. */
function happening(count) {
  let seen = 0;
  let resolve;
  const enough = new Promise(resolved => { resolve = resolved; });
  return { enough, happened: () => { seen += 1; if (seen === count) resolve(); } };
}

/** Asks until a question that needs the database is answered. */
async function worksAgain(instance, deadline) {
  for (;;) {
    try {
      await ask(instance.address, '/manage/v1/settings', { key });
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
  }
}

/** What was acknowledged is still there; the draft line tells. */
async function isNotLost(instance, page) {
  const { content } = await (await ask(instance.address, `/manage/v1/role-pages/${page.id}`, { key })).json();
  const saved = Number(/\d+/.exec(content.summary)[0]);
  assert.ok(saved >= page.number, `publication ${page.number} was acknowledged and is lost: ${saved}`);
}

test('What is due is published once, whichever instance does it', async () => {
  const [first, second] = instances;
  const due = new Date(Date.now() + 2_000).toISOString();
  const scheduled = [];
  for (let count = 0; count < 5; count += 1) {
    const made = await post(first.address, key, '/manage/v1/role-pages', { content: { title: `Due ${count}`, summary: saying(1) } });
    const { id } = await made.json();
    await post(second.address, key, `/manage/v1/role-pages/${id}/schedule`, { action: 'publish', at: due }, made.headers.get('etag'));
    scheduled.push(id);
  }
  const deadline = performance.now() + RECOVERY;
  for (const id of scheduled) {
    while (await readNumber(second.address, id).catch(error => { if (error.status === 404) return -1; throw error; }) < 1) {
      assert.ok(performance.now() < deadline, 'what was due has not been published');
    }
  }
  const published = (await wholeFeed(first.address)).filter(entry => entry.type === 'published');
  for (const id of scheduled) {
    assert.equal(published.filter(entry => entry.document.id === id).length, 1, 'it was published once');
  }
});

test('Both instances tell the same story from its beginning, and every acknowledged publication is in it', async () => {
  const [first, second] = instances;
  const feed = await wholeFeed(first.address);
  assert.deepEqual(await wholeFeed(second.address), feed);
  const sequences = feed.map(entry => entry.sequence);
  assert.deepEqual(sequences, [...new Set(sequences)].sort((left, right) => left - right));
  for (const { id, acknowledged } of pages) {
    const published = feed.filter(entry => entry.type === 'published' && entry.document.id === id).length;
    assert.ok(published >= acknowledged, `${published} events for ${acknowledged} publications that were acknowledged`);
  }
});
