// The case that comes next is there before somebody goes to it, and it is never shown as it was.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStage } from '../support/stage.mjs';

const stage = openStage();
const ready = page => page.waitForFunction(() => document.documentElement.dataset.scripted !== undefined);
const isAhead = request => request.headers()['x-fragment'] === 'ahead';
const title = page => page.locator('main h1').innerText();
const focusedRow = page => page.evaluate(() => document.activeElement.closest('tr')?.id);

test('The next case is shown at once, and as it is now', () => stage.visit('next case', { person: 'triager', scripts: true }, async visit => {
  const { page } = visit;
  await visit.goto('/admin/cases?view=open');
  await ready(page);
  const rows = await page.locator('main tbody tr').evaluateAll(all => all.map(one => one.id));
  const [first] = await Promise.all([page.waitForResponse(answer => isAhead(answer.request())), page.keyboard.press('j')]);
  assert.match(first.url(), new RegExp(rows[0].slice('row-'.length)));
  await first.finished();

  // The page of the row opens without being asked for as a page, and what comes after it is fetched.
  const asked = [];
  page.on('request', request => { if (request.isNavigationRequest() && request.frame() === page.mainFrame()) asked.push(request.url()); });
  const second = page.waitForResponse(answer => isAhead(answer.request()) && answer.url().includes(rows[1].slice('row-'.length)));
  await page.keyboard.press('o');
  await page.waitForURL(new RegExp(`/admin/cases/${rows[0].slice('row-'.length)}`));
  await (await second).finished();
  assert.deepEqual(asked, []);
  const was = await title(page);

  // Meanwhile somebody takes the next one: what is shown in the end is how it stands.
  await stage.visit('somebody else', { person: 'administrator' }, async other => {
    await other.goto(`/admin/cases/${rows[1].slice('row-'.length)}`);
    await other.page.getByRole('button', { name: 'Assign to me' }).click();
  });
  await page.keyboard.press('j');
  await page.waitForURL(new RegExp(`/admin/cases/${rows[1].slice('row-'.length)}`));
  assert.notEqual(await title(page), was);
  await page.getByText('Samuel Castellanos assigned it').first().waitFor();
  assert.deepEqual(asked, []);

  // Going back leads to the case before, and to the row in the list.
  await page.goBack();
  await page.waitForFunction(expected => document.querySelector('main h1').innerText === expected, was);
  await page.goBack();
  await page.waitForURL(/\/admin\/cases\?view=open/);
  await page.waitForFunction(row => document.activeElement.closest('tr')?.id === row, rows[0]);
  assert.equal(await focusedRow(page), rows[0]);
}));

test('A row that is gone to before the script of the list has come is fetched ahead, too', () => stage.visit('early', { person: 'triager', scripts: true }, async visit => {
  const { page } = visit;
  let release;
  const pressed = new Promise(resolve => { release = resolve; });
  await page.route(/\/inbox\.js$/, async route => {
    await pressed;
    await route.continue();
  });
  await visit.goto('/admin/cases?view=open');
  const ahead = page.waitForResponse(answer => isAhead(answer.request()));
  await page.keyboard.press('j');
  release();
  await (await ahead).finished();
}));

test('What is ticked or typed is not lost on the way', () => stage.visit('ticked', { person: 'triager', scripts: true }, async visit => {
  const { page } = visit;
  await visit.goto('/admin/cases?view=open');
  await ready(page);
  const [answer] = await Promise.all([page.waitForResponse(one => isAhead(one.request())), page.keyboard.press('j')]);
  await answer.finished();
  await page.keyboard.press('x');
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('o')]);
  await page.goBack();
  await page.waitForURL(/\/admin\/cases\?view=open/);
  assert.equal(await page.locator('main tbody :checked').count(), 1);
}));
