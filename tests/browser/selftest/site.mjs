// A site with one sound page and copies of it, each with one planted fault. It takes the place of the program when the
// checks are checked.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

const POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** A script that does nothing but show that it ran. */
const SCRIPTED = { script: "document.title = 'Changed by a script';" };

/** Serves the sound page at `/`, with a script at `/scripted`, and with planted faults at `/planted/0`, `/planted/1` … */
export async function startSite(planted) {
  const sound = await readFile(new URL('sound.html', import.meta.url), 'utf8');
  const style = await readFile(new URL('sound.css', import.meta.url), 'utf8');
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://127.0.0.1');
    const fault = pathname.startsWith('/scripted') ? SCRIPTED : planted[Number(/^\/planted\/(\d+)/.exec(pathname)?.[1])];
    const send = (status, type, body, headers = {}) => response.writeHead(status, { 'content-type': type, ...headers }).end(body);
    if (pathname === '/sound.css') return send(200, 'text/css', style);
    if (pathname === '/favicon.ico') return send(204, 'image/x-icon', '');
    if (pathname.endsWith('.css') && fault) return send(200, 'text/css', fault.css);
    if (pathname.endsWith('.mjs') && fault) return send(200, 'text/javascript', fault.script);
    if (pathname === '/') return send(200, 'text/html; charset=utf-8', sound, { 'content-security-policy': POLICY });
    if (!fault) return send(404, 'text/plain', 'not here');
    const { policy = POLICY, status = 200 } = fault;
    const headers = policy ? { 'content-security-policy': policy } : {};
    return send(status, 'text/html; charset=utf-8', plant(sound, fault, pathname), headers);
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise(resolve => { server.close(resolve); server.closeAllConnections(); }),
  };
}

/** The sound page with this one fault: `from` becomes `to`; `css` and `script` come after the page's own. */
function plant(sound, { from, to, css, script }, pathname) {
  if (from !== undefined && sound.split(from).length !== 2) throw new Error(`The sound page does not hold this once: ${from}`);
  const changed = from === undefined ? sound : sound.replace(from, () => to);
  const style = css === undefined ? '' : `<link rel="stylesheet" href="${pathname}.css">\n`;
  const module = script === undefined ? '' : `<script type="module" src="${pathname}.mjs"></script>\n`;
  return changed.replace('</head>', `${style}${module}</head>`);
}
