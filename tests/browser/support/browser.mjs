// Debian's Chromium, and pages in it that notice what goes wrong while a test uses them. Knows nothing of Rolebook's
// screens or people.
//
// Scripts are switched off by a switch of our own rather than by the context's: a check such as axe needs promises and
// timers, and can then be given them on a page that was loaded without scripts.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { failuresFolder, pagesFolder } from './folders.mjs';

/** What the browser says of the body of a page that has been left meanwhile. */
const LEFT = /No resource with given identifier|No data found for resource|has been closed/;

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
];
const HEIGHTS = { 320: 640, 1366: 900 };
/** How long the body of a page is waited for, in milliseconds; longer than any takes that somebody waits for. */
const UNREAD = 10_000;
/** How long one step in a page may take. */
const PATIENCE = 30_000;

/** The widths that every screen is looked at in: a small telephone (and WCAG's reflow at 400%), and a laptop. */
export const WIDTHS = [1366, 320];
export const SCHEMES = ['light', 'dark'];

/** The size of the window at one of the WIDTHS. */
export function sizeOf(width) {
  return { width, height: HEIGHTS[width] };
}

/** Starts Chromium. Fails with its name if it is not installed; nothing is ever downloaded. */
export async function openBrowser() {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
  if (!executablePath) throw new Error('Chromium is missing: apt-get install chromium');
  const browser = await chromium.launch({ executablePath, args: FLAGS, timeout: 60_000 });
  return {
    open: options => openVisit(browser, options),
    close: () => browser.close(),
  };
}

/**
 * One page in a context of its own. `keep` saves the HTML that arrives, for the check of validity; `cookies` is what
 * `visit.cookies()` of a signed-in visit gave; `others` are the origins that the page may ask beside its own.
 */
async function openVisit(browser, { address, width = 1366, scheme = 'light', scripts = false, cookies, keep = true, others = [] }) {
  const context = await browser.newContext({
    baseURL: address, viewport: sizeOf(width), colorScheme: scheme, reducedMotion: 'reduce', storageState: cookies,
    locale: 'en-GB',
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const protocol = await context.newCDPSession(page);
  const visit = new Visit(context, page, protocol, scripts);
  await watch(visit, [new URL(address).origin, ...others], keep);
  await visit.switchScripts(scripts);
  return visit;
}

/** A page, and the faults that were noticed in it. */
class Visit {
  faults = [];
  /** Status codes that the test asks for on purpose, such as 422; or 'no connection'. */
  expected = new Set();
  #pending = new Set();

  /** `scripts` says whether the visitor has scripts switched on. */
  constructor(context, page, protocol, scripts) {
    this.context = context;
    this.page = page;
    this.protocol = protocol;
    this.scripts = scripts;
  }

  /** Opens an address of the site and wants this status. */
  async goto(path, { status = 200 } = {}) {
    this.expect(status);
    const response = await this.page.goto(path);
    if (response.status() !== status) this.faults.push(`${path} answered ${response.status()}, not ${status}`);
    return response;
  }

  /** Takes the sandbox off a page that is meant for a frame: checks need scripts, and no switch gives them back there. */
  async withoutSandbox(path) {
    await this.page.route(address => address.pathname === path.split('?')[0], async route => {
      const response = await route.fetch();
      const headers = response.headers();
      const policy = headers['content-security-policy']?.replace(/; sandbox[^;]*/, '');
      await route.fulfill({ response, headers: { ...headers, 'content-security-policy': policy } });
    });
  }

  /** Says that answers with this status, or requests without 'no connection', are no fault from here on. */
  expect(status) {
    this.expected.add(status);
  }

  async switchScripts(on) {
    await this.protocol.send('Emulation.setScriptExecutionDisabled', { value: !on });
  }

  /** What a later visit needs to be the same person. */
  cookies() {
    return this.context.storageState();
  }

  /** Work that the end of the visit waits for. */
  pending(work) {
    const settled = work.finally(() => this.#pending.delete(settled));
    this.#pending.add(settled);
  }

  /** Everything noticed so far; waits for what is still on its way. */
  async settledFaults() {
    await this.page.evaluate(() => null);
    await Promise.all(this.#pending);
    return this.faults;
  }

  /** Leaves a picture and the HTML behind for people to look at. */
  async keepEvidence(name, reason) {
    await mkdir(failuresFolder, { recursive: true });
    const path = join(failuresFolder, name.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 80));
    await writeFile(`${path}.txt`, `${this.page.url()}\n\n${reason}\n\n${this.faults.join('\n')}\n`);
    await writeFile(`${path}.html`, await this.page.content().catch(String));
    await this.page.screenshot({ path: `${path}.png`, fullPage: true }).catch(() => {});
  }

  close() {
    return this.context.close();
  }
}

async function watch(visit, origins, keep) {
  const { page, protocol, faults } = visit;
  page.on('console', message => {
    // A document or file with a bad status is judged where it arrives, one that does not arrive where it fails.
    const status = message.text().startsWith('Failed to load resource: ');
    // A test that looks into a frame without scripts is told that it may not; pages have no scripts there to be stopped.
    const looked = message.text().startsWith('Blocked script execution in ');
    if (['error', 'warning'].includes(message.type()) && !status && !looked) faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', error => faults.push(`script error: ${error.message}`));
  // Who goes on before everything has arrived stops the rest; that is no fault of the page.
  page.on('requestfailed', request => {
    const why = request.failure()?.errorText;
    if (why !== 'net::ERR_ABORTED' && !visit.expected.has('no connection')) faults.push(`failed request: ${request.url()} ${why}`);
  });
  page.on('response', response => visit.pending(judge(visit, response, origins, keep).catch(error => {
    if (!LEFT.test(error.message)) faults.push(`unreadable answer: ${response.url()} ${error.message}`);
  })));
  protocol.on('Audits.issueAdded', ({ issue }) => {
    const details = issue.details.contentSecurityPolicyIssueDetails;
    if (details) {
      faults.push(`content security policy: ${details.violatedDirective} ${details.blockedURL ?? details.contentSecurityPolicyViolationType}`);
    }
  });
  await protocol.send('Audits.enable');
}

async function judge(visit, response, origins, keep) {
  const address = new URL(response.url());
  const status = response.status();
  if (!origins.includes(address.origin)) visit.faults.push(`another host was asked: ${address}`);
  if (response.request().resourceType() !== 'document') {
    if (status >= 400 && !visit.expected.has(status)) visit.faults.push(`${address.pathname} answered ${status}`);
    return;
  }
  if (status >= 400 && !visit.expected.has(status)) visit.faults.push(`${address.pathname} answered ${status}`);
  if (status >= 300 && status < 400) return;
  const headers = response.headers();
  if (!(headers['content-type'] ?? '').startsWith('text/html')) return;
  visit.faults.push(...weakPolicy(headers['content-security-policy']).map(fault => `${address.pathname} ${fault}`));
  if (!keep) return;
  const body = await bodyOf(response);
  if (body) await keepPage(body);
}

/** The body of a page; nothing if whoever went on left it behind unread, as happens to frames: it may never arrive then. */
async function bodyOf(response) {
  let late;
  const never = new Promise(resolve => { late = setTimeout(resolve, UNREAD, null); });
  const body = response.body().catch(error => {
    if (response.frame().isDetached()) return null;
    throw error;
  });
  try {
    return await Promise.race([body, never]);
  } finally {
    clearTimeout(late);
  }
}

/** A policy that lets inline things in would make the whole check empty. */
function weakPolicy(policy) {
  if (!policy) return ['has no content security policy'];
  const directives = new Map(policy.split(';').map(text => text.trim().split(/\s+/)).map(([name, ...sources]) => [name, sources]));
  const strict = ["'none'", "'self'"].includes(directives.get('default-src')?.join(' '));
  const loose = [...directives.values()].flat().filter(source => source === '*' || source.startsWith("'unsafe-"));
  return [...(strict ? [] : ['has a policy without a strict default-src']), ...loose.map(source => `has a policy with ${source}`)];
}

async function keepPage(body) {
  await mkdir(pagesFolder, { recursive: true });
  const name = createHash('sha256').update(body).digest('hex').slice(0, 16);
  await writeFile(join(pagesFolder, `${name}.html`), body);
}
