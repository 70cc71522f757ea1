// axe-core's rules: WCAG 2.2 A and AA and best practice, all of them. Returns findings; none is allowed.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Runs axe on the page as it is now. Scripts are on only meanwhile: axe waits with promises and timers. */
export async function axeFindings(visit) {
  await visit.switchScripts(true);
  try {
    await visit.page.evaluate(`${source};undefined`);
    return await visit.page.evaluate(async tags => {
      const { violations } = await window.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
      return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html, failureSummary }) =>
        `axe ${id}: ${help}: ${html.slice(0, 160)} ${(failureSummary ?? '').replaceAll(/\s+/g, ' ').slice(0, 200)}`));
    }, TAGS);
  } finally {
    await visit.switchScripts(visit.scripts);
  }
}
