// Forty cases of the demo out of the inbox with the keyboard alone: by the keys of the panel where there are scripts, and
// by Tab, Space and Enter where there are none.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axeFindings } from '../checks/axe.mjs';
import { startServer } from '../support/server.mjs';
import { openStage } from '../support/stage.mjs';

// Each report comes from an address of its own, as through a proxy; one address alone is held back after a few.
const stage = openStage(() => startServer(['--trusted-proxies', '127.0.0.1']));
// Another copy of the demo, with all that is open there.
const plain = openStage();
/** How many cases are worked through. */
const FORTY = 40;
const WORDS = [
  'The closing date in the box has passed', 'Two of the photographs show the same room', 'The video has no captions',
  'It is not said who pays for the uniform', 'The sentence about shifts stops in the middle', 'My phone cuts the table off',
  'The map leads to the old building', 'Which subjects count as science', 'The word practise is spelled two ways',
  'Nothing is said about part time work', 'The link to the register wants a password', 'What does band mean',
  'The heading is read out twice', 'Is there an age limit', 'The quotation is from somebody who has left',
  'Parking is free only for staff', 'The list of hospitals leaves ours out', 'The green on white is hard to read',
  'How long does the check take', 'The course was renamed last year', 'It says weekly and monthly for the same thing',
  'The button at the end does nothing', 'Please say more about training', 'The number of students is far too low',
  'I could not find the salary', 'The picture of the van covers the text', 'Does a driving licence from abroad count',
  'The page prints on eleven sheets', 'An abbreviation is never explained', 'The answer about refugees is missing',
  'The second list repeats the first', 'Who do I ask about a placement', 'The dates are written the American way',
  'A bracket is never closed', 'The charity in the links has closed', 'It promises a bursary that has ended',
  'The contents do not match the headings', 'My reader says image image image', 'The test centre has moved to another town',
  'The summary calls it a department, the text a service',
];

/** Sends the forty, each from another address. */
async function sendAll(round) {
  const read = async path => (await fetch(`${stage.site.address}/api/v1/role-pages${path}`)).json();
  const { data } = await read('?limit=5');
  const tokens = await Promise.all(data.map(async ({ id }) => (await read(`/${id}`)).feedback.page_token));
  for (const [number, words] of WORDS.entries()) {
    const answer = await fetch(`${stage.site.address}/api/v1/reports`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': `198.51.${round}.${number + 1}` },
      body: JSON.stringify({ page_token: tokens[number % tokens.length], kind: 'problem', wrong: `${words}, round ${round}.` }),
    });
    assert.equal(answer.status, 202);
  }
}

const openCases = async page => Number(/Open \((\d+)\)/.exec(await page.getByRole('navigation', { name: 'Views' }).innerText())[1]);
const told = async (page, expected) => assert.match(await page.locator('.banner.ok p').first().innerText(), expected);
const focused = page => page.evaluate(() => document.activeElement?.closest('tr')?.id ?? '');
/** Keys work once the modules of the page have come; a row that the address names has the focus then. */
const ready = page => page.waitForFunction(() => (
  document.documentElement.dataset.scripted !== undefined
  && (!location.hash.startsWith('#row-') || !document.querySelector(location.hash) || document.activeElement.closest('tr'))));

/** Goes on with Tab until this has the focus. */
async function tabTo(page, locator) {
  for (let pressed = 0; pressed < 250; pressed += 1) {
    if (await locator.evaluate(one => one === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab never comes to ${locator}`);
}

const expectNoFindings = async visit => assert.deepEqual(await axeFindings(visit), []);

test('Forty cases are triaged by keys', () => stage.visit('triage by keys', { person: 'triager', scripts: true }, async visit => {
  const { page } = visit;
  const press = (...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  /** Presses a key and waits for the page that it leads to. */
  const leave = async key => {
    await Promise.all([page.waitForEvent('load'), page.keyboard.press(key)]);
    await ready(page);
  };
  await visit.goto('/admin/cases?view=open');
  const all = await openCases(page);
  assert.ok(all >= FORTY, `${all} open cases`);
  await expectNoFindings(visit);

  await press('j');
  let gone = 0;
  for (let number = 0; number < FORTY; number += 1) {
    const row = await focused(page);
    assert.match(row, /^row-/, `no row has the focus before case ${number}`);
    const isNew = await page.locator(`#${row}`).getByText('New', { exact: true }).isVisible();
    // Only what nobody has begun can be started.
    switch (number % 5 === 0 && !isNew ? 3 : number % 5) {
      case 0:
        await leave('s');
        await told(page, /^Case \d+ is in progress\./);
        break;
      case 1:
        await leave('d');
        await tabTo(page, page.getByLabel('Spam'));
        await press('ArrowDown', 'ArrowDown', 'ArrowDown');
        assert.ok(await page.getByLabel('Too little detail').isChecked());
        await leave('Enter');
        await told(page, /^Case \d+ is dismissed\./);
        gone += 1;
        break;
      case 2:
        await leave('e');
        await tabTo(page, page.getByLabel('Fixed in a published version'));
        await press('ArrowDown');
        await leave('Enter');
        await told(page, /^Case \d+ is resolved\./);
        gone += 1;
        break;
      case 3:
        await leave('l');
        await tabTo(page, page.getByLabel('Severity'));
        await press('u');
        await tabTo(page, page.getByLabel('Add labels'));
        await page.keyboard.type('keys, pay');
        await leave('Enter');
        await told(page, /^Case \d+ is classified\./);
        break;
      default:
        await leave('a');
        await leave('a');
        await told(page, /^Case \d+ has a new assignee\./);
    }
    if (number === 0) {
      // Taken back, it is new again; then it is started once more.
      await leave('u');
      await told(page, /^Case \d+ is as it was before\./);
      await visit.goto(`/admin/cases?view=open#${row}`);
      await ready(page);
      await leave('s');
    }
    if (await focused(page) === '') await press('j');
  }
  assert.equal(await openCases(page), all - gone);
  await expectNoFindings(visit);

  // Several at once: two rows, one label, and all of it undone.
  await visit.goto('/admin/cases?view=open');
  await ready(page);
  await press('j', 'x', 'j', 'x');
  await leave('l');
  await expectNoFindings(visit);
  await tabTo(page, page.getByLabel('Add labels'));
  await page.keyboard.type('both');
  await leave('Enter');
  await told(page, /^2 of 2 cases changed\./);
  await leave('u');
  await told(page, /^2 of 2 cases changed\./);
  await visit.goto('/admin/cases?label=both');
  await page.getByText('No case fits these filters.').waitFor();

  // Somebody else takes a case: the row is old, and the step asks.
  await visit.goto('/admin/cases');
  await ready(page);
  await press('j');
  const taken = await focused(page);
  await stage.visit('another triager', { person: 'publisher' }, async other => {
    await other.goto(`/admin/cases/${taken.slice('row-'.length)}`);
    await other.page.getByRole('button', { name: 'Assign to me' }).click();
  });
  await leave('s');
  await page.getByText('Somebody changed this since you looked.').waitFor();
  await expectNoFindings(visit);
}));

test('What comes in meanwhile is offered above a list that stays', () => stage.visit('arrivals', { person: 'triager', scripts: true }, async visit => {
  const { page } = visit;
  await visit.goto('/admin/cases');
  const rows = () => page.locator('main tbody tr').evaluateAll(all => all.map(one => one.id));
  const was = await rows();
  await sendAll(2);
  await page.evaluate(() => dispatchEvent(new Event('focus')));
  const offered = page.getByRole('link', { name: /^40 new reports$/ });
  await offered.waitFor();
  assert.deepEqual(await rows(), was);
  await expectNoFindings(visit);
  await offered.focus();
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  assert.notDeepEqual(await rows(), was);
}));

test('Forty cases are triaged by Tab, Space and Enter', () => plain.visit('triage without scripts', { person: 'triager' }, async visit => {
  const { page } = visit;
  const leave = async key => Promise.all([page.waitForEvent('load'), page.keyboard.press(key)]);
  await visit.goto('/admin/cases?view=open');
  const all = await openCases(page);
  for (const round of [1, 2]) {
    await visit.goto('/admin/cases?view=open');
    for (let row = 0; row < 20; row += 1) {
      await tabTo(page, page.locator('main tbody tr').nth(row).getByRole('checkbox'));
      await page.keyboard.press('Space');
    }
    const steps = page.getByLabel('With the chosen cases');
    await tabTo(page, steps);
    await page.keyboard.type('Dismiss');
    assert.equal(await steps.inputValue(), 'dismiss');
    await tabTo(page, page.getByRole('button', { name: /^Go on…/ }));
    await leave('Enter');
    await tabTo(page, page.getByLabel('Spam'));
    await page.keyboard.press('ArrowDown');
    await tabTo(page, page.getByRole('button', { name: 'Dismiss 20 cases' }));
    await leave('Enter');
    await told(page, /^20 of 20 cases changed\./);
    if (round === 2) {
      await tabTo(page, page.getByRole('button', { name: /^Undo/ }));
      await leave('Enter');
      await told(page, /^20 of 20 cases changed\./);
      await visit.goto('/admin/cases?view=open');
    }
  }
  assert.equal(await openCases(page), all - 20);
}));
