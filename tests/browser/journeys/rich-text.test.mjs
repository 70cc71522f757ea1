// Rich text with scripts on: what nobody changed is saved as it was, everything can be done from the keyboard, and without
// scripts there is the text area.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { axeFindings } from '../checks/axe.mjs';
import { requirementSection, rolePage } from '../support/addresses.mjs';
import { assertNone } from '../support/findings.mjs';
import { openStage } from '../support/stage.mjs';
import { empty, field, markdownOf, save, textsOf } from '../support/rich-text.mjs';

const stage = openStage();
const scripted = { person: 'editor', scripts: true };
const LARGEST_PAGE = 'Information and communication technology';
const LARGEST_SECTION = 'Entry requirements (information and communication technology)';

for (const address of [rolePage(LARGEST_PAGE), requirementSection(LARGEST_SECTION)]) {
  test('Texts that nobody changed are saved as they were, byte by byte', () => stage.visit('unchanged', scripted, async visit => {
    const { page } = visit;
    await visit.goto(await address(page));
    const before = await textsOf(page);
    assert.ok(before.length > 2, `${before.length} texts`);
    await page.getByLabel('What did you change? (for the history)').fill('Nothing in the texts');
    await page.getByLabel('Summary', { exact: true }).fill('Another summary, so that there is something to save.');
    await save(visit);
    assert.deepEqual(await textsOf(page), before);
  }));
}

test('A text with everything in it comes through the editor as it went in', async () => {
  const corpus = await readFile(new URL('../corpus.md', import.meta.url), 'utf8');
  const address = await stage.visit('written', { person: 'editor' }, async visit => {
    const found = await rolePage('Paramedic')(visit.page);
    await visit.goto(found);
    await visit.page.locator('rich-text textarea').first().fill(corpus);
    await save(visit);
    return found;
  });
  await stage.visit('edited', scripted, async visit => {
    const { page } = visit;
    await visit.goto(address);
    const before = await markdownOf(page, 0);
    assert.ok(before.length > 900 && before.includes('1. numbered\n'), before);
    const { text } = field(page, 0);
    await text.press('Control+End');
    await page.keyboard.type('x');
    await page.keyboard.press('Backspace');
    await page.getByLabel('Summary', { exact: true }).fill('Something else is changed as well.');
    await save(visit);
    assert.equal(await markdownOf(page, 0), before);
  });
});

test('A text is written and formatted from the keyboard alone', () => stage.visit('keyboard', scripted, async visit => {
  const { page } = visit;
  await visit.goto(await rolePage('Network engineer')(page));
  const { text } = field(page, 0);
  await empty(text);
  await type(page, 'You keep ');
  await keys(page, 'Control+b');
  await type(page, 'every');
  await keys(page, 'Control+b');
  await type(page, ' ward ');
  await keys(page, 'Control+i');
  await type(page, 'connected');
  await keys(page, 'Control+i', 'Enter');
  assert.equal(await said(page), 'Italic off');
  await type(page, '### Daily');
  await keys(page, 'Enter');
  await type(page, '- cables');
  await keys(page, 'Enter', 'Control+]');
  assert.equal(await said(page), 'Bullet list, level 2');
  await type(page, 'long ones');
  await keys(page, 'Enter', 'Control+[');
  await type(page, 'radios');
  await keys(page, 'Enter', 'Enter');
  await type(page, '1. first');
  await keys(page, 'Enter', 'Enter');
  await type(page, '> Never dull.');
  await keys(page, 'Enter', 'Enter');
  // The toolbar: Alt+F10, arrows, Enter; the last button is reached from the first one backwards.
  await keys(page, 'Alt+F10');
  assert.equal(await focused(page), 'Bold');
  await keys(page, 'End', 'Home', 'ArrowRight');
  assert.equal(await focused(page), 'Italic');
  await keys(page, 'Escape', 'Alt+F10', ...Array(9).fill('ArrowRight'));
  assert.equal(await focused(page), 'Table');
  await keys(page, 'Enter');
  await type(page, 'Band');
  await keys(page, 'Enter');
  await type(page, '5');
  await keys(page, 'Control+Enter');
  await type(page, '6');
  await keys(page, 'Enter', 'Enter');
  await type(page, 'After the table');
  await keys(page, 'Control+b', 'Control+z', 'Control+y');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'textbox');
  await keys(page, 'Tab');
  assert.notEqual(await page.evaluate(() => document.activeElement.getAttribute('role')), 'textbox', 'Tab leaves the text');
  await page.getByRole('button', { name: 'Save', exact: true }).focus();
  await save(visit, () => keys(page, 'Enter'));
  assert.equal(await markdownOf(page, 0), [
    'You keep **every** ward *connected*', '', '### Daily', '', '- cables', '  - long ones', '- radios', '', '1. first', '',
    '> Never dull.', '', '| Band |  |', '| --- | --- |', '| 5 |  |', '| 6 |  |', '', 'After the table',
  ].join('\n'));
}));

test('The toolbar says what it is and where the caret stands', () => stage.visit('toolbar', scripted, async visit => {
  const { page } = visit;
  await visit.goto(await rolePage('Data analyst')(page));
  const { element, text } = field(page, 0);
  await empty(text);
  await type(page, '- ');
  await keys(page, 'Control+b');
  await type(page, 'Bold');
  const label = (await page.locator(`label[for="${await text.getAttribute('id')}"]`).textContent()).trim();
  assert.equal(await text.getAttribute('aria-label'), label);
  assert.equal(await element.ariaSnapshot(), [
    `- toolbar "Formatting of ${label}":`, '  - button "Bold" [pressed]', '  - button "Italic"', '  - button "Link"',
    '  - button "Heading"', '  - button "Bullets" [pressed]', '  - button "Numbers"', '  - button "Subheading"',
    '  - button "Outdent"', '  - button "Indent" [disabled]', '  - button "Quote"', '  - button "Table"', '  - button "Undo"',
    '  - button "Redo" [disabled]', '  - button "Plain text"', '  - text: Bullet list, level 1', `- textbox "${label}":`,
    '  - list:', '    - listitem:', '      - paragraph:', '        - strong: Bold',
  ].join('\n'));
  const described = (await text.getAttribute('aria-describedby')).split(' ');
  assert.equal(await page.locator(`#${described.at(-1)}`).textContent(), 'Alt+F10 for formatting');
  await page.locator(`label[for="${await text.getAttribute('id')}"]`).click();
  assert.ok(await text.evaluate(one => one === document.activeElement), 'the label leads to the text');
  assertNone(await axeFindings(visit));
  for (const width of [320, 1366]) {
    await page.setViewportSize({ width, height: 800 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${wide} pixels at ${width}`);
  }
}));

test('A link leads to a section of a page that was searched for', () => stage.visit('link', scripted, async visit => {
  const { page } = visit;
  await visit.goto(await rolePage('Data analyst')(page));
  const { text } = field(page, 0);
  await empty(text);
  await type(page, 'Work with computing');
  await keys(page, 'Control+Shift+ArrowLeft', 'Control+k');
  const dialog = page.getByRole('dialog', { name: 'Link' });
  await dialog.waitFor();
  assert.equal(await dialog.getByLabel('Words of the link').inputValue(), 'computing');
  await dialog.getByRole('combobox', { name: 'Page' }).fill('communication tech');
  await dialog.getByRole('option', { name: new RegExp(`^${LARGEST_PAGE} Role page, Live`) }).waitFor();
  assertNone(await axeFindings(visit));
  await keys(page, 'ArrowDown', 'Enter');
  await dialog.getByLabel('Section').waitFor();
  await dialog.getByLabel('Section').selectOption({ index: 1 });
  await dialog.getByLabel('Words of the link').fill('here');
  assert.match(await dialog.locator('.note-at').textContent(), /“here” does not say where the link leads/);
  await dialog.getByLabel('Words of the link').fill('computing');
  await dialog.getByRole('button', { name: 'Save link' }).click();
  await dialog.waitFor({ state: 'hidden' });
  assert.ok(await text.evaluate(one => one === document.activeElement), 'the focus is back in the text');
  await keys(page, 'End');
  await type(page, ' and ');
  await keys(page, 'Control+k');
  await dialog.getByLabel('Words of the link').fill('numbers');
  await dialog.getByLabel('Web address').check();
  await dialog.getByLabel('Address', { exact: true }).fill('javascript:alert(1)');
  await keys(page, 'Enter');
  assert.match(await dialog.getByRole('alert').textContent(), /Give an address such as/);
  await dialog.getByLabel('Address', { exact: true }).fill('example.org/numbers');
  await keys(page, 'Enter');
  await dialog.waitFor({ state: 'hidden' });
  await save(visit);
  const id = '[0-9a-f]{8}-[0-9a-f-]{27}';
  assert.match(await markdownOf(page, 0), new RegExp(`^Work with \\[computing\\]\\(ref:${id}#${id}\\) and \\[numbers\\]\\(https://example\\.org/numbers\\)$`));

  await text.getByText('computing').click();
  await keys(page, 'Control+k');
  assert.equal(await dialog.getByLabel('Words of the link').inputValue(), 'computing');
  await page.waitForFunction(title => document.getElementById('rich-link-title').value === title, LARGEST_PAGE);
  await dialog.getByRole('button', { name: 'Remove link' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await save(visit);
  assert.match(await markdownOf(page, 0), /^Work with computing and \[numbers\]/);
}));

test('Who prefers Markdown writes Markdown, with a toolbar, and nothing is lost between the two', () => stage.visit('plain', scripted, async visit => {
  const { page } = visit;
  await visit.goto(await rolePage('Biomedical scientist')(page));
  const { element, text } = field(page, 0);
  const area = element.locator('textarea');
  await empty(text);
  await type(page, '- You test ');
  await keys(page, 'Control+b');
  await type(page, 'blood');
  const id = await text.getAttribute('id');
  await remembered(page, () => element.getByRole('button', { name: 'Plain text' }).click());
  assert.equal(await area.inputValue(), '- You test **blood**');
  assert.equal(await area.getAttribute('id'), id);
  assert.ok(await area.evaluate(one => one === document.activeElement), 'the focus is in the text');
  await keys(page, 'Control+End', 'Enter');
  await type(page, 'and more');
  await keys(page, 'Control+Shift+ArrowLeft', 'Alt+F10', 'ArrowRight', 'Enter');
  assert.equal(await area.inputValue(), '- You test **blood**\nand *more*');
  await keys(page, 'Control+z');
  assert.equal(await area.inputValue(), '- You test **blood**\nand more', 'what the toolbar did can be undone');
  await keys(page, 'Control+End');
  await type(page, '\n\n![A picture](https://example.org/a.png)');
  await save(visit);
  await visit.goto(page.url());
  assert.ok(await area.isVisible(), 'the next page begins with Markdown');
  assert.equal(await area.inputValue(), '- You test **blood** and more\n\nA picture');
  await area.fill('Also ![A picture](https://example.org/a.png) **this**');
  await remembered(page, () => element.getByRole('button', { name: 'Rich text' }).click());
  assert.equal(await text.innerHTML(), '<p>Also A picture <strong>this</strong></p>');
  assert.match(await element.locator('.note-at').textContent(), /^Rich text. Not everything could be kept: a picture was left out/);
}));

test('On a telephone the toolbar takes two lines, stays in view, and has the rest below More', () => stage.visit('narrow', { ...scripted, width: 320 }, async visit => {
  const { page } = visit;
  await visit.goto(await rolePage(LARGEST_PAGE)(page));
  const { element, text } = field(page, 0);
  const bar = element.locator('.rich-bar');
  const lines = () => bar.evaluate(one => new Set([...one.querySelectorAll('button')].filter(tool => tool.checkVisibility()).map(tool => tool.offsetTop)).size);
  const more = bar.getByRole('button', { name: 'More' });
  const quote = bar.getByRole('button', { name: 'Quote' });
  await text.click();
  assert.equal(await lines(), 2);
  await text.evaluate(one => scrollTo(0, one.getBoundingClientRect().top + scrollY + 40));
  assert.ok(await bar.evaluate(one => one.getBoundingClientRect().top >= 0), 'it stays in view');
  await keys(page, 'Alt+F10', 'End');
  assert.equal(await focused(page), 'More');
  assert.equal(await more.getAttribute('aria-expanded'), 'false');
  await keys(page, 'Enter', 'ArrowRight');
  assert.equal(await more.getAttribute('aria-expanded'), 'true');
  assert.equal(await focused(page), 'Subheading');
  await quote.click();
  assert.equal(await lines(), 2, 'what was chosen folds the rest away');
  assert.ok(await text.locator('blockquote').count() > 0);
  assert.equal(await quote.isVisible(), false);
  await keys(page, 'Alt+F10');
  assert.equal(await focused(page), 'More');
}));

test('A picture that is dropped into a text is refused in words, and the page stays', () => stage.visit('dropped', scripted, async visit => {
  const { page } = visit;
  await visit.goto(await rolePage('Paramedic')(page));
  const { element, text } = field(page, 0);
  const before = await text.innerHTML();
  const stays = await text.evaluate(one => {
    const { left, top } = one.getBoundingClientRect();
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['a'], 'a.png', { type: 'image/png' }));
    return !one.dispatchEvent(new DragEvent('drop', { dataTransfer, clientX: left + 20, clientY: top + 20, bubbles: true, cancelable: true }));
  });
  assert.ok(stays, 'the browser would have opened the picture');
  assert.equal(await element.locator('.note-at').textContent(), 'A text holds no pictures. Add a block with the picture below it.');
  assert.equal(await text.innerHTML(), before);
}));

test('What is wrong with a text is said above, and leads into the text', () => stage.visit('too long', scripted, async visit => {
  const { page } = visit;
  visit.expect(422);
  await visit.goto(await rolePage('Biomedical scientist')(page));
  const { text } = field(page, 0);
  await empty(text);
  await text.evaluate(one => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', 'long '.repeat(20_001));
    one.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('.summary:focus').waitFor();
  assert.equal(await text.getAttribute('aria-invalid'), 'true');
  await page.locator('.summary a').first().click();
  assert.ok(await text.evaluate(one => one === document.activeElement), 'the focus is in the text');
  await empty(text);
  await type(page, 'Short.');
  await save(visit);
  assert.equal(await markdownOf(page, 0), 'Short.');
}));

test('What others changed comes in where nobody typed, and stays', () => stage.visit('mine', scripted, async visit => {
  const { page } = visit;
  const address = await rolePage(LARGEST_PAGE)(page);
  await visit.goto(address);
  await textsOf(page);
  await stage.visit('theirs', { person: 'reviewer' }, async theirs => {
    await theirs.goto(address);
    await theirs.page.locator('rich-text textarea').nth(1).fill('Words of somebody else.');
    await save(theirs);
  });
  const { text } = field(page, 0);
  await text.click();
  await type(page, 'Mine. ');
  await save(visit);
  const other = field(page, 1).text;
  await other.getByText('Words of somebody else.').waitFor();
  assert.ok((await text.textContent()).includes('Mine. '));
  await page.getByLabel('Summary', { exact: true }).fill('A summary after both of us wrote.');
  await save(visit);
  assert.equal(await markdownOf(page, 1), 'Words of somebody else.');
  assert.match(await markdownOf(page, 0), /Mine\. /);
}));

test('A move takes the text along', () => stage.visit('moved', scripted, async visit => {
  const { page } = visit;
  await visit.goto(await rolePage(LARGEST_PAGE)(page));
  await textsOf(page);
  const cards = page.locator('.block-card:has(rich-text)');
  const first = cards.nth(0);
  const heading = await first.getByLabel('Heading', { exact: true }).first().inputValue();
  await first.locator('[role="textbox"]').first().press('Control+Home');
  await type(page, 'Typed before the move. ');
  await first.getByRole('button', { name: /^Down/ }).first().click();
  const typed = page.locator('[contenteditable]', { hasText: 'Typed before the move.' });
  await page.locator('.block-card:has(rich-text)').nth(1).locator(typed).waitFor();
  const moved = page.locator('.block-card').filter({ has: typed });
  assert.equal(await moved.count(), 1);
  assert.equal(await moved.getByLabel('Heading', { exact: true }).first().inputValue(), heading);
  const before = await textsOf(page);
  const shown = await page.locator('rich-text').evaluateAll(all => all.map(one => one.dirty));
  assert.ok(!shown.includes(true), 'every text is the one that the server has for its place');
  await page.reload();
  assert.deepEqual(await textsOf(page), before);
}));

test('Without scripts the text area is what people write in', () => stage.visit('bare', { person: 'editor' }, async visit => {
  const { page } = visit;
  await visit.goto(await rolePage('Data analyst')(page));
  assert.equal(await page.locator('rich-text [role=toolbar]').count(), 0);
  assert.ok(await page.locator('rich-text textarea').first().isVisible());
}));

test('Forty texts on one page are ready at once and quick to type in', t => stage.visit('forty', scripted, async visit => {
  const { page } = visit;
  await visit.goto(await rolePage('Data analyst')(page));
  await field(page, 0).text.waitFor();
  const ready = await page.evaluate(fortyMore);
  const { text } = field(page, 39);
  await text.focus();
  const begun = performance.now();
  await page.keyboard.type('A hundred characters are typed here, one by one, and each of them is looked at before the next follows.');
  const typed = performance.now() - begun;
  t.diagnostic(`40 editors: ready in ${Math.round(ready)} ms; ${(typed / 104).toFixed(1)} ms a key, the driver included`);
  assert.ok(await text.textContent().then(words => words.includes('before the next follows.')));
}));

/** Puts forty texts beside the first one and says how long that took. */
function fortyMore() {
  const first = document.querySelector('rich-text');
  const source = first.querySelector('template');
  const begun = performance.now();
  for (let number = 0; number < 40; number += 1) {
    const element = document.createElement('rich-text');
    const area = document.createElement('textarea');
    const template = document.createElement('template');
    element.dataset.field = area.id = `forty-${number}`;
    element.dataset.mode = 'rich';
    area.name = `/forty/${number}`;
    template.content.append(source.content.cloneNode(true));
    element.append(area, template);
    first.before(element);
  }
  return performance.now() - begun;
}

/** Does something and waits until the preference that comes of it is kept. */
async function remembered(page, act) {
  const kept = page.waitForResponse(answer => answer.url().endsWith('/admin/profile/preferences'));
  await act();
  assert.equal((await kept).status(), 204);
}

async function keys(page, ...all) {
  for (const key of all) await page.keyboard.press(key);
}

function type(page, words) {
  return page.keyboard.type(words);
}

function said(page) {
  return page.locator('#live').textContent();
}

function focused(page) {
  return page.evaluate(() => document.activeElement.textContent);
}
