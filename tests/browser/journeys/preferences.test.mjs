// How somebody likes the panel is kept with their account: theme, density, keys and what texts are written as hold on every
// page, and in another browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rolePage } from '../support/addresses.mjs';
import { openStage } from '../support/stage.mjs';
import { field } from '../support/rich-text.mjs';

const stage = openStage();
const scripted = { person: 'editor', scripts: true };

/** What the preferences come to: on a list, and in an editor. */
async function felt(visit) {
  const { page } = visit;
  await visit.goto('/admin/role-pages');
  await page.locator('html[data-scripted]').waitFor();
  await page.keyboard.press('j');
  const list = await page.evaluate(() => ({
    dark: getComputedStyle(document.documentElement).colorScheme === 'dark',
    row: getComputedStyle(document.documentElement).getPropertyValue('--row'),
    walked: document.activeElement.matches('tbody th a'),
  }));
  await visit.goto(await rolePage('Data analyst')(page));
  await page.locator('rich-text .rich-bar').first().waitFor();
  return { ...list, plain: await field(page, 0).element.locator('textarea').isVisible() };
}

async function prefer(visit, ...choices) {
  await visit.goto('/admin/profile');
  for (const [group, choice] of choices) await visit.page.getByRole('group', { name: group }).getByLabel(choice).check();
  await visit.page.getByRole('button', { name: 'Keep the preferences' }).click();
  await visit.page.locator('.flash', { hasText: 'Your preferences are kept.' }).waitFor();
}

test('Theme, density, keys and how texts are written are kept and act on every page', async () => {
  const usual = { dark: false, row: '2.5rem', walked: true, plain: false };
  const own = { dark: true, row: '2rem', walked: false, plain: true };
  await stage.visit('preferences', scripted, async visit => {
    assert.deepEqual(await felt(visit), usual);
    await prefer(visit, ['Colours', 'Dark'], ['Density', /^Compact/], ['Write texts as', /^Plain text/], ['Shortcuts with a single key', 'Off']);
    assert.deepEqual(await felt(visit), own);
  });
  // Another browser of the same person.
  await stage.visit('preferences again', scripted, async visit => assert.deepEqual(await felt(visit), own));
  // Somebody else has their own.
  await stage.visit('preferences of others', { person: 'publisher', scripts: true }, async visit => assert.deepEqual(await felt(visit), usual));
  await stage.visit('preferences back', scripted, async visit => {
    await prefer(visit, ['Colours', /^As the system/], ['Density', 'Comfortable'], ['Write texts as', /^Rich text/], ['Shortcuts with a single key', 'On']);
    assert.deepEqual(await felt(visit), usual);
  });
});
