// A mirror of all published pages in a folder, kept by following the changes feed: one file a page with the very bytes of
// the server, and the cursor up to which they are exact. It can be stopped at any moment and goes on where it was.

import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NotFound } from '#client';

/** @typedef {import('#client').Rolebook} Rolebook */
/** @typedef {import('#client').Page} Page */
/** @typedef {import('#client').Batch} Batch */

export class Mirror {
  /** @type {Map<string, string>} */
  #texts = new Map();
  /** @type {Map<string, Page>} */
  #pages = new Map();
  /** @type {string | undefined} */
  #cursor;

  /** @param {Rolebook} rolebook @param {string} folder */
  constructor(rolebook, folder) {
    this.rolebook = rolebook;
    this.folder = folder;
  }

  /** The mirror as it was left, or an empty one. @param {Rolebook} rolebook @param {string} folder */
  static async open(rolebook, folder) {
    const mirror = new Mirror(rolebook, folder);
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) {
      if (name.endsWith('.json')) mirror.#remember(await readFile(join(folder, name), 'utf8'));
      if (name === 'cursor') mirror.#cursor = await readFile(join(folder, name), 'utf8');
    }
    return mirror;
  }

  /** Every page, with its bytes as text, by id. */
  get texts() {
    return new Map(this.#texts);
  }

  /** Every page. */
  get pages() {
    return [...this.#pages.values()];
  }

  /** The page that lives at a path. @param {string} path */
  at(path) {
    return this.pages.find(page => page.path === path);
  }

  /** Takes over what has happened up to now. @param {AbortSignal} [signal] */
  async catchUp(signal) {
    for await (const batch of this.rolebook.upToNow(this.#cursor, { signal })) await this.apply(batch, signal);
  }

  /** Takes over what happens until the signal ends it. @param {AbortSignal} signal */
  async follow(signal) {
    for await (const batch of this.rolebook.follow(this.#cursor, { signal })) await this.apply(batch, signal);
  }

  /** Fetches what a batch says has changed, each page once, and then keeps the cursor. @param {Batch} batch @param {AbortSignal} [signal] */
  async apply(batch, signal) {
    if (batch.resync) {
      for (const id of this.#pages.keys()) await this.#forget(id);
    }
    /** @type {Map<string, string>} */
    const kinds = new Map();
    for (const change of batch.data) {
      if (change.document?.kind) kinds.set(change.document.id, change.document.kind);
    }
    for (const id of new Set(batch.data.flatMap(change => change.affected))) {
      const text = await this.#fetch(id, kinds.get(id) ?? this.#pages.get(id)?.kind, signal);
      if (text === null) await this.#forget(id);
      else await this.#keep(id, text);
    }
    await this.#write('cursor', batch.cursor);
    this.#cursor = batch.cursor;
  }

  /**
   * A page as the server writes it; null if it is not public any more.
   * @param {string} id @param {string | undefined} kind @param {AbortSignal} [signal]
   */
  async #fetch(id, kind, signal) {
    const { rolePages, requirementSections } = this.rolebook;
    const places = [rolePages, requirementSections].filter(place => kind === undefined || place.path.endsWith(`${kind}s`));
    for (const place of places) {
      try {
        return (await place.answer(id, { signal })).text;
      } catch (error) {
        if (!(error instanceof NotFound)) throw error;
      }
    }
    return null;
  }

  /** @param {string} text */
  #remember(text) {
    /** @type {Page} */
    const page = JSON.parse(text);
    this.#texts.set(page.id, text);
    this.#pages.set(page.id, page);
  }

  /** @param {string} id @param {string} text */
  async #keep(id, text) {
    await this.#write(`${id}.json`, text);
    this.#remember(text);
  }

  /** @param {string} id */
  async #forget(id) {
    await rm(join(this.folder, `${id}.json`), { force: true });
    this.#texts.delete(id);
    this.#pages.delete(id);
  }

  /** A file is there with all of its text, or as it was. @param {string} name @param {string} text */
  async #write(name, text) {
    const partial = join(this.folder, `${name}.partial`);
    await writeFile(partial, text);
    await rename(partial, join(this.folder, name));
  }
}
