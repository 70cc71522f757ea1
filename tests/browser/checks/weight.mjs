// What a screen may weigh over the wire, compressed. Returns findings; none is allowed.

import { gzipSync } from 'node:zlib';

const LIST = 15 * 1024;
const STYLE = 12 * 1024;

/** Weighs the HTML that arrived (of lists) and all its style sheets together. */
export async function weightFindings(visit, { list = false } = {}) {
  const findings = [];
  const weight = async path => gzipSync(await (await visit.context.request.get(path)).body()).length;
  if (list) {
    const html = await weight(visit.page.url());
    if (html > LIST) findings.push(`HTML of a list weighs ${html} bytes, more than ${LIST}`);
  }
  const sheets = await visit.page.evaluate(() => [...document.querySelectorAll('link[rel~=stylesheet]')].map(({ href }) => href));
  const weights = await Promise.all(sheets.map(weight));
  const style = weights.reduce((sum, one) => sum + one, 0);
  if (sheets.length === 0) findings.push('no style sheet');
  if (style > STYLE) findings.push(`style sheets weigh ${style} bytes, more than ${STYLE}`);
  return findings;
}
