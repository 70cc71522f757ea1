// A session ends while somebody is typing. What was typed is kept, offered after signing in again, and sent.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rolePage } from '../support/addresses.mjs';
import { openStage } from '../support/stage.mjs';

const stage = openStage();

const TYPED = 'Data analysts find out what the figures say & show it, so that "others" can act.';

test('What was typed when the session ended is saved after signing in again', async () => {
  const writer = await stage.site.addPerson('Rowan Ashdown', 'editor');
  await stage.visit('the session ends', {}, async visit => {
    const { page } = visit;
    await visit.goto('/admin/sign-in');
    await signIn(visit, writer);
    const address = await rolePage('Data analyst')(page);
    await visit.goto(address);
    await page.getByLabel('Summary', { exact: true }).fill(TYPED);
    await page.getByLabel('What did you change? (for the history)').fill('Said what it is for');
    await visit.context.clearCookies();
    await page.getByRole('button', { name: 'Save', exact: true }).click();

    assert.equal(new URL(page.url()).pathname, '/admin/sign-in');
    await page.getByText('Your session has ended. What you typed is kept').waitFor();
    await signIn(visit, writer);

    await page.getByRole('heading', { name: 'What you typed is kept' }).waitFor();
    const kept = await page.locator('details li').evaluateAll(all => all.map(one => one.textContent));
    assert.ok(kept.some(text => text.endsWith(`: ${TYPED}`)), kept.join('\n'));
    await page.getByRole('button', { name: 'Send it now' }).click();

    assert.equal(new URL(page.url()).pathname, address);
    assert.match(await page.locator('.banner.ok').innerText(), /Saved as version \d+/);
    assert.equal(await page.getByLabel('Summary', { exact: true }).inputValue(), TYPED);
  });
});

test('What was typed can be given up', async () => {
  const writer = await stage.site.addPerson('Robin Ferrymead', 'editor');
  await stage.visit('given up', {}, async visit => {
    const { page } = visit;
    await visit.goto('/admin/sign-in');
    await signIn(visit, writer);
    const address = await rolePage('Paramedic')(page);
    await visit.goto(address);
    const before = await page.getByLabel('Summary', { exact: true }).inputValue();
    await page.getByLabel('Summary', { exact: true }).fill('Not meant');
    await visit.context.clearCookies();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await signIn(visit, writer);
    await page.getByRole('button', { name: 'Give it up' }).click();
    assert.match(await page.locator('.banner.ok').innerText(), /has been given up/);
    await visit.goto(address);
    assert.equal(await page.getByLabel('Summary', { exact: true }).inputValue(), before);
  });
});

test('Somebody who only looked comes back to where they were', async () => {
  const writer = await stage.site.addPerson('Ash Merriott', 'editor');
  await stage.visit('looked', {}, async visit => {
    const address = '/admin/role-pages?q=engineer';
    await visit.goto(address);
    await signIn(visit, writer);
    const { pathname, search } = new URL(visit.page.url());
    assert.equal(pathname + search, address);
  });
});

async function signIn({ page }, { email, password }) {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}
