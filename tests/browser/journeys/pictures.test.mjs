// Pictures with scripts on: files go one by one and say what became of each; the focal point is where one clicks.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { image } from '../support/addresses.mjs';
import { repository } from '../support/folders.mjs';
import { openStage } from '../support/stage.mjs';

const stage = openStage();

/** Files as the pointer brings them, dropped on the form. */
async function drop(page, files) {
  const transfer = await page.evaluateHandle(all => {
    const data = new DataTransfer();
    for (const { name, type, bytes } of all) data.items.add(new File([Uint8Array.from(bytes)], name, { type }));
    return data;
  }, files);
  await page.locator('form[data-drop]').dispatchEvent('drop', { dataTransfer: transfer });
}

const NEW = { name: 'picture.png', type: 'image/png' };
const BROKEN = { name: 'broken.png', type: 'image/png', bytes: [1, 2, 3] };

test('Files that are dropped go one by one, and each says what became of it', () => stage.visit('dropped', { person: 'editor', scripts: true }, async visit => {
  const { page } = visit;
  const bytes = [...await readFile(join(repository, 'admin-assets/picture.png'))];
  await visit.goto('/admin/media/new');
  await page.locator('html[data-scripted]').waitFor();
  await page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('image-drop.js')));
  visit.expect(422);
  await drop(page, [{ ...NEW, bytes }, BROKEN]);
  await page.getByRole('link', { name: 'Describe the others' }).waitFor();
  const lines = await page.locator('form + ul li').allTextContents();
  assert.match(lines[0], /^picture\.png\s+Added$/);
  assert.match(lines[1], /^broken\.png\s+“broken\.png” was not added\. ./);
  assert.equal(await page.locator('#live').textContent(), '1 of 2 were not added.');

  // The library has it by now; a form without faults goes on by itself.
  await drop(page, [{ ...NEW, bytes }]);
  await page.waitForURL(/\/admin\/media\/describe\?ids=&there=[0-9a-f-]+$/);
}));

test('The focal point is where one clicks, once it is saved', () => stage.visit('focal', { person: 'editor', scripts: true }, async visit => {
  const { page } = visit;
  await visit.goto(await image('training-room')(page));
  await page.locator('html[data-scripted]').waitFor();
  await page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('image-drop.js')));
  const picture = page.locator('[data-focal] img');
  const { width, height } = await picture.boundingBox();
  await picture.click({ position: { x: width / 4, y: height / 2 } });
  assert.equal(await page.getByLabel('From the left').inputValue(), '25');
  assert.equal(await page.getByLabel('From the top').inputValue(), '50');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('.banner.ok').waitFor();
  assert.equal(await page.getByLabel('From the left').inputValue(), '25');
}));
