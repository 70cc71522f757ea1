// Where a run leaves things: below target/browser, which version control ignores.

import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

/** The top of the repository. */
export const repository = fileURLToPath(new URL('../../..', import.meta.url));
/** Everything that a run leaves behind. */
export const evidenceFolder = join(repository, 'target/browser');
/** The HTML that arrived during the run, one file for each different page. */
export const pagesFolder = join(evidenceFolder, 'pages');
/** Pictures and HTML of pages in which a test failed. */
export const failuresFolder = join(evidenceFolder, 'failures');
