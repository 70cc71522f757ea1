// The site: pages from the mirror, everything that a mirror can't know (moved, gone, lists with filters) from the API.

import { readFile } from 'node:fs/promises';
import { NotFound, Problem } from '#client';
import { html } from './html.js';
import { body } from './page.js';
import { cards } from './rich.js';

/** @typedef {import('node:http').IncomingMessage} Incoming */
/** @typedef {import('node:http').ServerResponse} Outgoing */
/** @typedef {import('./html.js').Html} Html */

const STYLE = await readFile(new URL('style.css', import.meta.url));
/** How many changes a page tells of. */
const CHANGES = 5;
const ROUTES = {
  '': 'Any', university: 'University', college: 'College', apprenticeship: 'Apprenticeship', graduate_scheme: 'Graduate scheme',
  work: 'Work', volunteering: 'Volunteering', direct: 'Applying directly', other: 'Another way',
};

/**
 * What answers requests.
 * @param {{ rolebook: import('#client').Rolebook, mirror: import('./mirror.js').Mirror, site: string }} parts
 * `site` is where browsers reach this site
 */
export function answering({ rolebook, mirror, site }) {
  const api = rolebook.address;
  const policy = `default-src 'none'; style-src 'self'; img-src ${api}; form-action 'self' ${api}; base-uri 'none'; frame-ancestors 'none'`;

  /** @param {Outgoing} response @param {number} status @param {string} title @param {Html} content @param {{ language?: string, description?: string }} [more] */
  const send = (response, status, title, content, more) => {
    response.writeHead(status, {
      'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy, 'x-content-type-options': 'nosniff',
      'referrer-policy': 'strict-origin-when-cross-origin', 'cache-control': 'no-cache',
    });
    response.end(document(title, content, more).text);
  };

  /** @param {Outgoing} response */
  const lost = response => send(response, 404, 'Page not found', html`<h1>Page not found</h1><p><a href="/">Go to the start</a></p>`);

  /** The start: the areas, and where to look for a role. @param {Outgoing} response */
  const start = response => {
    const areas = mirror.pages.filter(page => page.kind === 'role-page' && page.breadcrumbs.length === 0 && !page.notice);
    areas.sort((one, other) => one.title.localeCompare(other.title));
    send(response, 200, 'Careers', html`<h1>Careers</h1>${search('', '')}<h2>Areas of work</h2>${cards(areas)}`);
  };

  /** Roles by words and by a way in. @param {Outgoing} response @param {URLSearchParams} query */
  const find = async (response, query) => {
    const words = (query.get('q') ?? '').trim();
    const route = Object.keys(ROUTES).find(name => name === query.get('route')) ?? '';
    /** @type {import('#client').Card[]} */
    const found = [];
    const filter = /** @type {import('#client').RolePageQuery} */ ({ limit: 100, ...route && { route } });
    const listed = words ? rolebook.hits({ ...filter, q: words, kind: 'role-page' }) : rolebook.rolePages.list(filter);
    for await (const card of listed) found.push(card);
    send(response, 200, 'Find a role', html`<h1>Find a role</h1>${search(words, route)}
<h2>${found.length === 1 ? '1 role' : `${found.length} roles`}</h2>${cards(found)}`);
  };

  /** @param {Outgoing} response @param {string} path */
  const show = async (response, path) => {
    const page = mirror.at(path);
    if (!page) return elsewhere(response, path);
    const structured = page.kind === 'role-page' ? await jsonLd(page.id) : null;
    const more = { language: page.language, description: page.meta_description };
    return send(response, 200, page.title, body(page, { api, site, structured, changed: await changed(page) }), more);
  };

  /** What was changed because of reports, the newest; the mirror does not hold it. @param {import('#client').Page} page */
  const changed = async page => {
    const pages = page.kind === 'role-page' ? rolebook.rolePages : rolebook.requirementSections;
    /** @type {import('#client').FixTold[]} */
    const found = [];
    try {
      for await (const one of pages.whatChanged(page.id)) if (found.push(one) === CHANGES) break;
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
    }
    return found;
  };

  /** A page can go between the mirror's copy and this question. @param {string} id */
  const jsonLd = async id => {
    try {
      return await rolebook.jsonLd(id);
    } catch (error) {
      if (error instanceof NotFound) return null;
      throw error;
    }
  };

  /** What is not in the mirror has moved, or is gone, or never was. @param {Outgoing} response @param {string} path */
  const elsewhere = async (response, path) => {
    const at = await rolebook.at(path, { follow: false });
    switch (at.found) {
      case 'moved':
        response.writeHead(301, { location: at.location, 'content-length': 0 });
        return response.end();
      case 'gone':
        return send(response, 410, 'This page has gone', html`<h1>This page has gone</h1>
<p>${at.explanation ?? 'It has been taken away.'}</p>${at.suggestions.length > 0 && html`<h2>Pages nearby</h2>${cards(at.suggestions)}`}`);
      case 'page': // Newer than the mirror.
        return send(response, 200, at.page.title, body(at.page, { api, site, structured: null, changed: [] }));
      case 'nothing':
        return lost(response);
    }
  };

  /** @param {Incoming} request @param {Outgoing} response */
  const answer = async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' });
      return response.end();
    }
    const { pathname, searchParams } = new URL(request.url ?? '/', site);
    switch (pathname) {
      case '/': return start(response);
      case '/find': return find(response, searchParams);
      case '/thank-you': return send(response, 200, 'Thank you', html`<h1>Thank you</h1><p>Your report has been received. Somebody will look at it.</p><p><a href="/">Go to the start</a></p>`);
      case '/style.css':
        response.writeHead(200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=3600' });
        return response.end(STYLE);
      default: {
        const path = decoded(pathname);
        return path === null ? lost(response) : show(response, path);
      }
    }
  };

  /** @param {Incoming} request @param {Outgoing} response */
  return async (request, response) => {
    try {
      await answer(request, response);
    } catch (error) {
      if (response.headersSent) return response.destroy();
      const away = !(error instanceof Problem);
      console.error(error);
      return send(response, away ? 502 : 503, 'Not available', html`<h1>Not available at the moment</h1><p>Please try again soon.</p>`);
    }
  };
}

/** @param {string} path */
function decoded(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** @param {string} words @param {string} route */
function search(words, route) {
  return html`<form action="/find" role="search"><p><label for="q">Words</label> <input id="q" name="q" type="search" value="${words}"></p>
<p><label for="route">Way in</label> <select id="route" name="route">${Object.entries(ROUTES).map(([name, title]) => html`
<option value="${name}"${name === route && html` selected`}>${title}</option>`)}</select></p>
<p><button>Find</button></p></form>`;
}

/** @param {string} title @param {Html} content @param {{ language?: string, description?: string }} [more] */
function document(title, content, { language = 'en-GB', description } = {}) {
  return html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Careers</title>${description && html`<meta name="description" content="${description}">`}
<link rel="stylesheet" href="/style.css"></head>
<body><header><p><a href="/">Careers</a></p></header><main>${content}</main></body></html>`;
}
