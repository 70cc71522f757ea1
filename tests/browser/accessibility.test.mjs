// Every screen in light and dark, narrow and wide: axe, reflow, structure, weight and the keyboard alone. The screens are in
// screens.mjs.

import { test } from 'node:test';
import { axeFindings, axeFindingsWithin, colourFindings } from './checks/axe.mjs';
import { focusFindings, keyboardFindings } from './checks/keyboard.mjs';
import { layoutFindings } from './checks/layout.mjs';
import { structureFindings } from './checks/structure.mjs';
import { weightFindings } from './checks/weight.mjs';
import { openScreen, screens } from './screens.mjs';
import { sizeOf, WIDTHS } from './support/browser.mjs';
import { Findings } from './support/findings.mjs';
import { openStage } from './support/stage.mjs';

const stage = openStage();

for (const screen of screens) {
  test(`${screen.name} can be used by everybody`, () => stage.visit(screen.name, { person: screen.person }, async visit => {
    const findings = new Findings();
    await openScreen(visit, screen);
    findings.add('always', await focusFindings(visit));
    if (!screen.bare) findings.add('always', await structureFindings(visit));
    findings.add('always', await weightFindings(visit, screen));
    for (const width of WIDTHS) {
      await visit.page.setViewportSize(sizeOf(width));
      findings.add(`${width} by keyboard`, await keyboardFindings(visit, { skips: !screen.bare }));
      findings.add(`${width}`, await layoutFindings(visit));
      findings.add(`${width}`, await axeFindings(visit));
      await visit.page.emulateMedia({ colorScheme: 'dark' });
      findings.add(`${width} dark`, await colourFindings(visit));
      await visit.page.emulateMedia({ colorScheme: 'light' });
    }
    await visit.page.evaluate(unfold, '');
    findings.add('unfolded', await layoutFindings(visit));
    findings.add('unfolded', await axeFindings(visit));
    for (const menu of await visit.page.evaluate(menus)) {
      await visit.page.evaluate(unfold, menu);
      findings.add(`unfolded ${menu}`, await layoutFindings(visit));
      findings.add(`unfolded ${menu}`, await axeFindingsWithin(visit, menu));
    }
    findings.assertNone();
  }));
}

/** Menus lie over the page when they are open: selectors of those that are to be seen. */
function menus() {
  return ['details.bar-menu', 'details.bar-person', 'details.more'].filter(menu => document.querySelector(menu)?.checkVisibility());
}

/** What is folded hides what it holds from every check. Opens all of it, and of the menus this one. */
function unfold(menu) {
  for (const details of document.querySelectorAll('details')) {
    const isMenu = details.matches('.bar-menu, .bar-person, .more');
    details.open = isMenu ? menu !== '' && details.matches(menu) : true;
  }
}
