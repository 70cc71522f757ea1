// Every screen in light and dark, narrow and wide: axe, reflow, structure and weight. The screens are in screens.mjs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axeFindings } from './checks/axe.mjs';
import { layoutFindings } from './checks/layout.mjs';
import { structureFindings } from './checks/structure.mjs';
import { weightFindings } from './checks/weight.mjs';
import { openScreen, screens } from './screens.mjs';
import { SCHEMES, sizeOf, WIDTHS } from './support/browser.mjs';
import { openStage } from './support/stage.mjs';

const stage = openStage();

for (const screen of screens) {
  test(`${screen.name} can be used by everybody`, () => stage.visit(screen.name, { person: screen.person }, async visit => {
    await openScreen(visit, screen);
    const findings = [...await structureFindings(visit), ...await weightFindings(visit, screen)];
    for (const width of WIDTHS) {
      await visit.page.setViewportSize(sizeOf(width));
      findings.push(...(await layoutFindings(visit)).map(finding => `at ${width}: ${finding}`));
      for (const scheme of SCHEMES) {
        await visit.page.emulateMedia({ colorScheme: scheme });
        findings.push(...(await axeFindings(visit)).map(finding => `${scheme} at ${width}: ${finding}`));
      }
    }
    await unfold(visit.page);
    findings.push(...(await layoutFindings(visit)).map(finding => `unfolded: ${finding}`));
    findings.push(...(await axeFindings(visit)).map(finding => `unfolded: ${finding}`));
    assert.deepEqual(findings, []);
  }));
}

/** Menus and details hide what they hold from every check while they are closed. */
function unfold(page) {
  return page.evaluate(() => { for (const details of document.querySelectorAll('details')) details.open = true; });
}
