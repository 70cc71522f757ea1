// The structured data of every page of the demo: valid by the types of schema.org, and as search engines want it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { stage } from './support/stage.mjs';
import { faultsOf } from './support/vocabulary.mjs';

const SITE = 'https://www.careers.example';
const TYPES = ['WebPage', 'BreadcrumbList', 'Occupation'];

let rolebook;
let stop;
let pages;

before(async () => {
  ({ rolebook, stop } = await stage(['--site-origins', `${SITE},https://other.example`]));
  pages = [];
  // Withdrawn pages stand in no list, but can be read.
  for await (const { type, kind, document, path } of rolebook.paths()) {
    if (kind !== 'role-page' || !['live', 'withdrawn'].includes(type)) continue;
    const page = await rolebook.rolePages.get(document);
    pages.push({ type, path, page, graph: await rolebook.jsonLd(document) });
  }
});
after(() => stop?.());

function nodeOf(graph, type) {
  return graph['@graph'].find(node => node['@type'] === type);
}

/** An ISO 8601 date, alone or with a time in UTC, that a calendar has. */
function isDate(text) {
  return /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z)?$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** Every value that stands at one of these keys, at any depth. */
function* valuesAt(keys, value) {
  if (value === null || typeof value !== 'object') return;
  for (const [key, part] of Object.entries(value)) {
    if (keys.includes(key) && typeof part === 'string') yield part;
    yield* valuesAt(keys, part);
  }
}

test('There are pages of every sort to look at', () => {
  assert.ok(pages.length > 10);
  assert.ok(pages.some(({ type }) => type === 'withdrawn'));
  const all = JSON.stringify(pages.map(({ graph }) => graph));
  for (const key of ['estimatedSalary', 'occupationalCategory', 'responsibilities', 'skills', 'alternateName', 'lastReviewed']) {
    assert.ok(all.includes(`"${key}"`), `no page has ${key}`);
  }
});

test('Every node has properties of its class only, with values of their types', () => {
  const nodes = pages.flatMap(({ path, graph }) => graph['@graph'].map(node => ({ path, node })));
  const faults = faultsOf(nodes.map(({ node }) => node));
  const wrong = nodes.flatMap(({ path, node }, place) => faults[place].map(fault => `${path} ${node['@type']}: ${fault}`));
  assert.deepEqual(wrong, []);
});

test('What is wrong by the vocabulary is found', () => {
  const { graph } = pages.find(({ graph }) => nodeOf(graph, 'Occupation').estimatedSalary && nodeOf(graph, 'Occupation').occupationalCategory);
  const changed = (type, change) => {
    const node = structuredClone(nodeOf(graph, type));
    change(node);
    return node;
  };
  const wrong = [
    changed('WebPage', node => { node.nmae = node.name; }),
    changed('WebPage', node => { node.salaryCurrency = 'GBP'; }),
    changed('WebPage', node => { node.breadcrumb = { '@type': 'Occupation', name: 'No list' }; }),
    changed('WebPage', node => { node.dateModified = 20261122; }),
    changed('BreadcrumbList', node => { node.itemListElement[0].position = true; }),
    changed('BreadcrumbList', node => { node.itemListElement[0].title = 'A word of another class'; }),
    changed('BreadcrumbList', node => { node.itemListElement[0]['@type'] = 'ListItme'; }),
    changed('Occupation', node => { node.estimatedSalary.value.minimum = 1; }),
    changed('Occupation', node => { node.estimatedSalary['@type'] = 'Person'; }),
    changed('Occupation', node => { node.occupationalCategory[0].inCodeSet.codes = 3; }),
    changed('Occupation', node => { node.jobTitle = node.name; }),
  ];
  const right = TYPES.map(type => nodeOf(graph, type));
  const faults = faultsOf([...wrong, ...right]);
  for (const [place, node] of wrong.entries()) assert.notDeepEqual(faults[place], [], JSON.stringify(node));
  assert.deepEqual(faults.slice(wrong.length), right.map(() => []));
});

describe('Each graph', () => {
  test('has the page, the way to it and the occupation, and they refer to each other', () => {
    for (const { path, page, graph } of pages) {
      assert.equal(graph['@context'], 'https://schema.org');
      assert.deepEqual(graph['@graph'].map(node => node['@type']), TYPES, path);
      const [web, breadcrumbs, occupation] = graph['@graph'];
      assert.deepEqual([web.breadcrumb, web.mainEntity], [{ '@id': breadcrumbs['@id'] }, { '@id': occupation['@id'] }]);
      assert.equal(occupation.mainEntityOfPage, web.url);
      assert.equal(new Set(graph['@graph'].map(node => node['@id'])).size, 3);
      for (const node of [web, occupation]) assert.equal(node.name, page.title);
      assert.equal(web.inLanguage, page.language);
      assert.ok(web.description && occupation.description, path);
    }
  });

  test('has addresses in full, on the site that was named first', () => {
    for (const { path, graph } of pages) {
      assert.equal(nodeOf(graph, 'WebPage').url, SITE + path);
      const addresses = [...valuesAt(['@id', 'url', 'item', 'mainEntityOfPage'], graph)];
      assert.ok(addresses.length >= 8);
      for (const address of addresses) {
        assert.ok(['https:', 'http:'].includes(new URL(address).protocol), address);
        if (!address.startsWith(SITE)) assert.ok(JSON.stringify(nodeOf(graph, 'Occupation')).includes(`"url":"${address}"`), address);
      }
    }
  });

  test('has dates of the calendar, in their order', () => {
    for (const { path, graph } of pages) {
      const { datePublished, dateModified, lastReviewed } = nodeOf(graph, 'WebPage');
      for (const date of [datePublished, dateModified, ...lastReviewed ? [lastReviewed] : []]) assert.ok(isDate(date), `${path}: ${date}`);
      assert.ok(Date.parse(datePublished) <= Date.parse(dateModified), path);
    }
    for (const wrong of ['2026-13-01', '22/11/2026', '2026-11-22T09:00', 'yesterday', '']) assert.ok(!isDate(wrong), wrong);
  });

  test('counts the way to the page from 1 and ends with the page', () => {
    let longest = 0;
    for (const { page, graph } of pages) {
      const { itemListElement: items } = nodeOf(graph, 'BreadcrumbList');
      assert.deepEqual(items.map(item => item.position), items.map((_, place) => place + 1));
      assert.ok(items.every(item => item['@type'] === 'ListItem'));
      const trail = [...page.breadcrumbs, page].map(({ title, path }) => ({ name: title, item: SITE + path }));
      assert.deepEqual(items.map(({ name, item }) => ({ name, item })), trail);
      longest = Math.max(longest, items.length);
    }
    assert.ok(longest > 1, 'no page stands below another');
  });

  test('says of pay what the page says, in a unit and a currency', () => {
    for (const { page, graph } of pages) {
      const { estimatedSalary: salary } = nodeOf(graph, 'Occupation');
      const { pay } = page.facts;
      assert.equal(Boolean(salary), ['range', 'progression'].includes(pay?.kind), page.path);
      if (!salary) continue;
      assert.match(salary.currency, /^[A-Z]{3}$/);
      assert.ok(['HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR'].includes(salary.value.unitText));
      assert.deepEqual([salary.value.minValue, salary.value.maxValue], [pay.minimum ?? pay.starter, pay.maximum ?? pay.experienced]);
    }
  });
});

test('Without a named site the addresses are paths, which a page that embeds them completes', async () => {
  const { rolebook, stop } = await stage();
  try {
    const graph = await rolebook.jsonLd('paramedic');
    const { url } = nodeOf(graph, 'WebPage');
    assert.ok(url.startsWith('/') && nodeOf(graph, 'BreadcrumbList').itemListElement.at(-1).item === url);
  } finally {
    await stop();
  }
});
