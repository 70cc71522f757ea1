/**
 * A client of Rolebook's public API: typed, without dependencies, for servers and browsers that know `fetch`.
 *
 *     const rolebook = new Rolebook('https://content.example');
 *     for await (const card of rolebook.rolePages.list({ route: 'apprenticeship' })) console.log(card.title);
 *     const page = await rolebook.rolePages.get('paramedic');
 *
 * What the server answers as a problem is thrown as a `Problem`; faults of the network are thrown as `fetch` throws them.
 */

import type { components, operations } from './contract.js';

type Schemas = components['schemas'];
export type RolePage = Schemas['PublishedRolePage'];
export type RequirementSection = Schemas['PublishedRequirementSection'];
export type Page = RolePage | RequirementSection;
export type Card = Schemas['Card'];
export type ListItem = Schemas['PublishedListItem'];
export type SearchAnswer = Schemas['SearchAnswer'];
export type SearchHit = Schemas['SearchHit'];
export type PathEntry = Schemas['PathEntry'];
export type Change = Schemas['Change'];
export type FixTold = Schemas['FixTold'];
export type Fault = Schemas['Fault'];
export type Report = Schemas['ReportInput'];
export type Receipt = Schemas['Receipt'];
export type ReportProgress = Schemas['ReportProgress'];

type QueryOf<Name extends keyof operations> = NonNullable<operations[Name]['parameters']['query']>;
export type RolePageQuery = QueryOf<'get_api_role_pages'>;
export type RequirementSectionQuery = QueryOf<'get_api_requirement_sections'>;
export type SearchQuery = QueryOf<'get_api_search'>;

export interface Options {
  /** Ends the request; what waits for it then throws an `AbortError`. */
  signal?: AbortSignal;
}

export interface Settings {
  /** Instead of the `fetch` that is built in. */
  fetch?: typeof fetch;
  /**
   * How many answers are remembered and only asked about with their validators: 500, and none in browsers, which do this
   * by themselves and would have to ask first whether they may send a validator.
   */
  remember?: number;
}

/** What is at a path of the site. */
export type AtPath =
  | { found: 'page'; page: Page }
  /** `location` is a path of the site, or an address elsewhere. */
  | { found: 'moved'; location: string }
  | { found: 'gone'; explanation: string | null; suggestions: Card[] }
  | { found: 'nothing' };

/** Some changes, and the cursor to keep once they have been dealt with. */
export interface Batch {
  /** The cursor was of another time of the database: forget everything; what follows begins at the beginning. */
  resync: boolean;
  data: Change[];
  cursor: string;
  more: boolean;
}

/** An answer as it came: its text has the bytes that the server sent. */
export interface Answer {
  status: number;
  text: string;
  headers: Headers;
  /** Whether the server said that what was remembered is still so. */
  remembered: boolean;
}

/** An error that the server named, as `application/problem+json` (RFC 9457). */
export class Problem extends Error {
  override readonly name: string = 'Problem';
  /** The stable code, such as `not-found`. */
  readonly code: string;
  readonly status: number;
  /** What is wrong with the request, each with its place. */
  readonly errors: Fault[];
  /** After how many seconds it is worth trying again. */
  readonly retryAfter: number | null;
  /** Names the request in the server's log. */
  readonly requestId: string | null;
  /** All that the server said. */
  readonly body: Record<string, unknown>;

  constructor(answer: Answer, body: Record<string, unknown>) {
    super(String(body['detail'] ?? body['title'] ?? `The server answered ${answer.status}`));
    this.code = String(body['type'] ?? '').replace(/^\/problems\//, '');
    this.status = answer.status;
    this.errors = Array.isArray(body['errors']) ? (body['errors'] as Fault[]) : [];
    const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
    this.retryAfter = Number.isFinite(seconds) ? seconds : null;
    this.requestId = answer.headers.get('x-request-id');
    this.body = body;
  }
}

/** 404: there is no such page, or none that is public. */
export class NotFound extends Problem { override readonly name = 'NotFound'; }
/** 410: it was taken away, or a cursor is of another time. */
export class Gone extends Problem { override readonly name = 'Gone'; }
/** 400 and 422: `errors` says what can't be accepted. */
export class Invalid extends Problem { override readonly name = 'Invalid'; }
/** 429: too much was sent; `retryAfter` says when to try again. */
export class TooMany extends Problem { override readonly name = 'TooMany'; }
/** 503: the server's database is away; `retryAfter` says when to try again. */
export class Unavailable extends Problem { override readonly name = 'Unavailable'; }

const PROBLEMS: Record<number, typeof Problem> = {
  400: Invalid, 404: NotFound, 410: Gone, 422: Invalid, 429: TooMany, 503: Unavailable,
};
/** For how many seconds to leave a server alone that did not say. */
const PAUSE = 5;

type Values = Record<string, string | number | boolean | readonly string[] | null | undefined>;

export class Rolebook {
  readonly address: string;
  readonly rolePages: Collection<RolePage, RolePageQuery>;
  readonly requirementSections: Collection<RequirementSection, RequirementSectionQuery>;
  readonly #fetch: typeof fetch;
  readonly #remember: number;
  readonly #memory = new Map<string, Answer>();

  /** @param address where the server is reached, without a path */
  constructor(address: string, settings: Settings = {}) {
    this.address = address.replace(/\/+$/, '');
    this.#fetch = settings.fetch ?? ((...request) => fetch(...request));
    this.#remember = settings.remember ?? (typeof document === 'undefined' ? 500 : 0);
    this.rolePages = new Collection(this, '/api/v1/role-pages');
    this.requirementSections = new Collection(this, '/api/v1/requirement-sections');
  }

  /** What is at a path of the site, such as `/healthcare-science/phlebotomist`. Moves are followed unless told otherwise. */
  async at(path: string, { follow = true, signal }: Options & { follow?: boolean } = {}): Promise<AtPath> {
    const encoded = path.replace(/^\/+/, '').split('/').map(encodeURIComponent).join('/');
    const answer = await this.answer(`/api/v1/content/${encoded}`, { signal }, [301, 404, 410]);
    const body = JSON.parse(answer.text);
    switch (answer.status) {
      case 301: return follow && body.location.startsWith('/')
        ? this.at(body.location, { signal })
        : { found: 'moved', location: body.location };
      case 404: return { found: 'nothing' };
      case 410: return { found: 'gone', explanation: body.explanation, suggestions: body.suggestions };
      default: return { found: 'page', page: body };
    }
  }

  /** A page of what words find, the best first, with its facets; `next` is null on the last one. */
  async search(query: SearchQuery, options: Options = {}): Promise<SearchAnswer> {
    return this.json(`/api/v1/search${written(query)}`, options);
  }

  /** All that words find, the best first, one by one. */
  hits(query: SearchQuery, options: Options = {}): AsyncGenerator<SearchHit, void, undefined> {
    return this.items(`/api/v1/search${written(query)}`, options);
  }

  /** Every path that answers: live, withdrawn, moved and gone. */
  async *paths(options: Options = {}): AsyncGenerator<PathEntry, void, undefined> {
    yield* this.items<PathEntry>('/api/v1/paths', options);
  }

  /** A role page in the vocabulary of schema.org, as JSON-LD. */
  async jsonLd(slugOrId: string, options: Options = {}): Promise<Record<string, unknown>> {
    return this.json(`/api/v1/role-pages/${encodeURIComponent(slugOrId)}/json-ld`, options);
  }

  /** What happened after a cursor, or from the beginning; with `wait` the server holds an empty answer back for so many seconds. */
  async changes(since?: string, { wait = 0, limit = 100, signal }: Options & { wait?: number; limit?: number } = {}): Promise<Batch> {
    const query = { since, limit, wait: wait || undefined };
    return { resync: false, ...await this.json<Omit<Batch, 'resync'>>(`/api/v1/changes${written(query)}`, { signal }) };
  }

  /** What happened after a cursor, or from the beginning, up to now: one batch at least, which may be empty. */
  async *upToNow(since?: string, { signal }: Options = {}): AsyncGenerator<Batch, void, undefined> {
    let batch = await this.#batch(since, 0, signal);
    yield batch;
    while (batch.more) {
      batch = await this.#batch(batch.cursor, 0, signal);
      yield batch;
    }
  }

  /**
   * Everything that happens after a cursor, for as long as one listens. Keep the cursor of a batch once it has been dealt
   * with. A server that is away, or asks for patience, is asked again later; a cursor of another time begins again.
   */
  async *follow(since?: string, { wait = 30, signal }: Options & { wait?: number } = {}): AsyncGenerator<Batch, never, undefined> {
    let cursor = since;
    for (;;) {
      const batch = await this.#batch(cursor, wait, signal);
      if (batch.resync || batch.data.length > 0) yield batch;
      cursor = batch.cursor;
    }
  }

  async #batch(since: string | undefined, wait: number, signal: AbortSignal | undefined): Promise<Batch> {
    for (;;) {
      try {
        return await this.changes(since, { wait, signal });
      } catch (error) {
        if (error instanceof Gone) return { ...await this.#batch(undefined, 0, signal), resync: true };
        if (!(error instanceof Unavailable || error instanceof TooMany)) throw error;
        await pause(error.retryAfter ?? PAUSE, signal);
      }
    }
  }

  /** Sends a report about a page; the answer is the same whether or not anybody believes it. */
  async report(report: Report, options: Options = {}): Promise<Receipt> {
    return this.#post('/api/v1/reports', report, options);
  }

  /** How far a report is. */
  async progress(receipt: Pick<Receipt, 'receipt_url'>, options: Options = {}): Promise<ReportProgress> {
    return this.json(new URL(receipt.receipt_url, this.address).pathname, options);
  }

  /** Adds to a report. */
  async addDetail(receipt: Pick<Receipt, 'receipt_url'>, text: string, options: Options = {}): Promise<ReportProgress> {
    return this.#post(new URL(receipt.receipt_url, this.address).pathname, { text }, options);
  }

  /** The items of a list that comes in pages. */
  async *items<Item>(path: string, options: Options = {}): AsyncGenerator<Item, void, undefined> {
    let next: string | null = path;
    while (next !== null) {
      const page: { data: Item[]; next: string | null } = await this.json(next, options);
      yield* page.data;
      next = page.next;
    }
  }

  /** JSON of a path of the API. */
  async json<Body>(path: string, options: Options = {}): Promise<Body> {
    return JSON.parse((await this.answer(path, options)).text);
  }

  /**
   * The answer of a path as it came. What is remembered is sent for with its validator, and taken from memory after 304.
   * A status from 300 on that is not expected is thrown as a problem.
   */
  async answer(path: string, { signal }: Options = {}, expected: number[] = []): Promise<Answer> {
    const known = this.#memory.get(path);
    const headers = new Headers({ accept: 'application/json, application/ld+json, application/problem+json' });
    const etag = known?.headers.get('etag');
    if (etag) headers.set('if-none-match', etag);
    const response = await this.#fetch(this.address + path, { headers, redirect: 'manual', signal: signal ?? null });
    if (response.status === 304 && known) {
      this.#keep(path, known);
      return { ...known, remembered: true };
    }
    const answer = await read(response);
    if (response.ok && response.headers.has('etag')) this.#keep(path, answer);
    return response.ok || expected.includes(response.status) ? answer : refuse(answer);
  }

  /** Remembers an answer as the one that was used last, and forgets the one that has not been used for longest. */
  #keep(path: string, answer: Answer): void {
    this.#memory.delete(path);
    this.#memory.set(path, answer);
    for (const oldest of this.#memory.keys()) {
      if (this.#memory.size <= this.#remember) break;
      this.#memory.delete(oldest);
    }
  }

  async #post<Body>(path: string, body: unknown, { signal }: Options): Promise<Body> {
    const headers = { accept: 'application/json', 'content-type': 'application/json' };
    const request = { method: 'POST', headers, body: JSON.stringify(body), signal: signal ?? null };
    const answer = await read(await this.#fetch(this.address + path, request));
    return answer.status < 300 ? JSON.parse(answer.text) : refuse(answer);
  }
}

/** The pages of one kind. */
export class Collection<Kind extends Page, Query extends Values> {
  constructor(private readonly rolebook: Rolebook, readonly path: string) {}

  /** The cards of live pages, one by one; further pages of the list are fetched as they are needed. */
  list(query: Query = {} as Query, options: Options = {}): AsyncGenerator<ListItem, void, undefined> {
    return this.rolebook.items(this.path + written(query), options);
  }

  /** One page of the list: `next` is null on the last one. */
  async page(query: Query = {} as Query, options: Options = {}): Promise<Schemas['PublishedList']> {
    return this.rolebook.json(this.path + written(query), options);
  }

  /** One page in full. With `as_of` (RFC 3339) what the public saw then. */
  async get(slugOrId: string, { as_of, signal }: Options & { as_of?: string } = {}): Promise<Kind> {
    return JSON.parse((await this.answer(slugOrId, { as_of, signal })).text);
  }

  /** The id of a page, and the keys of it that were named. */
  async pick<Key extends keyof Kind & string>(slugOrId: string, fields: readonly Key[], options: Options = {}): Promise<Pick<Kind, Key | 'id'>> {
    return this.rolebook.json(`${this.path}/${encodeURIComponent(slugOrId)}${written({ fields })}`, options);
  }

  /** What was changed on a page because somebody reported it, as far as the site tells; the newest first. */
  whatChanged(slugOrId: string, options: Options = {}): AsyncGenerator<FixTold, void, undefined> {
    return this.rolebook.items(`${this.path}/${encodeURIComponent(slugOrId)}/what-changed`, options);
  }

  /** One page as the server wrote it, for whoever keeps copies. */
  async answer(slugOrId: string, { as_of, signal }: Options & { as_of?: string } = {}): Promise<Answer> {
    return this.rolebook.answer(`${this.path}/${encodeURIComponent(slugOrId)}${written({ as_of })}`, { signal });
  }
}

/** A query as it is written in an address; lists are separated by commas. */
function written(query: Values): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[name, Array.isArray(value) ? value.join(',') : String(value)]]);
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}

async function read(response: Response): Promise<Answer> {
  return { status: response.status, text: await response.text(), headers: response.headers, remembered: false };
}

/** Throws what an answer says is wrong. */
function refuse(answer: Answer): never {
  let body: Record<string, unknown> = {};
  if (answer.headers.get('content-type')?.startsWith('application/problem+json')) body = JSON.parse(answer.text);
  throw new (PROBLEMS[answer.status] ?? Problem)(answer, body);
}

/** Waits for so many seconds. */
function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, seconds * 1_000);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
