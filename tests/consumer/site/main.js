// The sample site as a program:
//
//   npm run site -- --api http://127.0.0.1:8080 --listen 8090 --store ./mirror
//
// The content server has to know it as one of its --site-origins, so that reports lead back here.

import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { Rolebook } from '#client';
import { Mirror } from './mirror.js';
import { answering } from './site.js';

const { values } = parseArgs({
  options: {
    api: { type: 'string', default: 'http://127.0.0.1:8080' },
    listen: { type: 'string', default: '8090' },
    store: { type: 'string', default: './mirror' },
  },
});

const rolebook = new Rolebook(values.api ?? '');
const mirror = await Mirror.open(rolebook, values.store ?? '');
await mirror.catchUp();
const stop = new AbortController();
const site = `http://127.0.0.1:${values.listen}`;
const server = createServer(answering({ rolebook, mirror, site })).listen(Number(values.listen), '127.0.0.1');
console.log(`The site is at ${site}; ${mirror.pages.length} pages.`);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());
stop.signal.addEventListener('abort', () => server.close());
await mirror.follow(stop.signal).catch(error => {
  if (!stop.signal.aborted) throw error;
});
