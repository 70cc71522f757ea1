// The panel with scripts on: forms and lists work on the page that is in view, nobody loses focus, caret or a letter, and
// those who can't see are told what came of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rolePage } from '../support/addresses.mjs';
import { openStage } from '../support/stage.mjs';

const stage = openStage();

/** An editor with scripts on, and a mark on the page that a new page would not have. */
function edit(name, title, use) {
  return stage.visit(name, { person: 'editor', scripts: true }, async visit => {
    await visit.goto(await rolePage(title)(visit.page));
    await visit.page.evaluate(() => { document.body.dataset.mark = 'same page'; });
    await use(visit, visit.page);
    assert.equal(await visit.page.locator('body').getAttribute('data-mark'), 'same page');
  });
}

const said = page => page.locator('#live').textContent();
const says = (page, words) => page.locator('#live', { hasText: words }).waitFor({ state: 'attached' });
const focused = page => page.evaluate(() => {
  const { activeElement: element } = document;
  return element.labels?.[0]?.textContent ?? element.textContent.trim();
});
const sectionsOf = page => page.locator('.block-card h3').evaluateAll(all => all.map(one => one.firstChild.data));
const section = (page, number) => page.locator('.block-card').nth(number - 1);
const heading = (page, number) => section(page, number).getByLabel('Heading', { exact: true }).first();

/** What a save comes to; what was typed a while ago has been saved by itself. */
const SAVED = /^(Saved as version|Everything is saved)/;

/** Holds the next post back until it is let go. */
async function hold(page) {
  let letGo;
  let arrive;
  const free = new Promise(resolve => { letGo = resolve; });
  const arrived = new Promise(resolve => { arrive = resolve; });
  await page.route('**/admin/role-pages/*', async route => {
    if (route.request().headers()['x-fragment'] !== 'main' || route.request().method() !== 'POST') return route.fallback();
    arrive();
    await free;
    return route.fallback();
  });
  return { arrived, letGo };
}

test('A section is added, moved and removed without leaving the page, and the focus goes along', () => edit('operations', 'Network engineer', async (visit, page) => {
  const before = await sectionsOf(page);
  await page.getByRole('button', { name: 'Add a section', exact: true }).click();
  await says(page, /Saved as version \d+/);
  assert.equal((await sectionsOf(page)).length, before.length + 1);
  assert.equal(await focused(page), 'Heading');
  await page.keyboard.type('What the days are like');

  const last = before.length + 1;
  await section(page, last).getByRole('button', { name: /^Up / }).first().click();
  await says(page, new RegExp(`Moved up. Now ${last - 1} of ${last}`));
  assert.match(await focused(page), /^Up What the days are like/);
  assert.equal(await heading(page, last - 1).inputValue(), 'What the days are like');
  await page.keyboard.press('Enter');
  await says(page, new RegExp(`Moved up. Now ${last - 2} of ${last}`));
  assert.match(await focused(page), /^Up What the days are like/);

  await section(page, last - 2).getByRole('button', { name: /^Remove / }).first().click();
  await says(page, /^Removed\./);
  assert.deepEqual(await sectionsOf(page), before);
  assert.ok((await focused(page)).startsWith(before[last - 3]), await focused(page));
  assert.equal(await page.locator('.flash a').textContent(), 'Undo…');
}));

test('What is typed while a request is under way stays, and moves with its section', () => edit('under way', 'Data analyst', async (visit, page) => {
  const names = await sectionsOf(page);
  assert.ok(names.length >= 2, names.join());
  const held = await hold(page);
  await section(page, 2).getByRole('button', { name: /^Up / }).first().click();
  await held.arrived;
  await page.getByLabel('Summary', { exact: true }).fill('Typed while it was away.');
  await heading(page, 2).fill('Called something else');
  await heading(page, 1).click();
  await page.keyboard.press('Home');
  held.letGo();
  await says(page, /^Moved up/);
  assert.equal(await page.getByLabel('Summary', { exact: true }).inputValue(), 'Typed while it was away.');
  assert.equal(await heading(page, 1).inputValue(), 'Called something else');

  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await says(page, SAVED);
  await visit.goto(page.url());
  assert.equal(await page.getByLabel('Summary', { exact: true }).inputValue(), 'Typed while it was away.');
  assert.equal(await heading(page, 1).inputValue(), 'Called something else');
  await page.evaluate(() => { document.body.dataset.mark = 'same page'; });
}));

test('A button that is pressed twice works once', () => edit('twice', 'Biomedical scientist', async (visit, page) => {
  const before = (await sectionsOf(page)).length;
  const held = await hold(page);
  const button = page.getByRole('button', { name: 'Add a section', exact: true });
  await button.click();
  await held.arrived;
  assert.equal(await button.getAttribute('aria-disabled'), 'true');
  await button.click({ force: true });
  held.letGo();
  await says(page, /Saved as version/);
  assert.equal(await button.getAttribute('aria-disabled'), null);
  assert.equal((await sectionsOf(page)).length, before + 1);
}));

test('What can’t be saved is said where the focus then is, and everything typed stays', () => edit('refused', 'Phlebotomist', async (visit, page) => {
  visit.expect(422);
  await page.getByLabel('Slug', { exact: true }).fill('Not a slug!');
  await page.getByLabel('Summary', { exact: true }).fill('Half a thought');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('.summary:focus').waitFor();
  assert.match(await page.title(), /^Error: Phlebotomist/);
  assert.equal(await page.getByLabel('Slug', { exact: true }).inputValue(), 'Not a slug!');
  assert.equal(await page.getByLabel('Slug', { exact: true }).getAttribute('aria-invalid'), 'true');
  assert.equal(await page.getByLabel('Summary', { exact: true }).inputValue(), 'Half a thought');
}));

test('Without a connection nothing is lost, and the button works again afterwards', () => edit('no connection', 'Paramedic', async (visit, page) => {
  visit.expect('no connection');
  await page.getByLabel('Summary', { exact: true }).fill('Said in a tunnel.');
  await page.route('**/admin/role-pages/*', route => route.abort('internetdisconnected'));
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await says(page, /does not answer. What you typed is still here/);
  assert.equal(await page.getByLabel('Summary', { exact: true }).inputValue(), 'Said in a tunnel.');
  await page.unroute('**/admin/role-pages/*');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await says(page, SAVED);
}));

test('A list is filtered, sorted and turned back without leaving the page', () => stage.visit('list', { person: 'publisher', scripts: true }, async visit => {
  const { page } = visit;
  await visit.goto('/admin/role-pages');
  await page.evaluate(() => { document.body.dataset.mark = 'same page'; });
  await page.locator('main table input[type=checkbox]').first().check();
  const all = await page.locator('main h1').textContent();
  await page.getByLabel('Words in title or text').fill('engineer');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: /“engineer”/ }).waitFor();
  assert.equal(new URL(page.url()).search, '?q=engineer');
  assert.equal(await said(page), await page.locator('main h1').textContent());
  assert.notEqual(await said(page), all);
  assert.equal(await page.locator('main table input:checked').count(), 0, 'a tick belongs to its row');
  await page.getByRole('link', { name: /^Title/ }).click();
  await page.locator('th[aria-sort=ascending]').waitFor();
  assert.match(await focused(page), /^Title/);
  await page.goBack();
  await page.locator('th[aria-sort=ascending]', { hasText: 'Title' }).waitFor({ state: 'detached' });
  await page.goBack();
  await page.locator('main h1', { hasText: all }).waitFor();
  assert.equal(new URL(page.url()).search, '');
  assert.equal(await page.locator('body').getAttribute('data-mark'), 'same page');
}));
