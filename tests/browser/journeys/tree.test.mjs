// A requirement tree of depth three, built from nothing without scripts: every button saves and comes back to its place,
// and the plain English that readers get stands beside it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStage } from '../support/stage.mjs';

const stage = openStage();

test('Requirements are built as a tree and read back in plain English', () => stage.visit('a tree', { person: 'editor' }, async visit => {
  const { page } = visit;
  const node = name => page.getByRole('group', { name });
  const press = async name => {
    await page.getByRole('button', { name }).click();
    // Whatever is pressed comes back to the editor, at a place that is there.
    const { hash } = new URL(page.url());
    if (hash) assert.equal(await page.locator(`[id="${hash.slice(1)}"]`).count(), 1, `${hash} is on the page`);
  };

  await visit.goto('/admin/requirement-sections');
  await page.getByRole('link', { name: 'New requirement section' }).click();
  await page.getByLabel('Title', { exact: true }).fill('Entry requirements (radiographer)');
  await page.getByLabel(/^Nothing: a title/).check();
  await page.getByRole('button', { name: 'Make the draft' }).click();

  await press(/^Begin with a group/);
  const whole = node(/^Group: /);
  await whole.getByLabel('Lead-in').first().fill("You'll usually need:");
  await press(/^Add a requirement to the group of/);
  await node('Requirement 1').getByLabel('Requirement', { exact: true }).fill('a clean driving licence');
  await press(/^Add a group to the group of/);
  const second = node(/^Group 2: /);
  await second.getByLabel('People need', { exact: true }).first().selectOption('one_of');
  await second.getByLabel('Lead-in').first().fill('one of these qualifications:');
  await press(/^Add a requirement to group 2 of/);
  await node('Requirement 2.1').getByLabel('Requirement', { exact: true }).fill('a degree in radiography');
  await press(/^Add a qualification to requirement 2\.1 of/);
  await node('Requirement 2.1').getByLabel('Level', { exact: true }).selectOption('RQF:6');
  await press(/^Add a group to group 2 of/);
  const third = node(/^Group 2\.2: /);
  await third.getByLabel('Lead-in').first().fill('an apprenticeship, for which you need both of:');
  await third.getByRole('button', { name: /^Paste lines… into group 2\.2 of/ }).click();
  await page.getByLabel('Lines').fill('- a contract with an employer\n2. three A levels');
  await page.getByRole('button', { name: 'Show what comes of them' }).click();
  assert.deepEqual(await page.locator('main ol:not(nav ol) li').allInnerTexts(), ['a contract with an employer', 'three A levels']);
  await page.getByRole('button', { name: 'Add them' }).click();

  assert.equal(await node('Requirement 2.2.1').getByLabel('Requirement', { exact: true }).inputValue(), 'a contract with an employer');
  assert.equal(await node('Requirement 2.2.2').getByLabel('Requirement', { exact: true }).inputValue(), 'three A levels');
  // The order is put right: the licence comes last.
  await press(/^Down requirement 1 of/);
  assert.equal(await node('Requirement 2').getByLabel('Requirement', { exact: true }).inputValue(), 'a clean driving licence');
  await press(/^Save$/);

  const said = await page.locator('.plain-english').first().innerText();
  const expected = [
    'a degree in radiography', 'a contract with an employer', 'three A levels', 'a clean driving licence',
  ];
  const places = expected.map(words => said.indexOf(words));
  assert.ok(places.every(place => place >= 0), said);
  assert.deepEqual(places, [...places].sort((one, other) => one - other), said);
  assert.match(said, /You'll usually need/);
  assert.match(said, /one of these qualifications/);

  // Somebody else reads the same in the preview.
  const preview = await page.locator('nav[aria-label="This document"]').getByRole('link', { name: 'Preview' }).getAttribute('href');
  await visit.goto(preview);
  const frame = page.frameLocator('iframe');
  for (const words of expected) await frame.getByText(words).first().waitFor();
}));
