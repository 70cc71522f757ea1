// What a test file stands on: one server, one browser, and signed-in visits. Both are started before the first test of
// the file and stopped after its last one.

import { after, before } from 'node:test';
import { openBrowser } from './browser.mjs';
import { assertNone } from './findings.mjs';
import { startServer } from './server.mjs';

/** Call once at the top of a test file. `start` makes the site; by default the program with demo content. */
export function openStage(start = startServer) {
  const stage = new Stage();
  before(() => stage.open(start));
  after(() => stage.close());
  return stage;
}

export class Stage {
  #people = new Map();

  async open(start = startServer) {
    this.site = await start();
    try {
      this.browser = await openBrowser();
    } catch (error) {
      await this.site.stop();
      throw error;
    }
  }

  async close() {
    await this.browser?.close();
    await this.site?.stop();
  }

  /**
   * Gives `use` a visit by this person (a role such as `editor`, or none) and fails if `use` fails or if anything went
   * wrong in the page meanwhile. Options: those of `openVisit` in browser.mjs.
   */
  async visit(name, { person, ...options }, use) {
    const visit = await this.unwatched({ person, ...options });
    try {
      const result = await use(visit);
      assertNone(await visit.settledFaults());
      return result;
    } catch (error) {
      await visit.keepEvidence(name, String(error.message));
      throw error;
    } finally {
      await visit.close();
    }
  }

  /** A visit whose faults the caller judges. */
  async unwatched({ person, ...options }) {
    const cookies = person ? await this.#cookiesOf(person) : undefined;
    return this.browser.open({ address: this.site.address, cookies, ...options });
  }

  /** A sign-in link works once, so that everybody signs in once in a file, whatever role they are asked for by. */
  async #cookiesOf(person) {
    const link = await this.site.link(person);
    if (!this.#people.has(link)) this.#people.set(link, this.#signIn(person, link));
    return this.#people.get(link);
  }

  #signIn(person, link) {
    return this.visit(`sign in as ${person}`, { person: null }, async visit => {
      await signInWith(visit, link);
      return visit.cookies();
    });
  }
}

/** Opens a demo sign-in link and presses its button, which leads to the dashboard. */
export async function signInWith(visit, link) {
  await visit.goto(link);
  await visit.page.getByRole('button', { name: /^Sign in as / }).click();
  await visit.page.waitForURL(address => address.pathname === '/admin');
}
