// Screens on which scripts do something, with scripts on: axe, reflow, structure and keyboard, at both widths and in the
// dark. The journeys say what scripts do; here it is whether everybody can use what they made of a screen.

import { test } from 'node:test';
import { axeFindings, axeFindingsWithin, colourFindings } from './checks/axe.mjs';
import { focusFindings, keyboardFindings } from './checks/keyboard.mjs';
import { layoutFindings } from './checks/layout.mjs';
import { structureFindings } from './checks/structure.mjs';
import { openScreen, screens } from './screens.mjs';
import { sizeOf, WIDTHS } from './support/browser.mjs';
import { Findings } from './support/findings.mjs';
import { openStage } from './support/stage.mjs';

const stage = openStage();
const named = name => screens.find(screen => screen.name === name);

/** Screens as they are after scripts have come to them. */
const whole = ['Editor of the largest role page', 'Editor of the largest requirement section', 'Role pages', 'Inbox', 'Add pictures'];

/** What lies over a screen: how it is opened, and what is looked at. */
const over = [
  ['a step in a dialog', 'Editor of a draft with problems', page => page.locator('.actions a[data-dialog]').first().click(), '#dialog'],
  ['choosing in a dialog', 'Editor of the largest role page', page => page.getByRole('button', { name: /^Add a related role/ }).click(), '#dialog'],
  ['the list of keys', 'Role pages', page => page.keyboard.press('?'), '#dialog'],
  ['the dialog for a link', 'Editor of the largest role page', async page => {
    await page.locator('rich-text [contenteditable]').first().click();
    await page.keyboard.press('Control+k');
  }, '.rich-link'],
  ['the palette', 'Inbox', page => page.keyboard.press('Control+k'), '#palette'],
];

for (const name of whole) {
  const screen = named(name);
  test(`${name} can be used by everybody with scripts`, () => stage.visit(`${name} scripted`, { person: screen.person, scripts: true }, async visit => {
    const findings = new Findings();
    await openScreen(visit, screen);
    await visit.page.locator('html[data-scripted]').waitFor();
    findings.add('always', await focusFindings(visit));
    findings.add('always', await structureFindings(visit));
    for (const width of WIDTHS) {
      await visit.page.setViewportSize(sizeOf(width));
      await look(visit, findings, width);
      findings.add(`${width} by keyboard`, await keyboardFindings(visit));
    }
    if (name.startsWith('Editor')) {
      await visit.page.setViewportSize({ width: 1600, height: 900 });
      await visit.page.frameLocator('.live-frame iframe').locator('h1').waitFor();
      findings.add('with the preview', await layoutFindings(visit));
      findings.add('with the preview', await axeFindingsWithin(visit, 'aside'));
    }
    findings.assertNone();
  }));
}

for (const [name, below, open, selector] of over) {
  const screen = named(below);
  test(`${name} can be used by everybody`, () => stage.visit(`over ${name}`, { person: screen.person, scripts: true }, async visit => {
    const findings = new Findings();
    await openScreen(visit, screen);
    await visit.page.locator('html[data-scripted]').waitFor();
    await open(visit.page);
    await visit.page.locator(`${selector}[open]`).waitFor();
    for (const width of WIDTHS) {
      await visit.page.setViewportSize(sizeOf(width));
      await look(visit, findings, width, selector);
      findings.add(`${width}`, await visit.page.locator(`${selector}[open]`).evaluate(one => (
        one.scrollHeight > one.clientHeight + 1 && one.offsetHeight < innerHeight - 70 ? ['it shows less of itself than there is room for'] : [])));
    }
    findings.assertNone();
  }));
}

async function look(visit, findings, width, selector) {
  findings.add(`${width}`, await layoutFindings(visit));
  findings.add(`${width}`, selector ? await axeFindingsWithin(visit, selector) : await axeFindings(visit));
  await visit.page.emulateMedia({ colorScheme: 'dark' });
  findings.add(`${width} dark`, selector ? await axeFindingsWithin(visit, selector) : await colourFindings(visit));
  await visit.page.emulateMedia({ colorScheme: 'light' });
}
