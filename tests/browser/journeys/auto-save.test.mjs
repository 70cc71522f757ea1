// The editor with scripts on saves by itself: two people, two tabs, a slow network, none at all, requests that come late or
// twice, a session that ends. After each, every character that was typed is stored, shown, or offered.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rolePage } from '../support/addresses.mjs';
import { openStage } from '../support/stage.mjs';

const stage = openStage();

/** An editor with scripts on. */
function edit(name, title, use, person = 'editor') {
  return stage.visit(name, { person, scripts: true }, async visit => {
    const address = await rolePage(title)(visit.page);
    await open(visit, address);
    await use(visit, visit.page, address);
  });
}

/** A second page in the browser of somebody, or of somebody else. */
async function beside(name, person, address, use) {
  await stage.visit(name, { person, scripts: true }, async visit => {
    await open(visit, address);
    await use(visit, visit.page);
  });
}

/** Opens the editor; once it listens for others, it also saves. */
async function open(visit, address) {
  const listens = visit.page.waitForResponse(answer => answer.url().includes('/presence?'));
  await visit.goto(address);
  await listens;
}

const summary = page => page.getByLabel('Summary', { exact: true }).first();
const titles = page => page.getByLabel('Other titles', { exact: true }).first();
const status = page => page.locator('#save-status');
const says = (page, words) => page.locator('#save-status', { hasText: words }).waitFor();
/** Types, and waits until it is saved by itself. */
async function type(page, field, text) {
  const saved = page.waitForResponse(answer => answer.request().headers()['x-fragment'] === 'autosave' && answer.status() === 200);
  await field(page).fill(text);
  await saved;
  await says(page, /^Saved/);
}
const saves = (page, address) => page.waitForResponse(answer => answer.url().endsWith(address) && answer.request().headers()['x-fragment'] === 'autosave');

/** What is stored now, as a page without scripts shows it. */
async function stored(address, read) {
  return stage.visit('what is stored', { person: 'reviewer' }, async visit => {
    await visit.goto(address);
    return read(visit.page);
  });
}
const storedSummary = address => stored(address, page => summary(page).inputValue());

/** The summary once it is what was sent, for what is sent by a page that has gone or that says nothing of it. */
async function arrivedSummary(address, text) {
  return stored(address, async page => {
    const late = Date.now() + 20_000;
    while (await summary(page).inputValue() !== text && Date.now() < late) await page.reload();
    return summary(page).inputValue();
  });
}

/** Lets requests that save through as `act` says. */
function meanwhile(page, act) {
  return page.route('**/admin/role-pages/*', route =>
    route.request().headers()['x-fragment'] === 'autosave' ? act(route) : route.fallback());
}

test('What is typed is saved without a button, and the page says when', () => edit('alone', 'Network engineer', async (visit, page, address) => {
  await summary(page).fill('Typed and left alone.');
  await says(page, /^Saved \d\d:\d\d$/);
  assert.equal(await storedSummary(address), 'Typed and left alone.');
  // A part that is left is saved at once, and so is what stands when one goes elsewhere.
  const saved = saves(page, address);
  await titles(page).fill('Left at once');
  await page.getByLabel('Slug', { exact: true }).focus();
  await saved;
  await summary(page).fill('Typed, and gone.');
  await page.getByRole('link', { name: 'History', exact: true }).click();
  await page.getByRole('heading', { level: 2 }).first().waitFor();
  assert.equal(await arrivedSummary(address, 'Typed, and gone.'), 'Typed, and gone.');
}));

test('What the checks say comes to the fields with the save, and the field in use is left alone', () => edit('findings', 'Network engineer', async (visit, page) => {
  const note = page.locator('#f-\\.content\\.summary-notes');
  assert.equal(await note.count(), 0);
  let drawn = 0;
  page.on('request', request => { drawn += request.headers()['x-fragment'] === 'refresh' ? 1 : 0; });
  await summary(page).fill('');
  await titles(page).focus();
  await note.filter({ hasText: 'Give it a summary' }).waitFor();
  assert.match(await summary(page).getAttribute('aria-describedby'), /-notes$/);
  assert.equal(await titles(page).evaluate(one => one === document.activeElement), true);
  assert.equal(drawn, 1);

  // The caret stays where it is while the note goes.
  await summary(page).fill('Network engineers keep computers in touch.');
  await summary(page).evaluate(one => one.setSelectionRange(7, 7));
  await note.waitFor({ state: 'detached' });
  assert.deepEqual(await summary(page).evaluate(one => [one === document.activeElement, one.value, one.selectionStart]),
    [true, 'Network engineers keep computers in touch.', 7]);

  // What no check speaks of is saved without drawing the form again.
  await type(page, summary, 'Network engineers keep all computers in touch.');
  await type(page, titles, 'Engineer of networks');
  assert.equal(drawn, 2);
}));

test('Two people in one page see each other, and what both write apart comes together', () => edit('apart', 'Data analyst', async (visit, page, address) => {
  await beside('the other', 'reviewer', address, async (_, other) => {
    await page.locator('#presence', { hasText: 'Tomasz Rahman is also here' }).waitFor();
    await other.locator('#presence', { hasText: 'Niamh Okafor is also here' }).waitFor();
    await other.locator('.block-card').first().getByLabel('Heading', { exact: true }).first().focus();
    await page.locator('.block-card').first().locator('.somebody').waitFor();
    await type(other, summary, 'The other wrote this.');
    await titles(page).fill('One title\nAnother title');
    await says(page, /^Saved \d\d:\d\d\. Tomasz Rahman: Summary/);
    await page.waitForFunction(() => document.querySelector('[name="/content/summary"]').value === 'The other wrote this.');
    assert.equal(await titles(page).inputValue(), 'One title\nAnother title');
    assert.equal(await storedSummary(address), 'The other wrote this.');
  });
  await page.waitForFunction(() => document.querySelector('#presence').textContent === '');
}));

test('What both wrote is asked at its place, and everything else goes on', () => edit('both', 'Biomedical scientist', async (visit, page, address) => {
  visit.expect(409);
  await beside('first', 'reviewer', address, async (_, other) => {
    await type(other, summary, 'Theirs.');
    await summary(page).fill('Mine.');
    await page.locator('.conflict').waitFor();
    const note = await page.locator('.conflict').innerText();
    assert.match(note, /Tomasz Rahman changed this at \d\d:\d\d/);
    assert.equal(await summary(page).inputValue(), 'Mine.', 'what was typed stays');
    await type(page, titles, 'Goes on');
    assert.equal(await storedSummary(address), 'Theirs.');
    await page.getByRole('button', { name: /^Put both in/ }).click();
    await page.waitForFunction(() => document.querySelector('[name="/content/summary"]').value === 'Theirs. Mine.');
    assert.equal(await storedSummary(address), 'Theirs. Mine.');
  });
}));

test('Keep mine and use theirs do what they say', async () => {
  for (const [button, mine, theirs, left] of [[/^Keep mine/, 'One.', 'Two.', 'One.'], [/^Use /, 'Three.', 'Four.', 'Four.']]) {
    await edit(`choose ${left}`, 'Paramedic', async (visit, page, address) => {
      visit.expect(409);
      await beside(`beside ${left}`, 'reviewer', address, async (_, other) => {
        await type(other, summary, theirs);
      });
      await summary(page).fill(mine);
      await page.getByRole('button', { name: button }).click();
      await page.locator('.conflict').waitFor({ state: 'detached' });
      await says(page, /^Saved/);
      await page.waitForFunction(text => document.querySelector('[name="/content/summary"]').value === text, left);
      assert.equal(await storedSummary(address), left);
    });
  }
});

test('On a slow network nothing that is typed meanwhile is lost', () => edit('slow', 'Network engineer', async (visit, page, address) => {
  let free;
  const held = new Promise(resolve => { free = resolve; });
  let first = true;
  await meanwhile(page, async route => {
    if (first) {
      first = false;
      await held;
    }
    return route.fallback();
  });
  await summary(page).fill('First words');
  await says(page, 'Saving…');
  await summary(page).press('End');
  await summary(page).pressSequentially(', and more');
  await titles(page).fill('Typed while it was away');
  const saved = page.waitForResponse(answer => answer.request().postData()?.includes('and+more') && answer.status() === 200);
  free();
  await saved;
  assert.equal(await summary(page).inputValue(), 'First words, and more');
  assert.equal(await storedSummary(address), 'First words, and more');
  assert.equal(await stored(address, other => titles(other).inputValue()), 'Typed while it was away');
}));

test('Requests that come twice, late or whose answer is lost change nothing', () => edit('replayed', 'Data analyst', async (visit, page, address) => {
  visit.expect('no connection');
  const bodies = [];
  let lose = true;
  await meanwhile(page, async route => {
    bodies.push(route.request().postData());
    if (lose) {
      lose = false;
      await route.fetch();
      return route.abort();
    }
    return route.fallback();
  });
  await summary(page).fill('One');
  await says(page, /no connection/);
  await type(page, summary, 'One, two');
  await type(page, summary, 'One, two, three');
  const again = await page.evaluate(async ([path, old]) => {
    const statuses = [];
    for (const body of old) {
      const headers = { 'X-Fragment': 'autosave', 'Content-Type': 'application/x-www-form-urlencoded' };
      statuses.push((await fetch(path, { method: 'POST', headers, body })).status);
    }
    return statuses;
  }, [address, bodies.toReversed()]);
  assert.ok(again.every(one => one === 200), again.join());
  assert.equal(await storedSummary(address), 'One, two, three');
  assert.equal(await page.locator('.conflict').count(), 0, 'nobody is in conflict with themselves');
}));

test('Without a connection the text is kept, offered after coming back, and restored', () => edit('away', 'Paramedic', async (visit, page, address) => {
  visit.expect('no connection');
  await visit.context.setOffline(true);
  await summary(page).fill('Written in the tunnel.');
  await says(page, 'Not saved: no connection. Your text is kept on this computer.');
  await visit.context.setOffline(false);
  await says(page, /^Saved/);
  assert.equal(await storedSummary(address), 'Written in the tunnel.');

  await meanwhile(page, route => route.abort());
  await summary(page).fill('Written before the battery died.');
  await says(page, /no connection/);
  // The page is left for good while nothing gets through, not even what a browser sends for a page that has gone.
  page.on('dialog', dialog => dialog.accept());
  await page.evaluate(() => { window.fetch = () => Promise.reject(new TypeError('nothing gets through')); });
  await page.goto('about:blank');
  await page.unrouteAll();
  await visit.goto(address);
  await page.getByText('on this computer that was not saved').waitFor();
  assert.equal(await storedSummary(address), 'Written in the tunnel.');
  await page.getByText('Compare', { exact: true }).click();
  await page.getByText('Written before the battery died.').waitFor();
  await page.getByRole('button', { name: 'Restore', exact: true }).click();
  await page.waitForFunction(() => document.querySelector('[name="/content/summary"]').value === 'Written before the battery died.');
  const restored = 'Written before the battery died.';
  assert.equal(await arrivedSummary(address, restored), restored);
  await visit.goto(address);
  assert.equal(await page.getByText('on this computer that was not saved').count(), 0);
}));

test('Who is signed out signs in over the page, and everything goes on', async () => {
  const writer = await stage.site.addPerson('Rowan Ashdown', 'editor');
  await stage.visit('the session ends', { scripts: true }, async visit => {
    const { page } = visit;
    visit.expect(401);
    await visit.goto('/admin/sign-in');
    await signIn(page, writer);
    const address = await rolePage('Network engineer')(page);
    await open(visit, address);
    await visit.context.clearCookies();
    await summary(page).fill('Typed after the end.');
    await page.getByRole('dialog').waitFor();
    await says(page, 'Not saved: sign in again');
    await signIn(page.getByRole('dialog'), writer);
    await says(page, /^Saved/);
    assert.equal(await summary(page).inputValue(), 'Typed after the end.');
    assert.equal(await storedSummary(address), 'Typed after the end.');
  });
});

test('Two tabs of one person are two editors', () => edit('two tabs', 'Data analyst', async (visit, page, address) => {
  const second = await visit.context.newPage();
  const listens = second.waitForResponse(answer => answer.url().includes('/presence?'));
  await second.goto(address);
  await listens;
  await page.locator('#presence', { hasText: 'You have this open in another tab' }).waitFor();
  await second.bringToFront();
  await type(second, titles, 'From the second tab');
  await page.bringToFront();
  await type(page, summary, 'From the first tab.');
  await page.waitForFunction(() => document.querySelector('[name="/content/alternative_titles#lines"]').value === 'From the second tab');
  assert.equal(await storedSummary(address), 'From the first tab.');
}));

test('The button saves what waits, and what comes later goes on by itself', () => edit('button', 'Biomedical scientist', async (visit, page, address) => {
  await summary(page).fill('Saved with the button.');
  await page.getByRole('button', { name: 'Save', exact: true }).first().click();
  await page.locator('.banner.ok').waitFor();
  await type(page, summary, 'Saved by itself.');
  assert.equal(await storedSummary(address), 'Saved by itself.');
}));

async function signIn(place, { email, password }) {
  await place.getByLabel('E-mail address').fill(email);
  await place.getByLabel('Password', { exact: true }).fill(password);
  await place.getByRole('button', { name: 'Sign in', exact: true }).click();
}
