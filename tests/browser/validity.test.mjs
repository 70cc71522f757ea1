// All HTML that arrived during the run, through the validator once. Runs after the other test files.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { validityFindings } from './checks/validity.mjs';
import { assertNone } from './support/findings.mjs';
import { pagesFolder } from './support/folders.mjs';

test('All pages that were seen are valid HTML', async context => {
  const pages = await readdir(pagesFolder).catch(() => []);
  assert.ok(pages.length > 0, `no page was saved in ${pagesFolder}; run the other tests first`);
  context.diagnostic(`${pages.length} pages`);
  assertNone(await validityFindings(pagesFolder));
});
