// axe-core's rules: WCAG 2.2 A and AA and best practice, all of them. Returns findings; none is allowed.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The rules that a colour scheme can change anything about. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** Runs axe on the page as it is now. Scripts are on only meanwhile: axe waits with promises and timers. */
export function axeFindings(visit) {
  return run(visit, { type: 'tag', values: TAGS });
}

/** The same for the part of the page that a selector names. */
export function axeFindingsWithin(visit, selector) {
  return run(visit, { type: 'tag', values: TAGS }, selector);
}

/** The same for the rules about colours: enough where nothing but the colour scheme is another. */
export function colourFindings(visit) {
  return run(visit, { type: 'rule', values: COLOURS });
}

async function run(visit, runOnly, selector) {
  await visit.switchScripts(true);
  try {
    if (!await visit.page.evaluate(() => 'axe' in window)) await visit.page.evaluate(`${source};undefined`);
    return await visit.page.evaluate(async ([runOnly, selector]) => {
      const { violations } = await window.axe.run(selector ?? document, { runOnly, resultTypes: ['violations'] });
      return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html, failureSummary }) =>
        `axe ${id}: ${help}: ${html.slice(0, 160)} ${(failureSummary ?? '').replaceAll(/\s+/g, ' ').slice(0, 200)}`));
    }, [runOnly, selector]);
  } finally {
    await visit.switchScripts(visit.scripts);
  }
}
