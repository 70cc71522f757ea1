// Every screen by keyboard alone, at both widths. The screens are in screens.mjs.

import { test } from 'node:test';
import { keyboardFindings } from './checks/keyboard.mjs';
import { openScreen, screens } from './screens.mjs';
import { WIDTHS } from './support/browser.mjs';
import { assertNone } from './support/findings.mjs';
import { openStage } from './support/stage.mjs';

const stage = openStage();

for (const screen of screens) {
  for (const width of WIDTHS) {
    const name = `${screen.name} can be walked by keyboard at ${width}`;
    test(name, () => stage.visit(name, { person: screen.person, width }, async visit => {
      await openScreen(visit, screen);
      assertNone(await keyboardFindings(visit, { skips: !screen.bare }));
    }));
  }
}
