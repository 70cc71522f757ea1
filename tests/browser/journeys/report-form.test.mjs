// The ready form for reports on a page of a site that is another server: with keys alone, with a form of the site's own, on
// faults, without a connection, and without scripts.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { axeFindings } from '../checks/axe.mjs';
import { sizeOf, WIDTHS } from '../support/browser.mjs';
import { assertNone } from '../support/findings.mjs';
import { startServer } from '../support/server.mjs';
import { openStage } from '../support/stage.mjs';

const stage = openStage(startSite);

/** Rolebook, and a site that shows one of its pages. */
async function startSite() {
  let rolebook;
  const site = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://site');
    const body = pathname === '/thank-you' ? THANKS : await pageOf(rolebook.address, pathname === '/own-form', address());
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      // As strict as can be: the form needs nothing but its script and the place where reports go.
      'content-security-policy': `default-src 'none'; script-src ${rolebook.address}; connect-src ${rolebook.address}; form-action 'self' ${rolebook.address}; base-uri 'none'`,
    });
    response.end(body);
  });
  await new Promise(resolve => site.listen(0, '127.0.0.1', resolve));
  const address = () => `http://127.0.0.1:${site.address().port}`;
  rolebook = await startServer(['--site-origins', address()]);
  return { ...rolebook, address: address(), rolebook, stop: async () => { site.close(); site.closeAllConnections(); await rolebook.stop(); } };
}

const THANKS = '<!DOCTYPE html><html lang="en-GB"><head><title>Thank you</title></head><body><main><h1>Thank you</h1></main></body></html>';

async function pageOf(server, own, site) {
  const page = await (await fetch(`${server}/api/v1/role-pages/paramedic`)).json();
  const texts = page.sections.map(section => `<section data-block="${section.id}"><h2>${section.heading}</h2>${section.blocks
    .filter(block => block.kind === 'text').map(block => `<div data-block="${block.id}">${block.text.html}</div>`).join('')}</section>`);
  const form = own ? `<form method="post" action="${server}/api/v1/reports">
    <input type="hidden" name="page_token" value="${page.feedback.page_token}"><input type="hidden" name="return_to" value="${site}/thank-you">
    <input type="hidden" name="kind" value="comment">
    <p><label for="said">What would you change?</label> <textarea id="said" name="wrong"></textarea></p><p><button>Tell us</button></p></form>` : '';
  return `<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${page.title}</title>
    <script type="module" src="${server}/api/v1/report-form.js"></script></head>
    <body><main><h1>${page.title}</h1>${texts.join('')}<h2>Is something wrong?</h2>
    <rolebook-report page-token="${page.feedback.page_token}">${form}</rolebook-report></main></body></html>`;
}

const visit = (name, options, use) => stage.visit(name, { person: null, others: [stage.site.rolebook.address], scripts: true, ...options }, async visit => use(visit, visit.page));

/** What came in last, as a triager sees it. */
async function lastReport() {
  const { rolebook } = stage.site;
  const { email } = await rolebook.addPerson(`Reader ${Math.random()}`, 'triager');
  const key = await rolebook.addKey(email, 'feedback:read');
  const answer = await fetch(`${rolebook.address}/manage/v1/reports?limit=1`, { headers: { authorization: `Bearer ${key}` } });
  return (await answer.json()).data[0];
}

const field = (page, words) => page.getByLabel(words, { exact: true });

test('A reader points at a passage with the keys alone, and the report knows page, version and passage', () => visit('report form', {}, async (visit, page) => {
  await visit.goto('/');
  const point = page.getByRole('button', { name: 'Point at the passage', exact: true });
  await point.focus();
  await page.keyboard.press('Enter');
  await page.getByText(/^Passage \d+ of \d+/).waitFor();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  const pointed = await page.evaluate(() => ({ block: document.activeElement.dataset.block, text: document.activeElement.innerText.trim().slice(0, 20) }));
  await page.keyboard.press('Enter');
  await page.getByText(`About “${pointed.text}`).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Point at another passage', 'the focus comes back');
  assert.equal(await page.locator('.rolebook-pointed, [data-block][tabindex]').count(), 0, 'the page is as it was');
  await field(page, 'Something is hard to use or to read').check();
  await field(page, 'What went wrong?').fill('The second sentence is too long to follow.');
  for (const width of WIDTHS) {
    await page.setViewportSize(sizeOf(width));
    assertNone(await axeFindings(visit));
  }
  await page.getByRole('button', { name: 'Send' }).focus();
  await page.keyboard.press('Enter');
  const thanks = page.getByRole('status').filter({ hasText: 'Thank you.' });
  await thanks.waitFor();
  const reference = await thanks.locator('strong').innerText();
  assert.ok(await thanks.evaluate(element => element === document.activeElement), 'whoever sent it hears what came of it');
  const report = await lastReport();
  assert.deepEqual([report.reference, report.block, report.kind], [reference, pointed.block, 'accessibility']);
  assert.equal(report.wrong, 'The second sentence is too long to follow.');
  await thanks.getByRole('link').click();
  await page.getByRole('heading', { name: `Your report ${reference}` }).waitFor();
}));

test('The mouse points, too; Escape gives up and another press takes it back', () => visit('report form mouse', {}, async (visit, page) => {
  await visit.goto('/');
  await page.getByRole('button', { name: 'Point at the passage' }).click();
  await page.keyboard.press('Escape');
  assert.equal(await page.getByText(/^About “/).count(), 0);
  await page.getByRole('button', { name: 'Point at the passage' }).click();
  const passage = page.locator('section [data-block]').nth(1);
  await passage.click();
  const text = (await passage.innerText()).trim().slice(0, 20);
  await page.getByText(`About “${text}`).waitFor();
  await page.getByRole('button', { name: 'It is about the whole page' }).click();
  assert.equal(await page.locator('input[name=block]').count(), 0);
}));

test('On faults the form says at its fields what is wrong, and keeps what was typed', () => visit('report form faults', {}, async (visit, page) => {
  await visit.goto('/');
  visit.expect(422);
  await page.getByRole('button', { name: 'Send' }).click();
  const summary = page.getByRole('alert');
  await summary.getByRole('link').first().waitFor();
  assertNone(await axeFindings(visit));
  await summary.getByRole('link').first().click();
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-invalid')), 'true');
  const long = 'x'.repeat(1_300);
  await field(page, 'What went wrong?').evaluate((element, text) => { element.value = text; }, long);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('alert').getByText(/characters/).waitFor();
  assert.equal(await field(page, 'What went wrong?').inputValue(), long);
  await field(page, 'What went wrong?').fill('Now it is short.');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('Your report has the reference').waitFor();
}));

test('Without a connection everything typed is still there, and can be sent later', () => visit('report form offline', {}, async (visit, page) => {
  await visit.goto('/own-form');
  visit.expect('no connection');
  await field(page, 'What would you change?').fill('The second picture.');
  await page.route('**/api/v1/reports', route => route.abort('internetdisconnected'));
  await page.getByRole('button', { name: 'Tell us' }).click();
  await page.getByText('Everything you wrote is still here').waitFor();
  assert.equal(await field(page, 'What would you change?').inputValue(), 'The second picture.');
  await page.unroute('**/api/v1/reports');
  await page.getByRole('button', { name: 'Tell us' }).click();
  await page.getByText('Your report has the reference').waitFor();
  assert.deepEqual([(await lastReport()).wrong, (await lastReport()).kind], ['The second picture.', 'comment']);
}));

test('A site that may not send by script can send the plain way', () => visit('report form plainly', {}, async (visit, page) => {
  await visit.goto('/own-form');
  visit.expect('no connection');
  await field(page, 'What would you change?').fill('The heading.');
  await page.route('**/api/v1/reports', route => (route.request().isNavigationRequest() ? route.continue() : route.abort('accessdenied')));
  await page.getByRole('button', { name: 'Tell us' }).click();
  await page.getByRole('button', { name: 'Send it and leave this page' }).click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  assert.equal((await lastReport()).wrong, 'The heading.');
}));

test('Without scripts the site’s own form leads to Rolebook and back', () => visit('report form without scripts', { scripts: false }, async (visit, page) => {
  await visit.goto('/own-form');
  await field(page, 'What would you change?').fill('Say how long the shifts are.');
  await page.getByRole('button', { name: 'Tell us' }).click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  assert.equal((await lastReport()).wrong, 'Say how long the shifts are.');
}));
