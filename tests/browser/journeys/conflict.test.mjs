// Two people, one document, no scripts: what they changed apart is merged, what both changed is asked.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rolePage } from '../support/addresses.mjs';
import { openStage } from '../support/stage.mjs';

const stage = openStage();

/** Two people with the same page open in front of them. */
function both(name, title, use) {
  return stage.visit(`${name}, editor`, { person: 'editor' }, async editor => {
    const address = await rolePage(title)(editor.page);
    await editor.goto(address);
    await stage.visit(`${name}, reviewer`, { person: 'reviewer' }, async reviewer => {
      await reviewer.goto(address);
      await use(editor, reviewer, address);
    });
  });
}

test('What two people changed in different places is merged', () => both('merged', 'Network engineer', async (editor, reviewer) => {
  await fill(reviewer, 'Summary', 'Network engineers keep every ward connected.');
  await save(reviewer);
  await fill(editor, 'Other titles', 'Infrastructure engineer\nNetwork technician');
  await save(editor);

  const said = await editor.page.locator('.banner.ok').innerText();
  assert.match(said, /Tomasz Rahman had saved meanwhile; those changes are in it as well/);
  assert.equal(await valueOf(editor, 'Summary'), 'Network engineers keep every ward connected.');
  assert.match(await valueOf(editor, 'Other titles'), /^Infrastructure engineer\nNetwork technician/);
}));

test('What both changed is asked, and nothing typed is lost', () => both('asked', 'Biomedical scientist', async (editor, reviewer, address) => {
  await fill(reviewer, 'Summary', 'Biomedical scientists test what doctors suspect.');
  await save(reviewer);
  await fill(editor, 'Summary', 'Biomedical scientists find out what is wrong.');
  await fill(editor, 'Other titles', 'Laboratory scientist');
  editor.expect(409);
  await editor.page.getByRole('button', { name: 'Save', exact: true }).click();

  const { page } = editor;
  await page.getByRole('heading', { name: 'Both of you changed “Biomedical scientist”' }).waitFor();
  const shown = await page.locator('main').innerText();
  assert.match(shown, /Tomasz Rahman saved version \d+ while you were writing/);
  assert.match(shown, /For 1 part you have to say what stays/);
  for (const words of ['out what is wrong.', 'what doctors suspect.']) assert.ok(shown.includes(words), shown);

  await page.getByLabel('Keep mine', { exact: true }).check();
  await page.getByRole('button', { name: 'Save with these choices' }).first().click();
  assert.equal(new URL(page.url()).pathname, address);
  assert.equal(await valueOf(editor, 'Summary'), 'Biomedical scientists find out what is wrong.');
  assert.match(await valueOf(editor, 'Other titles'), /^Laboratory scientist/);

  // The history holds both versions: what was not chosen can be brought back.
  await page.getByRole('link', { name: 'History', exact: true }).click();
  const history = await page.locator('main').innerText();
  assert.ok(history.includes('Tomasz Rahman') && history.includes('Niamh Okafor'), history);
}));

test('The other side can be chosen, too', () => both('theirs', 'Paramedic', async (editor, reviewer) => {
  await fill(reviewer, 'Summary', 'Paramedics decide where help is needed most.');
  await save(reviewer);
  await fill(editor, 'Summary', 'Paramedics come when it matters.');
  editor.expect(409);
  await editor.page.getByRole('button', { name: 'Save', exact: true }).click();
  await editor.page.getByLabel('Use what Tomasz Rahman wrote').check();
  await editor.page.getByRole('button', { name: 'Save with these choices' }).first().click();
  assert.equal(await valueOf(editor, 'Summary'), 'Paramedics decide where help is needed most.');
}));

async function fill(visit, label, value) {
  await visit.page.getByLabel(label, { exact: true }).first().fill(value);
}

function valueOf(visit, label) {
  return visit.page.getByLabel(label, { exact: true }).first().inputValue();
}

async function save(visit) {
  await visit.page.getByRole('button', { name: 'Save', exact: true }).click();
  await visit.page.locator('.banner.ok').waitFor();
}
