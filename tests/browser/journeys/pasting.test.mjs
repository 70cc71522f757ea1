// What is pasted from elsewhere: each file of `paste/` is HTML as a program puts it on the clipboard, beside it the Markdown
// that is to come of it. Nothing in it runs, loads or is reported.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { rolePage } from '../support/addresses.mjs';
import { openStage } from '../support/stage.mjs';
import { empty, field, markdownOf, save } from '../support/rich-text.mjs';

const stage = openStage();
const folder = new URL('../paste/', import.meta.url);
const names = (await readdir(folder)).filter(name => name.endsWith('.html')).map(name => name.replace('.html', ''));

for (const name of names) {
  test(`What comes from ${name} becomes Markdown of the schema`, () => stage.visit(`pasted ${name}`, { person: 'editor', scripts: true }, async visit => {
    const { page } = visit;
    await visit.goto(await rolePage('Data analyst')(page));
    const { text } = field(page, 0);
    await empty(text);
    await paste(text, { 'text/html': await read(`${name}.html`), 'text/plain': 'plain' });
    await save(visit);
    assert.equal(await markdownOf(page, 0), (await read(`${name}.md`)).trimEnd());
    assert.equal(await page.evaluate(() => window.ran), undefined);
  }));
}

test('What is copied in one text is the same in another', () => stage.visit('copied', { person: 'editor', scripts: true }, async visit => {
  const { page } = visit;
  await visit.goto(await rolePage('Information and communication technology')(page));
  const [from, into] = [field(page, 0).text, field(page, 1).text];
  await from.click();
  await from.press('Control+a');
  const copied = await from.evaluate(copy);
  assert.match(copied['text/html'] ?? '', /data-pm-slice/);
  await empty(into);
  await paste(into, copied);
  await save(visit);
  assert.equal(await markdownOf(page, 1), await markdownOf(page, 0));
}));

test('What is pasted into a cell is one line there', () => stage.visit('cell', { person: 'editor', scripts: true }, async visit => {
  const { page } = visit;
  await visit.goto(await rolePage('Data analyst')(page));
  const { element, text } = field(page, 0);
  await empty(text);
  await element.getByRole('button', { name: 'Table', exact: true }).click();
  await paste(text, { 'text/html': '<ul><li>one</li><li>two <b>bold</b></li></ul><p>three<br>four</p>', 'text/plain': 'x' });
  await save(visit);
  assert.equal(await markdownOf(page, 0), '| one two **bold** three four |  |\n| --- | --- |');
}));

test('Plain text that looks like Markdown is read as Markdown, and undo gives it back', () => stage.visit('markdown', { person: 'editor', scripts: true }, async visit => {
  const { page } = visit;
  await visit.goto(await rolePage('Data analyst')(page));
  const { text } = field(page, 0);
  await empty(text);
  await paste(text, { 'text/plain': '• one\n• **two**' });
  await text.locator('li strong').waitFor();
  assert.equal(await text.innerHTML(), '<ul><li><p>one</p></li><li><p><strong>two</strong></p></li></ul>');
  await page.keyboard.press('Control+z');
  assert.equal(await text.innerHTML(), '<p>• one</p><p>• **two**</p>');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('the scales');
  await page.keyboard.press('Control+a');
  await paste(text, { 'text/plain': 'https://example.org/pay' });
  await save(visit);
  assert.equal(await markdownOf(page, 0), '[the scales](https://example.org/pay)');
}));

/** Pastes as the browser would. */
function paste(text, data) {
  return text.evaluate((element, data) => {
    const clipboardData = new DataTransfer();
    for (const [type, value] of Object.entries(data)) clipboardData.setData(type, value);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, data);
}

/** What the element puts on the clipboard. */
function copy(element) {
  const clipboardData = new DataTransfer();
  element.dispatchEvent(new ClipboardEvent('copy', { clipboardData, bubbles: true, cancelable: true }));
  return Object.fromEntries(clipboardData.types.map(type => [type, clipboardData.getData(type)]));
}

function read(name) {
  return readFile(new URL(name, folder), 'utf8');
}
