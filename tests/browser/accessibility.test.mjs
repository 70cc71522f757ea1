// Every screen in light and dark, narrow and wide: axe, reflow, structure and weight. The screens are in screens.mjs.

import { test } from 'node:test';
import { axeFindings, colourFindings } from './checks/axe.mjs';
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
    findings.add('always', await structureFindings(visit));
    findings.add('always', await weightFindings(visit, screen));
    for (const width of WIDTHS) {
      await visit.page.setViewportSize(sizeOf(width));
      findings.add(`${width}`, await layoutFindings(visit));
      findings.add(`${width}`, await axeFindings(visit));
      await visit.page.emulateMedia({ colorScheme: 'dark' });
      findings.add(`${width} dark`, await colourFindings(visit));
      await visit.page.emulateMedia({ colorScheme: 'light' });
    }
    await unfold(visit.page);
    findings.add('unfolded', await layoutFindings(visit));
    findings.add('unfolded', await axeFindings(visit));
    findings.assertNone();
  }));
}

/** Menus and details hide what they hold from every check while they are closed. */
function unfold(page) {
  return page.evaluate(() => { for (const details of document.querySelectorAll('details')) details.open = true; });
}
