// The checks, checked: none finds anything in the sound page, and each finds what was planted for it.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { axeFindings } from '../checks/axe.mjs';
import { focusFindings, keyboardFindings } from '../checks/keyboard.mjs';
import { layoutFindings } from '../checks/layout.mjs';
import { structureFindings } from '../checks/structure.mjs';
import { validityFindings } from '../checks/validity.mjs';
import { weightFindings } from '../checks/weight.mjs';
import { SCHEMES, WIDTHS } from '../support/browser.mjs';
import { openStage } from '../support/stage.mjs';
import { planted } from './planted.mjs';
import { startSite } from './site.mjs';

const stage = openStage(() => startSite(planted));

const checks = {
  structure: structureFindings,
  layout: layoutFindings,
  weight: visit => weightFindings(visit, { list: true }),
  axe: axeFindings,
  focus: focusFindings,
  keyboard: keyboardFindings,
  visit: visit => visit.settledFaults(),
};

for (const width of WIDTHS) {
  for (const scheme of SCHEMES) {
    test(`The sound page passes in ${scheme} at ${width}`, () => stage.visit('sound', { width, scheme, keep: false }, async visit => {
      await visit.goto('/');
      for (const [name, find] of Object.entries(checks)) assert.deepEqual(await find(visit), [], name);
    }));
  }
}

for (const [index, fault] of planted.entries()) {
  if (fault.check === 'validity') continue;
  test(`The ${fault.check} check finds ${fault.name}`, async () => {
    const { width, scheme, scripts } = fault;
    const visit = await stage.unwatched({ width, scheme, scripts, keep: false });
    try {
      await visit.page.goto(`/planted/${index}`);
      assertFound(await checks[fault.check](visit), fault);
    } finally {
      await visit.close();
    }
  });
}

test('The validity check finds each of its planted faults and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rolebook-selftest-'));
  try {
    const pages = [['sound', '/'], ...planted.map((fault, index) => [`planted-${index}`, `/planted/${index}`, fault])]
      .filter(([, , fault]) => !fault || fault.check === 'validity');
    for (const [name, path] of pages) {
      await writeFile(join(folder, `${name}.html`), await (await fetch(stage.site.address + path)).text());
    }
    const findings = await validityFindings(folder);
    for (const [name, , fault] of pages) {
      const own = findings.filter(finding => finding.includes(`in ${name}.html:`));
      if (fault) assertFound(own, fault); else assert.deepEqual(own, []);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('Scripts do nothing where they are switched off, and run where they are on', async () => {
  for (const scripts of [false, true]) {
    await stage.visit('switch', { scripts, keep: false }, async visit => {
      // Twice: a switch that a navigation resets would be worth little.
      for (let time = 0; time < 2; time += 1) {
        await visit.goto('/scripted');
        assert.equal(await visit.page.title() === 'Changed by a script', scripts);
      }
      await axeFindings(visit);
      await visit.goto('/scripted');
      assert.equal(await visit.page.title() === 'Changed by a script', scripts, 'after axe');
    });
  }
});

test('A visit with faults fails', async () => {
  const index = planted.findIndex(fault => fault.status === 500);
  await assert.rejects(stage.visit('planted 500', { keep: false }, visit => visit.page.goto(`/planted/${index}`)), /answered 500/);
});

function assertFound(findings, { finds }) {
  assert.ok(findings.some(finding => finds.test(finding)), `nothing like ${finds} in ${JSON.stringify(findings, null, 1)}`);
}
