// Dialogs, keys and the palette of commands, with scripts on: each shows or presses what is there without them, too.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caseOf, rolePage } from '../support/addresses.mjs';
import { openStage } from '../support/stage.mjs';

const stage = openStage();

const focused = page => page.evaluate(() => document.activeElement.textContent.replace(/\s+/g, ' ').trim());
const dialog = page => page.locator('#dialog[open]');
const heading = page => page.locator('main h1').first();

/** A visit with scripts on to the editor of a page. */
function edit(name, person, title, use) {
  return stage.visit(name, { person, scripts: true }, async visit => {
    await visit.goto(await rolePage(title)(visit.page));
    await visit.page.locator('html[data-scripted]').waitFor();
    await use(visit, visit.page);
  });
}

test('A step is asked about over the page, and Escape leads back to the link', () => edit('step', 'publisher', 'Sterile services technician', async (visit, page) => {
  const publish = page.locator('.actions').getByRole('link', { name: /ublish/ });
  await publish.click();
  await dialog(page).waitFor();
  assert.equal(await focused(page), 'Publish');
  assert.equal(await dialog(page).getAttribute('aria-label'), 'Publish');
  assert.equal(await dialog(page).locator('h1, .actions').count(), 0, 'what belongs to the page below stays there');
  for (let presses = 0; presses < 60; presses += 1) await page.keyboard.press('Tab');
  assert.ok(await page.evaluate(() => document.activeElement === document.body || document.activeElement.closest('dialog') !== null));
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'hidden' });
  assert.equal(await focused(page), await publish.textContent());
}));

test('What was typed is saved before a step is asked about, and the step is taken from the dialog', () => edit('submit', 'editor', 'Emergency planning officer', async (visit, page) => {
  await page.getByLabel('Summary', { exact: true }).fill('Emergency planners think of what nobody wants to think of.');
  await page.locator('.actions').getByRole('link', { name: /^Submit/ }).click();
  await dialog(page).getByRole('button', { name: 'Submit for review' }).click();
  await dialog(page).waitFor({ state: 'hidden' });
  await page.locator('.flash', { hasText: 'is in review' }).waitFor();
  await page.locator('.actions .badge', { hasText: 'In review' }).waitFor();
  assert.equal(await page.getByLabel('Summary', { exact: true }).inputValue(), 'Emergency planners think of what nobody wants to think of.');
}));

test('A form in a dialog that is refused says so there', () => edit('withdraw', 'publisher', 'Phlebotomist', async (visit, page) => {
  visit.expect(422);
  await page.locator('.actions summary').click();
  await page.getByRole('link', { name: 'Withdraw…' }).click();
  await dialog(page).getByRole('button', { name: 'Withdraw' }).click();
  await dialog(page).locator('.summary:focus').waitFor();
  assert.equal(await dialog(page).locator('[aria-invalid=true]').count(), 1);
  await dialog(page).getByRole('link', { name: 'Cancel' }).click();
  await dialog(page).waitFor({ state: 'hidden' });
}));

test('A document is chosen by search in a dialog, and comes to its place', () => edit('choose', 'editor', 'Data analyst', async (visit, page) => {
  const before = await page.locator('#part-related ol > li').count();
  await page.getByLabel('Summary', { exact: true }).fill('Typed before choosing.');
  const button = page.getByRole('button', { name: /^Add a related role/ });
  await button.click();
  await dialog(page).getByLabel('Search by title').fill('Paramedic');
  await page.keyboard.press('Enter');
  await dialog(page).getByText(/results? for “Paramedic”/).waitFor();
  await dialog(page).getByRole('button', { name: 'Choose Paramedic', exact: true }).click();
  await page.locator('.flash', { hasText: '“Paramedic” is chosen.' }).waitFor();
  assert.equal(await page.locator('#part-related ol > li').count(), before + 1);
  assert.equal(await page.getByLabel('Summary', { exact: true }).inputValue(), 'Typed before choosing.');
  assert.match(await focused(page), /^Add a related role/);
  // The form below goes on from the version that was saved meanwhile.
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('.flash', { hasText: 'Everything is saved' }).waitFor();
}));

test('Keys press what is in view, and letters are letters where somebody types', () => edit('keys', 'editor', 'Network engineer', async (visit, page) => {
  const flash = words => page.locator('.flash', { hasText: words }).waitFor();
  const second = page.locator('.block-card').nth(1);
  const name = await second.locator('h3').evaluate(one => one.firstChild.data.replace(/^\d+\. /, ''));
  await second.getByLabel('Heading', { exact: true }).first().focus();
  await page.keyboard.press('Alt+Shift+ArrowUp');
  await flash(/Moved up. Now 1 of/);
  assert.match(await focused(page), new RegExp(`^Up ${name}`));
  await page.keyboard.press('Control+Alt+d');
  await flash(/Duplicated\./);
  await page.keyboard.press('Control+Alt+n');
  await page.locator('.flash', { hasText: 'Duplicated' }).waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.labels?.[0]?.textContent), 'Heading');
  await page.keyboard.type('g d ? / x');
  assert.equal(await page.evaluate(() => document.activeElement.value), 'g d ? / x');
  await page.keyboard.press('Control+s');
  // What was typed a while ago has been saved by itself.
  await flash(/Saved as version|Everything is saved/);
  assert.equal(await page.evaluate(() => document.activeElement.value), 'g d ? / x');

  await page.keyboard.press('F6');
  assert.ok(await page.evaluate(() => document.activeElement.matches('aside[data-part]')));
  await page.keyboard.press('?');
  await dialog(page).getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
  await page.evaluate(() => { document.documentElement.dataset.singleKeys = 'off'; });
  await page.keyboard.press('?');
  assert.equal(await dialog(page).count(), 0, 'somebody has switched single keys off');
  await page.evaluate(() => { document.documentElement.dataset.singleKeys = 'on'; });
  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await page.waitForURL(/\/admin\/media$/);
}));

test('Rows of a list are walked, ticked and opened by keys', () => stage.visit('rows', { person: 'publisher', scripts: true }, async visit => {
  const { page } = visit;
  await visit.goto('/admin/role-pages?sort=title');
  await page.locator('html[data-scripted]').waitFor();
  const titles = await page.locator('tbody th a').allTextContents();
  for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key);
  assert.equal(await focused(page), titles[1]);
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Shift+X');
  assert.deepEqual(await page.locator('tbody input').evaluateAll(all => all.slice(0, 5).map(one => one.checked)), [false, true, true, true, false]);
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'f-q');
  await page.keyboard.press('Shift+Tab');
  await page.locator('tbody th a').nth(2).focus();
  await page.keyboard.press('o');
  await page.waitForURL(/\/admin\/role-pages\/[0-9a-f-]{36}$/);
  assert.equal(await heading(page).textContent(), titles[2]);
}));

test('Letters on a row mean that row, and Command is as good as Control', () => stage.visit('row letters', { person: 'publisher', scripts: true }, async visit => {
  const { page } = visit;
  const open = async () => {
    await visit.goto('/admin/role-pages?sort=title');
    await page.locator('html[data-scripted]').waitFor();
  };
  await open();
  const address = page.url();
  for (const key of ['e', 'h']) await page.keyboard.press(key);
  assert.equal(page.url(), address, 'no row has the focus');
  const rows = page.locator('tbody th a');
  const second = await rows.nth(1).getAttribute('href');
  for (const key of ['j', 'j', 'h']) await page.keyboard.press(key);
  await page.waitForURL(`**${second}/history`);
  await open();
  for (const key of ['j', 'j', 'e']) await page.keyboard.press(key);
  await page.waitForURL(`**${second}`);
  await page.locator('html[data-scripted]').waitFor();
  await page.keyboard.press('Meta+k');
  const palette = page.getByRole('combobox', { name: 'Search, or say what to do' });
  await palette.waitFor();
  await page.keyboard.press('Escape');
  await palette.waitFor({ state: 'hidden' });
  await page.keyboard.press('?');
  await dialog(page).getByRole('row', { name: /^Ctrl S or ⌘ S\s+Save$/ }).waitFor();
}));

test('A key right after the palette has closed is no letter of its field', () => stage.visit('key after palette', { person: 'publisher', scripts: true }, async visit => {
  const { page } = visit;
  await visit.goto('/admin/role-pages');
  await page.locator('html[data-scripted]').waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search, or say what to do' }).waitFor();
  // Until the next frame the field keeps the focus that nobody sees.
  await page.evaluate(() => {
    const palette = document.getElementById('palette');
    const field = palette.querySelector('input');
    palette.close();
    field.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true, cancelable: true }));
  });
  await dialog(page).getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
}));

test('Letters in the inbox take a step for what is ticked, else for the row', () => stage.visit('inbox letters', { person: 'triager', scripts: true }, async visit => {
  const { page } = visit;
  const heading = words => page.getByRole('heading', { level: 1, name: words }).waitFor();
  const changed = page.locator('section[aria-labelledby=changed] li');
  const open = async () => {
    await visit.goto('/admin/cases?view=open');
    await page.locator('html[data-scripted]').waitFor();
  };
  await open();
  const address = page.url();
  await page.keyboard.press('e');
  assert.equal(page.url(), address, 'nothing is ticked, and no row has the focus');
  await page.keyboard.press('.');
  assert.equal(await page.evaluate(() => document.activeElement.name), 'action');
  const second = await page.locator('tbody th a').nth(1).textContent();
  await page.locator('tbody th a').first().focus();
  for (const key of ['j', 'e']) await page.keyboard.press(key);
  await heading('Resolve: 1 case');
  assert.match(await changed.textContent(), new RegExp(second.replace(/[^\w\s]/g, '.')));
  await open();
  await page.keyboard.press('j');
  for (const key of ['x', 'j', 'x', 'j', 'a']) await page.keyboard.press(key);
  await heading('Assign: 2 cases');
  await page.getByLabel('Assignee').selectOption({ label: 'Nobody' });
  await page.getByRole('button', { name: 'Assign 2 cases' }).click();
  await heading('What was done');

  await visit.goto(await caseOf('open')(page));
  await page.locator('html[data-scripted]').waitFor();
  await page.keyboard.press('n');
  assert.equal(await page.evaluate(() => document.activeElement.localName), 'textarea');
  await page.keyboard.type('n');
  assert.equal(await page.evaluate(() => document.activeElement.value), 'n');
}));

test('Letters press the steps of a case, and Alt P the preview of a page', () => stage.visit('letters', { person: 'triager', scripts: true }, async visit => {
  const { page } = visit;
  await visit.goto(await caseOf('new')(page));
  await page.locator('html[data-scripted]').waitFor();
  await page.keyboard.press('d');
  await dialog(page).getByRole('heading', { name: /Dismiss/ }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('a');
  await page.locator('.banner.ok').waitFor();
  await visit.goto(await rolePage('Paramedic')(page));
  await page.locator('html[data-scripted]').waitFor();
  await page.keyboard.press('Alt+p');
  await page.waitForURL(/\/preview$/);
}));

test('The palette finds what can be done, where to go and what is written', () => edit('palette', 'publisher', 'Paramedic', async (visit, page) => {
  const field = page.getByRole('combobox', { name: 'Search, or say what to do' });
  const chosen = page.locator('#palette [aria-selected=true]');
  await page.keyboard.press('Control+k');
  await field.waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.role), 'combobox');
  await field.fill('data analyst');
  await page.locator('#palette [role=group][aria-label="Role pages"] [role=option]').first().waitFor();
  assert.match(await page.locator('#palette [aria-live]').textContent(), /things? fits?\.$/);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  assert.equal(await field.getAttribute('aria-activedescendant'), await chosen.getAttribute('id'));
  await page.keyboard.press('Escape');
  assert.equal(await field.inputValue(), '');
  await page.keyboard.press('Escape');
  await field.waitFor({ state: 'hidden' });

  // What can be done on this page.
  await page.keyboard.press('Control+k');
  await field.fill('withdraw');
  await chosen.filter({ hasText: 'Withdraw…' }).waitFor();
  await page.keyboard.press('Enter');
  await dialog(page).getByRole('heading', { name: 'Withdraw' }).waitFor();
  await page.keyboard.press('Escape');

  await page.keyboard.press('Control+k');
  await field.fill('data analyst');
  const hit = page.locator('#palette [role=group][aria-label="Role pages"] [role=option]').first();
  await hit.click();
  await page.waitForURL(/\/admin\/role-pages\/[0-9a-f-]{36}$/);
  await page.locator('main h1', { hasText: 'Data analyst' }).waitFor();
}));

test('Without a connection the palette offers the pages that one was at', () => stage.visit('offline', { person: 'reviewer', scripts: true }, async visit => {
  const { page, context } = visit;
  const palette = async () => {
    await page.locator('html[data-scripted]').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search, or say what to do' }).waitFor();
  };
  const recent = page.locator('#palette [role=group][aria-label="Recent"] [role=option]');
  const paths = [];
  for (const title of ['Data analyst', 'Paramedic']) {
    paths.push(await rolePage(title)(page));
    await visit.goto(paths.at(-1));
    await page.waitForFunction(path => Object.values(localStorage).some(text => text.includes(path)), paths.at(-1));
  }
  await visit.goto('/admin/media');
  await palette();
  await recent.nth(1).waitFor();
  assert.deepEqual(await recent.allTextContents(), ['Paramedic', 'Data analyst']);
  visit.expect('no connection');
  await context.setOffline(true);
  await page.keyboard.type('analyst');
  await page.locator('#palette [role=group][aria-label^="No connection"] [role=option]', { hasText: /^Data analyst$/ }).waitFor();
  assert.match(await page.locator('#palette [aria-live]').textContent(), /^No connection\. 1 thing fits\.$/);
  await context.setOffline(false);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**${paths[0]}`);
  // Who signs out leaves no trace of where they were.
  await page.locator('.bar-person summary').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/sign-in/);
  assert.equal(await page.evaluate(() => localStorage.length), 0);
}));

test('Without scripts the palette’s link is the search, and the keys are on a page', () => stage.visit('no scripts', { person: 'editor' }, async visit => {
  const { page } = visit;
  await visit.goto('/admin');
  await page.locator('header').getByRole('link', { name: /^Search/ }).click();
  assert.equal(await heading(page).textContent(), 'Search');
  await page.getByRole('link', { name: 'Keyboard shortcuts' }).click();
  assert.equal(await heading(page).textContent(), 'Keyboard shortcuts');
}));
