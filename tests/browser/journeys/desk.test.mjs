// The editor's desk with scripts on: folding, counting, dragging, one stop for the buttons of a card, and the page beside
// the text.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rolePage } from '../support/addresses.mjs';
import { openStage } from '../support/stage.mjs';

const stage = openStage();
const LARGEST = 'Information and communication technology';

const section = (page, number) => page.locator('.block-card').nth(number - 1);
const names = page => page.locator('.block-card h3').evaluateAll(all => all.map(one => one.firstChild.data.replace(/^\d+\. /, '')));
const line = (page, number) => page.locator('.outline > ul > li[data-thing]').nth(number - 1);

function edit(name, title, use, options) {
  return stage.visit(name, { person: 'publisher', scripts: true, ...options }, async visit => {
    await visit.goto(await rolePage(title)(visit.page));
    await visit.page.locator('html[data-scripted]').waitFor();
    await use(visit, visit.page);
  });
}

// Chromium tells a `details` of its opening a moment after the click. The last thing that is then done: the focus is in
// the field.
const opened = picker => picker.locator('input:focus').waitFor();

async function openPicker(picker) {
  await picker.locator('summary').click();
  await opened(picker);
}

/** Drags with the pointer from the middle of one element to a place in another. */
async function drag(page, from, to, below) {
  const [start, goal] = [await from.boundingBox(), await to.boundingBox()];
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(goal.x + goal.width / 2, goal.y + goal.height / 2);
  await page.mouse.move(goal.x + goal.width / 2, below ? goal.y + goal.height - 3 : goal.y + 3);
  await page.mouse.up();
}

for (const scripts of [true, false]) {
  test(`The step that leads on is at most 15 stops from the top, ${scripts ? 'with' : 'without'} scripts`, () => stage.visit('stops', { person: 'publisher', scripts }, async visit => {
    const { page } = visit;
    await visit.goto(await rolePage('Sterile services technician')(page));
    const stops = [];
    do {
      await page.keyboard.press('Tab');
      stops.push(await page.evaluate(() => document.activeElement.textContent.trim()));
    } while (stops.length < 40 && !/^(Review and publish|Submit)/.test(stops.at(-1)));
    assert.ok(stops.length <= 15, stops.join(' | '));
  }));
}

test('The buttons of a section are one stop, and arrows go from one to the next', () => edit('toolbar', LARGEST, async (visit, page) => {
  const bar = section(page, 2).locator('header [role=toolbar]');
  assert.deepEqual(await bar.getByRole('button').evaluateAll(all => all.map(one => one.tabIndex).filter(index => index >= 0)), [0]);
  await bar.getByRole('button').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const words = () => page.evaluate(() => document.activeElement.firstChild.data.trim());
  assert.equal(await words(), 'Duplicate');
  await page.keyboard.press('Home');
  assert.equal(await words(), 'Up');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.closest('[role=toolbar]')), null);
}));

test('What was folded away stays so, in this browser and through saves', () => edit('folded', LARGEST, async (visit, page) => {
  const fold = section(page, 2).locator('.fold').first();
  await fold.locator('summary').first().click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('.flash').waitFor();
  assert.equal(await fold.getAttribute('open'), null);
  await visit.goto(page.url());
  await page.locator('html[data-scripted]').waitFor();
  await page.locator('.fold:not([open])').first().waitFor({ state: 'attached' });
  assert.equal(await page.locator('.fold:not([open])').count(), 1);
  // A link to a field within opens it.
  await fold.locator('summary').first().click();
  assert.notEqual(await fold.getAttribute('open'), null);
}));

test('Characters are counted, and a slug that changes says what follows', () => edit('counted', 'Paramedic', async (visit, page) => {
  const summary = page.getByLabel('Summary', { exact: true });
  await summary.fill('Twelve chars');
  assert.equal(await page.locator('[data-count="600"]').textContent(), '12 of 600 characters');
  const note = page.getByText(/^Look at: publishing this moves the page/);
  assert.equal(await note.isVisible(), false);
  await page.getByLabel('Slug', { exact: true }).fill('another-slug');
  assert.equal(await note.isVisible(), true);
}));

test('What is typed before the script of the desk has come is counted, too', () => stage.visit('counted early', { person: 'publisher', scripts: true }, async visit => {
  const { page } = visit;
  let release;
  const typed = new Promise(resolve => { release = resolve; });
  await page.route(/\/desk\.js$/, async route => {
    await typed;
    await route.continue();
  });
  await visit.goto(await rolePage('Paramedic')(page));
  await page.getByLabel('Summary', { exact: true }).fill('Twelve chars');
  await page.getByLabel('Slug', { exact: true }).fill('another-slug');
  assert.equal(await page.locator('html[data-scripted]').count(), 0);
  release();
  // Both at one moment: once it has been saved, the slug is no other any more.
  await page.waitForFunction(() => document.querySelector('[data-count="600"]').textContent === '12 of 600 characters'
    && document.querySelector('[data-changed]').checkVisibility());
}));

test('A kind of block is found by words, and the last one used comes first', () => edit('picker', 'Paramedic', async (visit, page) => {
  const picker = section(page, 1).locator('.picker').last();
  const kinds = () => picker.locator('li:visible button').evaluateAll(all => all.map(one => one.firstChild.data.trim()));
  await openPicker(picker);
  const all = await kinds();
  assert.ok(all.length > 5 && all[0] !== 'Quote', all.join());
  await page.keyboard.type('somebody says');
  assert.deepEqual(await kinds(), ['Quote']);
  assert.equal(await page.locator('#live').textContent(), '1 kind fits.');
  // What only those hear who don't see where a button stands is not looked through.
  await picker.locator('input').fill(await section(page, 1).getByLabel('Heading', { exact: true }).first().inputValue());
  assert.deepEqual(await kinds(), []);
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.localName), 'summary');
  await page.keyboard.press('Enter');
  await opened(picker);
  assert.deepEqual(await kinds(), all);
  await page.keyboard.type('quote');
  await page.keyboard.press('Enter');
  await page.locator('.flash').waitFor();
  assert.equal(await section(page, 1).locator('.block').last().locator('h4').evaluate(one => one.firstChild.data), 'Quote');
  const other = section(page, 2).locator('.picker').last();
  await openPicker(other);
  assert.equal(await other.locator('li button').first().evaluate(one => one.firstChild.data.trim()), 'Quote');
}));

test('A file that is dropped beside a place for it leaves the page where it is', () => edit('dropped', 'Paramedic', async (visit, page) => {
  const stays = await page.locator('#outline').evaluate(one => ['dragover', 'drop'].map(name => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['a'], 'a.png', { type: 'image/png' }));
    return !one.dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }));
  }));
  assert.deepEqual(stays, [true, true]);
}));

test('Sections and blocks are dragged in the structure', () => edit('dragged', LARGEST, async (visit, page) => {
  const before = await names(page);
  await drag(page, line(page, 1).locator('.handle').first(), line(page, 3), true);
  await page.locator('.flash', { hasText: 'Moved. Now 3 of' }).waitFor();
  const after = await names(page);
  assert.deepEqual(after.slice(0, 3), [before[1], before[2], before[0]]);

  // A block goes into another section.
  const inner = page.locator('.outline li li[data-thing]').first();
  const name = await inner.locator('a').evaluate(one => one.firstChild.data);
  const home = await inner.evaluate(one => [...document.querySelectorAll('.outline > ul > li[data-thing]')].indexOf(one.parentElement.closest('[data-thing]')));
  const goal = home === 0 ? 2 : 1;
  await drag(page, inner.locator('.handle'), line(page, goal).locator(':scope > a'), false);
  await page.locator('.flash', { hasText: /Moved. Now \d+ of/ }).waitFor();
  await page.locator('.outline > ul > li[data-thing]').nth(goal - 1).locator('li', { hasText: name }).first().waitFor();
  assert.ok(await section(page, goal).locator('.block').count() > 1);
}));

test('The page stands beside the text, follows saves, and leads to its places', () => edit('preview', LARGEST, async (visit, page) => {
  await page.setViewportSize({ width: 1600, height: 900 });
  const frame = page.frameLocator('.live-frame iframe');
  await frame.locator('h1').waitFor();
  const heading = section(page, 2).getByLabel('Heading', { exact: true }).first();
  await heading.fill('What the work is like');
  await frame.locator('body').evaluate(body => body.ownerDocument.defaultView.scrollTo(0, 300));
  await heading.focus();
  const scrolled = await frame.locator('body').evaluate(body => body.ownerDocument.defaultView.scrollY);
  await page.keyboard.press('Control+s');
  await frame.getByRole('heading', { name: 'What the work is like' }).waitFor();
  assert.equal(await frame.locator('body').evaluate(body => body.ownerDocument.defaultView.scrollY), scrolled);

  await frame.getByRole('heading', { name: 'What the work is like' }).click();
  await page.waitForFunction(() => document.activeElement.matches('.block-card h3, .block h4'));
  await page.getByRole('button', { name: 'Desktop', exact: true }).click();
  assert.equal(await page.locator('.live-frame iframe').evaluate(one => one.contentWindow.innerWidth), 1280);
  await page.getByRole('button', { name: 'Phone', exact: true }).click();
  assert.equal(await page.locator('.live-frame iframe').evaluate(one => one.contentWindow.innerWidth), 390);
}, { width: 1366 }));
