// Ten new cases out of the inbox, without scripts: one after the other with the way to the next, then several at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStage } from '../support/stage.mjs';

const stage = openStage();

test('As many cases as are counted are in the list', () => stage.visit('counted cases', { person: 'triager' }, async visit => {
  const { page } = visit;
  const number = text => Number(/\d+/.exec(text)[0]);
  await visit.goto('/admin/cases?view=open&due=overdue&sort=due');
  const said = number(await page.locator('main [role=status]').first().innerText());
  const chosen = number(await page.getByLabel('Due', { exact: true }).evaluate(one => one.selectedOptions[0].text));
  let rows = 0;
  for (;;) {
    rows += await page.locator('main tbody tr').count();
    const next = page.getByRole('link', { name: /^Next/ });
    if (!await next.count()) break;
    await visit.goto(await next.first().getAttribute('href'));
  }
  assert.ok(rows > 0);
  assert.deepEqual([said, chosen], [rows, rows]);
}));

test('Ten new cases are triaged from the inbox', () => stage.visit('triage', { person: 'triager' }, async visit => {
  const { page } = visit;
  const rows = page.locator('main table tbody tr');
  const button = name => page.getByRole('button', { name, exact: true });
  const link = name => page.getByRole('link', { name, exact: true });
  const told = async expected => assert.match(await page.locator('.banner.ok p').first().innerText(), expected);
  const newCases = async () => {
    await visit.goto('/admin/cases');
    return Number(/^New \((\d+)\)$/.exec((await page.getByRole('navigation', { name: 'Views' }).locator('[aria-current]').innerText()).trim())[1]);
  };

  const before = await newCases();
  assert.ok(before >= 10, `${before} new cases`);
  assert.equal(await rows.count(), Math.min(before, 25), 'a page of the list');

  // Six by themselves, each leading on to the next.
  await rows.first().locator('th a').click();
  await link('Dismiss…').click();
  await page.getByLabel('Too little detail').check();
  await page.getByLabel('Explanation (optional)').fill('We could not tell which sentence was meant.');
  await goOn('Dismiss the case');
  await told(/^Case \d+ is dismissed\. This is the next one\./);

  await link('Resolve…').click();
  await page.getByLabel('Answered; nothing had to change').check();
  await goOn('Resolve the case');
  await told(/^Case \d+ is resolved\. This is the next one\./);

  await page.getByLabel('Then go to the next case of the list').check();
  await button('Open').click();
  await told(/^Case \d+ is open\. This is the next one\./);

  await page.getByLabel('Then go to the next case of the list').check();
  await button('Start work').click();
  await told(/^Case \d+ is in progress\. This is the next one\./);

  await button('Assign to me').click();
  await told(/^Case \d+ has a new assignee\./);
  await page.getByLabel('Note', { exact: true }).fill('Asked the editors.');
  await button('Add note').click();
  await told(/^Case \d+ has a new note\./);
  await page.getByText('Asked the editors.').first().waitFor();
  await link('Resolve…').click();
  await page.getByLabel('Will not change').check();
  visit.expect(422);
  await goOn('Resolve the case');
  // A reason is needed; what was chosen is still chosen.
  await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
  assert.ok(await page.getByLabel('Will not change').isChecked());
  await page.getByLabel('Reason or answer').fill('It is the same everywhere.');
  await goOn('Resolve the case');
  await told(/^Case \d+ is resolved\. This is the next one\./);

  await link('Dismiss…').click();
  await page.getByLabel('Not about this site').check();
  await goOn('Dismiss the case');
  await told(/^Case \d+ is dismissed\. This is the next one\./);
  assert.equal(await newCases(), before - 6);

  // Four at once.
  for (const position of [0, 1, 2, 3]) await rows.nth(position).getByRole('checkbox').check();
  await page.getByLabel('With the chosen cases').selectOption('assign');
  await page.getByRole('button', { name: /^Go on…/ }).click();
  await page.getByRole('heading', { name: 'Assign: 4 cases' }).waitFor();
  await page.getByLabel('Assignee').selectOption({ label: 'Leila Griffiths' });
  await button('Assign 4 cases').click();
  await told(/^4 of 4 cases changed\. They belong to Leila Griffiths\.$/);
  await link('Back to the list').click();
  for (const position of [0, 1, 2, 3]) await rows.nth(position).getByRole('checkbox').check();
  await page.getByLabel('With the chosen cases').selectOption('start');
  await page.getByRole('button', { name: /^Go on…/ }).click();
  await button('Start work 4 cases').click();
  await told(/^4 of 4 cases changed\./);
  assert.equal(await newCases(), before - 10);

  await visit.goto('/admin/cases?view=mine');
  assert.ok(await rows.count() >= 4);

  async function goOn(name) {
    const next = page.getByLabel(/next case/);
    if (await next.count()) await next.check();
    await button(name).click();
  }
}));
