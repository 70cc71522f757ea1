// The whole loop without scripts: a page and its requirement section are edited, reviewed and published together; a
// visitor finds a fault and reports it; the report becomes a case, the case a fix, and publishing the fix closes the case.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requirementSection, rolePage } from '../support/addresses.mjs';
import { openStage } from '../support/stage.mjs';

const stage = openStage();

const PAGE = 'Phlebotomist';
const SECTION = 'Entry requirements (healthcare science support)';

test('A page is edited, published, reported and mended', async () => {
  const addresses = await stage.visit('the editor writes', { person: 'editor' }, async visit => {
    const page = await rolePage(PAGE)(visit.page);
    const section = await requirementSection(SECTION)(visit.page);
    await edit(visit, page, 'You may see 40 people', 'You may see 400 people', 'More people come now');
    await submit(visit);
    await edit(visit, section, 'Most of what you need', 'Nearly everything that you need', 'Clearer introduction');
    await submit(visit);
    return { page, section };
  });
  await approve(addresses.page, addresses.section);
  await stage.visit('the publisher publishes both', { person: 'publisher' }, async visit => {
    const ids = [addresses.page, addresses.section].map(idOf);
    await visit.goto(`/admin/publish?documents=${ids.join(',')}`);
    await lookAtAll(visit);
    await visit.page.getByLabel('Change note').fill('The numbers of this year');
    await visit.page.getByRole('button', { name: 'Publish now', exact: true }).click();
    await told(visit, '2 documents are live.');
  });

  const published = await (await fetch(`${stage.site.address}/api/v1/role-pages/phlebotomist`)).json();
  const passage = blocksOf(published).find(block => block.text?.markdown.startsWith('You may see 400 people in a morning'));
  assert.ok(passage, 'the new words are in the published JSON');
  const embedded = blocksOf(published).find(block => block.requirement_section)?.requirement_section;
  assert.equal(embedded.version, 2);
  assert.match(embedded.introduction.markdown, /^Nearly everything that you need/);

  const receipt = await stage.visit('a visitor reports it', {}, visit => report(visit, published, passage));

  const found = await stage.visit('the publisher triages it', { person: 'publisher' }, async visit => {
    const { page } = visit;
    await visit.goto('/admin/cases');
    await page.locator('main table').getByRole('link', { name: /^400 people in a morning/ }).click();
    const seen = page.frameLocator('iframe');
    await seen.getByText('You may see 400 people in a morning').waitFor();
    await page.getByRole('button', { name: 'Start a fix', exact: true }).click();
    await told(visit, /^Case \d+ is in progress and yours\./);
    assert.equal(new URL(page.url()).hash, `#${passage.id}`);
    const block = page.locator(`[id="${passage.id}"]`);
    assert.ok(await isInSight(block), 'the editor opens at the passage');
    await block.getByText('Reported here').waitFor();
    await block.getByText('400 people in a morning is too many').waitFor();
    await change(block, 'You may see 400 people', 'You may see 40 people');
    await save(visit, 'One nought too many');
    assert.ok(new URL(page.url()).searchParams.has('case'), 'the case stays beside the text');
    await block.getByText('Reported here').waitFor();
    const number = /Case (\d+)/.exec(await page.locator('#case-heading').innerText())[1];
    await submit(visit);
    return { number };
  });
  await approve(addresses.page);
  await stage.visit('the publisher publishes the fix', { person: 'publisher' }, async visit => {
    const { page } = visit;
    await visit.goto(`${addresses.page}/publish`);
    const fixed = page.getByLabel(new RegExp(`^Case ${found.number}: .*a fix was started`));
    assert.ok(await fixed.isChecked(), 'what the fix was started for is ticked');
    await lookAtAll(visit);
    await page.getByLabel('Change note').fill('Forty, not four hundred');
    await page.getByRole('button', { name: 'Publish now', exact: true }).click();
    await told(visit, `“${PAGE}” is live as version 3 at /healthcare-science/phlebotomist.`);
    await becomes(visit, '/admin/cases?view=resolved', body => body.includes('400 people in a morning'));
    await visit.goto('/admin/cases?view=resolved');
    await page.locator('main table').getByRole('link', { name: /^400 people in a morning/ }).click();
    const facts = page.getByRole('region', { name: 'Where it stands' });
    assert.match(await facts.innerText(), /Fixed in\s+version 3 of Phlebotomist/);
    await page.getByText('This passage has changed since; version 3 is live.').waitFor();
    await facts.getByRole('link', { name: 'version 3' }).click();
    await page.getByText(`It fixes case ${found.number}: `).waitFor();
  });
  const mended = await (await fetch(`${stage.site.address}/api/v1/role-pages/phlebotomist`)).json();
  assert.match(blocksOf(mended).find(block => block.id === passage.id).text.markdown, /^You may see 40 people/);
  const answer = await (await fetch(receipt)).json();
  assert.equal(answer.state, 'fixed', 'the receipt says what became of the report');
});

/** Replaces words in the one field that holds them, and saves with a note. */
async function edit(visit, address, from, to, note) {
  await visit.goto(address);
  await change(visit.page.locator('#editor'), from, to);
  await save(visit, note);
}

async function change(place, from, to) {
  const fields = place.locator('textarea');
  const values = await fields.evaluateAll(areas => areas.map(area => area.value));
  const position = values.findIndex(value => value.includes(from));
  assert.ok(position >= 0, `a field holds “${from}”`);
  await fields.nth(position).fill(values[position].replace(from, to));
}

async function save(visit, note) {
  await visit.page.getByLabel('What did you change? (for the history)').fill(note);
  await visit.page.getByRole('button', { name: 'Save', exact: true }).click();
  await told(visit, /^Saved as version \d+\.$/);
}

async function submit(visit) {
  await visit.page.getByRole('link', { name: 'Submit for review…' }).click();
  await visit.page.getByRole('button', { name: 'Submit for review', exact: true }).click();
  await visit.page.locator('.banner.ok').waitFor();
}

function approve(...documents) {
  return stage.visit('the reviewer approves', { person: 'reviewer' }, async visit => {
    for (const document of documents) {
      await visit.goto(document);
      await visit.page.getByRole('link', { name: 'Approve…' }).click();
      await visit.page.getByRole('button', { name: 'Approve', exact: true }).click();
      await visit.page.locator('.banner.ok').waitFor();
    }
  });
}

/** What the page says was done. */
async function told(visit, expected) {
  const said = (await visit.page.locator('.banner.ok p').first().innerText()).trim();
  if (typeof expected === 'string') assert.ok(said.startsWith(expected), said);
  else assert.match(said, expected);
}

/** A careers site with a plain form, as a browser without scripts sends it. Answers with the address of the receipt. */
async function report(visit, published, passage) {
  const { page } = visit;
  const hidden = { page_token: published.feedback.page_token, block: passage.id, kind: 'problem', shown_at: new Date(Date.now() - 60_000).toISOString() };
  await page.setContent(`<!DOCTYPE html><html lang="en"><title>Phlebotomist</title><form method="post" action="${stage.site.address}${published.feedback.action}">
    ${Object.entries(hidden).map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`).join('')}
    <label>What were you doing? <input name="doing"></label> <label>What went wrong? <textarea name="wrong"></textarea></label>
    <button>Send</button></form>`);
  await page.getByLabel('What were you doing?').fill('Reading about the job');
  await page.getByLabel('What went wrong?').fill('400 people in a morning is too many. It must be 40.');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  return page.locator('main a, body a').first().getAttribute('href');
}

/** What followers do after the answer is there soon; each look is a request of its own. */
async function becomes(visit, address, holds) {
  const end = Date.now() + 20_000;
  while (!holds(await (await visit.context.request.get(address)).text())) {
    assert.ok(Date.now() < end, `${address} never became what was expected`);
  }
}

function isInSight(element) {
  return element.evaluate(one => {
    const { top, bottom } = one.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  });
}

function idOf(address) {
  return address.split('/').at(-1);
}

/** Ticks everything that the checks ask to look at. */
async function lookAtAll(visit) {
  for (const box of await visit.page.locator('input[name="looked"]').all()) await box.check();
}

function blocksOf(published) {
  return published.sections.flatMap(section => section.blocks);
}
