// The fields of rich text in an editor's page, as a test meets them.

import assert from 'node:assert/strict';

/** One of them: the element, and its text as it is edited. */
export function field(page, position) {
  const element = page.locator('rich-text').nth(position);
  return { element, text: element.locator('[contenteditable]') };
}

/** Puts the caret into a text and takes out what stands there. A browser says a moment later than it happens where the caret is. */
export async function empty(text) {
  const end = Date.now() + 20_000;
  await text.click();
  do {
    assert.ok(Date.now() < end, 'the text never became empty');
    await text.press('Control+a');
    await text.press('Delete');
  } while (await text.evaluate(one => one.textContent !== '' || one.childElementCount > 1));
}

/** The Markdown that the server drew in a field. */
export function markdownOf(page, position) {
  return page.locator('rich-text textarea').nth(position).evaluate(area => area.defaultValue);
}

/** The Markdown of all fields, once they are edited as rich text. */
export async function textsOf(page) {
  await page.waitForFunction(() => [...document.querySelectorAll('rich-text')].every(one => one.querySelector('[contenteditable]')));
  return page.locator('rich-text textarea').evaluateAll(areas => areas.map(area => [area.name, area.defaultValue]));
}

const SAVED = /Saved as version \d+|Everything is saved|Nothing had changed/;

/** Saves and waits until the page says so; what was typed a while ago has been saved by itself. */
export async function save({ page }, press = () => page.getByRole('button', { name: 'Save', exact: true }).click()) {
  const said = page.locator('.banner', { hasText: SAVED });
  await said.evaluateAll(all => all.forEach(one => one.remove()));
  await press();
  await said.waitFor();
}
