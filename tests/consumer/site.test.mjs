// The sample site shows every page of the demo, knows what moved and what is gone, and its forms arrive.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { validityFindings } from '../browser/checks/validity.mjs';
import { Mirror } from './site/mirror.js';
import { answering } from './site/site.js';
import { stage } from './support/stage.mjs';

let rolebook;
let manage;
let stop;
let folder;
let site;
let mirror;
let paths;
let http;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolebook-site-'));
  // The content server is told where the site is before the site can be told where the server is.
  let answer = () => {};
  http = createServer((...exchange) => answer(...exchange));
  await new Promise(resolve => http.listen(0, '127.0.0.1', resolve));
  site = `http://127.0.0.1:${http.address().port}`;
  ({ rolebook, manage, stop } = await stage(['--site-origins', site]));
  mirror = await Mirror.open(rolebook, join(folder, 'mirror'));
  await mirror.catchUp();
  answer = answering({ rolebook, mirror, site });
  paths = [];
  for await (const path of rolebook.paths()) paths.push(path);
});
after(async () => {
  http?.close();
  http?.closeAllConnections();
  await stop?.();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const of = type => paths.filter(path => path.type === type);
const visit = path => fetch(site + encodeURI(path), { redirect: 'manual' });

/** A text as it stands in HTML. */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

test('Every page of the demo is shown with its title, where it stands, its sections and its report forms', async () => {
  const pages = [...of('live'), ...of('withdrawn')];
  assert.ok(pages.length > 20);
  for (const { path } of pages) {
    const answer = await visit(path);
    const text = await answer.text();
    const page = mirror.at(path);
    assert.equal(answer.status, 200, path);
    assert.match(answer.headers.get('content-security-policy'), /default-src 'none'/);
    assert.ok(text.includes(`<h1>${escaped(page.title)}</h1>`));
    for (const card of page.breadcrumbs) assert.ok(text.includes(`<a href="${card.path}">${escaped(card.title)}</a>`));
    for (const section of page.sections) {
      if (section.heading) assert.ok(text.includes(`${escaped(section.heading)}</h`), `${path} lacks ${section.heading}`);
    }
    const forms = page.kind === 'role-page' ? page.sections.length : 1;
    assert.equal(text.split('name="page_token"').length - 1, forms);
    assert.doesNotMatch(text, /undefined|\[object|NaN/);
  }
});

test('A page of a role has its images, requirements in sentences, related roles and structured data', async () => {
  const page = await rolebook.rolePages.get('paramedic');
  const text = await (await visit(page.path)).text();
  const [source] = page.lead_image.sources;
  assert.ok(text.includes(`${rolebook.address}${source.src} ${source.width}w`));
  assert.ok(text.includes(`alt="${escaped(page.lead_image.alt)}"`));
  assert.equal((await fetch(rolebook.address + source.src)).headers.get('content-type'), source.type);
  const blocks = page.sections.flatMap(section => section.blocks);
  const { routes, plain } = blocks.find(block => block.kind === 'requirements').requirement_section;
  for (const sentence of [...plain, ...routes.flatMap(route => route.plain)]) assert.ok(text.includes(escaped(sentence)), sentence);
  for (const { path, title } of page.related_roles) assert.ok(text.includes(`<a href="${path}">${escaped(title)}</a>`));
  const [, graph] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(text);
  assert.deepEqual(JSON.parse(graph), await rolebook.jsonLd('paramedic'));
});

test('What is text stays text, whatever it looks like', async () => {
  const wild = '</script><script>alert("1")</script> & "quotes"';
  const made = await manage.publishNew('role-pages', { content: { title: wild, summary: wild, sections: [{ heading: wild, blocks: [{ kind: 'text', markdown: 'Below 5 < 6 & above.' }] }] } });
  await mirror.catchUp();
  const text = await (await visit(made.path)).text();
  assert.ok(text.includes(`<h1>${escaped(wild)}</h1>`));
  assert.doesNotMatch(text, /<script>/);
  assert.equal(text.split('</script>').length - 1, 1, 'the structured data ends where it should');
});

test('Paths that moved lead on, paths that are gone say so, others are not found', async () => {
  assert.ok(of('redirect').length > 5);
  for (const { path, location } of of('redirect')) {
    const answer = await visit(path);
    assert.deepEqual([answer.status, answer.headers.get('location')], [301, location]);
  }
  for (const { path } of of('gone')) {
    const answer = await visit(path);
    assert.equal(answer.status, 410);
    const { suggestions } = await rolebook.at(path);
    const text = await answer.text();
    for (const card of suggestions) assert.ok(text.includes(`<a href="${card.path}">`));
  }
  assert.equal((await visit('/no/such/path')).status, 404);
  assert.equal((await fetch(`${site}/%zz`)).status, 404);
  assert.equal((await fetch(site, { method: 'POST' })).status, 405);
});

test('Roles are found by words and by a way in', async () => {
  const text = await (await visit('/find?q=paramedic')).text();
  assert.ok(text.includes('<a href="/ambulance-and-emergency-care/paramedic">Paramedic</a>'));
  assert.ok(!text.includes('>Software developer</a>'));
  const expected = [];
  for await (const card of rolebook.rolePages.list({ route: 'university', limit: 100 })) expected.push(card.path);
  const filtered = await (await visit('/find?route=university')).text();
  assert.ok(expected.length > 0 && expected.length < of('live').length);
  assert.deepEqual([...filtered.matchAll(/<li><a href="([^"]+)"/g)].map(([, path]) => path), expected);
});

test('A report that is posted through the form of a section arrives there, and its sender comes back', async () => {
  const page = await rolebook.rolePages.get('software-developer');
  const text = await (await visit(page.path)).text();
  const [form] = [...text.matchAll(/<form method="post" action="([^"]+)">(.*?)<\/form>/gs)];
  const fields = new URLSearchParams([...form[2].matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  fields.set('kind', 'problem');
  fields.set('wrong', 'The second list is about another role.');
  fields.set('website', '');
  const sent = await fetch(form[1], { method: 'POST', body: fields, redirect: 'manual' });
  assert.equal(sent.status, 303, await sent.text());
  const back = await fetch(sent.headers.get('location'));
  assert.equal(back.url, `${site}/thank-you`);
  assert.match(await back.text(), /<h1>Thank you<\/h1>/);
  const { data: [report] } = await manage.get('/manage/v1/reports?limit=1');
  assert.deepEqual([report.document, report.block, report.wrong], [page.id, page.sections[0].id, 'The second list is about another role.']);
});

test('All of its pages are valid HTML', async () => {
  const pages = ['/', '/find?q=nurse', '/thank-you', '/no/such/path', ...of('gone').map(({ path }) => path), ...mirror.pages.map(({ path }) => path)];
  const saved = join(folder, 'pages');
  await mkdir(saved);
  for (const [place, path] of pages.entries()) await writeFile(join(saved, `${place}.html`), await (await visit(path)).text());
  assert.deepEqual(await validityFindings(saved), []);
});

test('A page says what was changed because of reports, with the day and the part of the page', async () => {
  const page = mirror.pages.find(one => one.slug === 'information-and-communication-technology');
  const told = [];
  for await (const one of rolebook.rolePages.whatChanged(page.id)) told.push(one);
  assert.ok(told.length > 0);
  const text = await (await visit(page.path)).text();
  assert.match(text, /What we changed because you told us/);
  for (const one of told) {
    assert.ok(text.includes(escaped(one.text)), one.text);
    assert.ok(text.includes(`<time datetime="${one.changed_at.slice(0, 10)}">`), one.changed_at);
  }
  const silent = mirror.pages.find(one => one.slug === 'service-desk-analyst');
  assert.doesNotMatch(await (await visit(silent.path)).text(), /What we changed because you told us/);
});
