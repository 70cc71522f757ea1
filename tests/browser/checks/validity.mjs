// The validator of the W3C over a folder of saved pages, in one go. Returns findings; none is allowed.

import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const jar = createRequire(import.meta.url).resolve('vnu-jar/build/dist/vnu.jar');

/** Every error, warning and remark about the HTML files in this folder. */
export async function validityFindings(folder) {
  const { stderr } = await run('java', ['-Xss1m', '-jar', jar, '--format', 'json', '--exit-zero-always', '--skip-non-html', folder], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stderr).messages.map(({ type, subType, url, lastLine, message, extract }) =>
    `${subType ?? type} in ${basename(url ?? folder)}:${lastLine ?? '?'}: ${message} ${(extract ?? '').replaceAll(/\s+/g, ' ')}`);
}
