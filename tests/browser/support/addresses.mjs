// Addresses that only a page knows, because ids stand in them: each function answers with one that is given a signed-in page
// and finds the path, as a person would, through a list.

/** An address as a function, for `via`. */
export function at(path) {
  return async () => path;
}

/** An address that another screen leads to: the first element that matches, in its main part. */
export function via(address, selector, attribute = 'href') {
  return async page => {
    await page.goto(await address(page));
    return page.locator('main').locator(selector).first().getAttribute(attribute);
  };
}

/** What lists lead to, by address of the list: words of links and their addresses. A test file has one server. */
const known = new Map();

async function linksOf(page, list) {
  if (!known.has(list)) {
    await page.goto(list);
    const found = await page.locator('main table a').evaluateAll(links => (
      links.map(link => [link.textContent.trim(), link.getAttribute('href').split('?')[0]])));
    known.set(list, found);
  }
  return known.get(list);
}

function linked(list, words, rest = '') {
  return async page => {
    const links = await linksOf(page, list);
    const found = links.find(([text, href]) => (typeof words === 'string' ? text === words : words.test(href)));
    if (!found) throw new Error(`${list} leads to nothing that is called ${words}`);
    return `${found[1]}${rest}`;
  };
}

export function rolePage(title, rest) {
  return linked('/admin/role-pages?sort=title', title, rest);
}

export function requirementSection(title, rest) {
  return linked('/admin/requirement-sections?sort=title', title, rest);
}

export function trashed(rest) {
  const untrash = linked('/admin/role-pages/trash', /\/untrash$/);
  return async page => (await untrash(page)).replace(/\/untrash$/, rest);
}

export function caseOf(state, rest, words = '') {
  return linked(`/admin/cases?view=all&state=${state}&q=${words}`, /^\/admin\/cases\/[0-9a-f-]+$/, rest);
}

export function report(rest, list = '/admin/reports?kind=problem') {
  return linked(list, /^\/admin\/reports\/[0-9a-f-]+$/, rest);
}

/** A webhook whose receiver does not exist, with a test that was sent to it. It is made the first time that one is asked for. */
export function webhook(rest = '') {
  return async page => {
    await page.goto('/admin/webhooks');
    if (await page.locator('main table a').count() === 0) {
      await page.goto('/admin/webhooks/new');
      await page.getByLabel('Name').fill('Search');
      await page.getByLabel('Address').fill('https://hooks.invalid/rolebook?site=main');
      await page.getByRole('button', { name: 'Make the webhook' }).click();
      await page.getByRole('link', { name: 'Go to the webhook' }).click();
      await page.getByRole('button', { name: 'Send a test' }).click();
      await page.goto('/admin/webhooks');
    }
    return `${await page.locator('main table a').first().getAttribute('href')}${rest}`;
  };
}

/** A text in quarantine. It is sent damaged, as no browser would, the first time that one is asked for. */
export function quarantined(rest = '') {
  const list = '/admin/quarantined-texts';
  return async page => {
    await page.goto(list);
    if (await page.locator('main table').count() === 0) {
      const editor = await rolePage('Paramedic')(page);
      await page.goto(editor);
      const version = await page.locator('#editor input[name=version]').getAttribute('value');
      const field = '/content/sections/0/blocks/0/markdown';
      const words = { type: 'text', text: 'You answer calls, and you are never alone.' };
      const document = { type: 'doc', content: [{ type: 'paragraph', content: [words] }] };
      const form = { version, [`${field}#doc`]: JSON.stringify(document), [`${field}#sum`]: '36:00000000' };
      await page.request.post(editor, { form });
      await page.goto(list);
    }
    return `${await page.locator('main table a').first().getAttribute('href')}${rest}`;
  };
}

export function user(name, rest) {
  return linked('/admin/users', name, rest);
}

export function image(name, rest) {
  return linked(`/admin/media?q=${name}`, /^\/admin\/media\/[0-9a-f-]+$/, rest);
}

export function described(name) {
  return async page => `/admin/media/describe?ids=${(await image(name)(page)).split('/').at(-1)}`;
}

export function together(...titles) {
  return async page => {
    const addresses = await Promise.all(titles.map(title => rolePage(title)(page)));
    return `/admin/publish?documents=${addresses.map(address => address.split('/').at(-1)).join(',')}`;
  };
}
