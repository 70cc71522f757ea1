// What programs do with an instance here: publish pages by number, read them, follow the feed.

/** The summary of a page says how often it was published. */
export const saying = number => `Published ${number} times.`;
const numberIn = text => Number(/"summary":"Published (\d+) times\."/.exec(text)?.[1] ?? -1);

export class Refused extends Error {
  constructor(response, path) {
    super(`${path} was answered ${response.status}`);
    this.status = response.status;
    this.retryAfter = response.headers.get('retry-after');
  }
}

/** Asks an instance; what is not an answer of success is thrown as `Refused`, and what is no answer as it is. */
export async function ask(address, path, { key, ...request } = {}) {
  const headers = { ...request.headers, ...key && { authorization: `Bearer ${key}` } };
  const response = await fetch(address + path, { ...request, headers, signal: AbortSignal.timeout(30_000) });
  if (!response.ok) {
    await response.arrayBuffer();
    throw new Refused(response, path);
  }
  return response;
}

/** How often the page was published, as its public JSON at this instance says. */
export async function readNumber(address, id) {
  return numberIn(await (await ask(address, `/api/v1/role-pages/${id}`)).text());
}

/** A page that was published once: its id. */
export async function publishNew(address, key, title) {
  const made = await post(address, key, '/manage/v1/role-pages', { content: { title, summary: saying(1) } });
  const { id } = await made.json();
  await post(address, key, `/manage/v1/role-pages/${id}/publish`, {}, made.headers.get('etag'));
  return id;
}

/** Saves the page with another number and publishes it; ends when that was acknowledged. */
export async function publish(address, key, id, number) {
  const path = `/manage/v1/role-pages/${id}`;
  const draft = await ask(address, path, { key });
  const { content } = await draft.json();
  const saved = await send(address, key, 'PUT', path, { content: { title: content.title, summary: saying(number) } }, draft.headers.get('etag'));
  await post(address, key, `${path}/publish`, {}, saved.headers.get('etag'));
}

export function post(address, key, path, body, etag) {
  return send(address, key, 'POST', path, body, etag);
}

export function send(address, key, method, path, body, etag) {
  const headers = { 'content-type': 'application/json', ...etag && { 'if-match': etag } };
  return ask(address, path, { key, method, headers, body: JSON.stringify(body) });
}

/** Every entry of the feed from its beginning, as this instance gives it out. */
export async function wholeFeed(address) {
  const entries = [];
  let cursor = '';
  for (;;) {
    const { data, cursor: next, more } = await (await ask(address, `/api/v1/changes?limit=100${cursor}`)).json();
    entries.push(...data);
    if (!more) return entries;
    cursor = `&since=${encodeURIComponent(next)}`;
  }
}
