// What the tests stand on: the program with its demo, a client of it, and an administrator's key to change things with.

import { startServer } from '../../browser/support/server.mjs';
import { Rolebook } from '#client';

/** `{ server, rolebook, manage, stop() }`; more flags of `serve` can be given. */
export async function stage(flags = []) {
  const server = await startServer(flags);
  const { email } = await server.addPerson('Consumer Tests', 'administrator');
  const manage = new Management(server.address, await server.addKey(email, 'all'));
  // One person changes everything here.
  await manage.change('/manage/v1/settings', { review_role_pages: 'off', review_requirement_sections: 'off' });
  return { server, manage, rolebook: new Rolebook(server.address), stop: () => server.stop() };
}

/** Changes content as a program does: every write names the version that is there. */
class Management {
  constructor(address, key) {
    this.address = address;
    this.key = key;
  }

  async get(path) {
    return (await this.#send('GET', path)).json();
  }

  async change(path, body) {
    return (await this.#send('PATCH', path, body, await this.#etag(path))).json();
  }

  /** A new document, published. */
  async publishNew(collection, document) {
    const made = await (await this.#send('POST', `/manage/v1/${collection}`, document)).json();
    return this.step(collection, made.id, 'publish');
  }

  /** Saves a document with what `edit` makes of it, and publishes it. */
  async republish(collection, id, edit) {
    const path = `/manage/v1/${collection}/${id}`;
    const { slug, parent, language, content } = await this.get(path);
    await this.#send('PUT', path, edit({ slug, parent, language, content: withoutNulls(content) }), await this.#etag(path));
    return this.step(collection, id, 'publish');
  }

  async step(collection, id, verb, body = {}) {
    const path = `/manage/v1/${collection}/${id}`;
    return (await this.#send('POST', `${path}/${verb}`, body, await this.#etag(path))).json();
  }

  async #etag(path) {
    return (await this.#send('GET', path)).headers.get('etag');
  }

  async #send(method, path, body, etag) {
    const headers = { authorization: `Bearer ${this.key}`, ...body && { 'content-type': 'application/json' }, ...etag && { 'if-match': etag } };
    const response = await fetch(this.address + path, { method, headers, ...body && { body: JSON.stringify(body) } });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}

/** What is null may be left out; what has no value has nothing to say. */
function withoutNulls(value) {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, part]) => part === null ? [] : [[key, withoutNulls(part)]]));
}
