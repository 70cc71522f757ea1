// In and out without scripts: the demo's links, the sign-in form, and the way back to what was asked for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStage, signInWith } from '../support/stage.mjs';

const stage = openStage();

test('A link of the demo signs a person in, once', () => stage.visit('demo link', {}, async visit => {
  const link = await stage.site.link('editor');
  await signInWith(visit, link);
  assert.equal(await visit.page.locator('h1').count(), 1);

  await visit.context.clearCookies();
  const again = await visit.page.request.get(link);
  assert.ok(again.status() >= 400, `the used link answered ${again.status()}`);
}));

test('Nobody sees the panel without signing in', () => stage.visit('not signed in', {}, async visit => {
  await visit.goto('/admin/role-pages');
  assert.equal(new URL(visit.page.url()).pathname, '/admin/sign-in');
}));

test('Wrong details get one message, the address is kept, the password is not', () => stage.visit('wrong details', {}, async visit => {
  const { page } = visit;
  await visit.goto('/admin/sign-in');
  await page.getByLabel('E-mail address').fill('nobody@example.org');
  await page.getByLabel('Password', { exact: true }).fill('not the password of anybody');
  visit.expect(422);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
  assert.match(await page.title(), /^Error: /);
  assert.equal(await page.getByLabel('E-mail address').inputValue(), 'nobody@example.org');
  assert.equal(await page.getByLabel('Password', { exact: true }).inputValue(), '');
}));

test('Signing out ends the session for good', () => stage.visit('signing out', { person: 'reviewer' }, async visit => {
  const { page } = visit;
  await visit.goto('/admin');
  const cookies = await visit.context.cookies();
  const button = page.getByRole('button', { name: 'Sign out' });
  if (!await button.isVisible()) await page.locator('header summary').last().click();
  await button.click();
  await page.waitForURL(address => address.pathname === '/admin/sign-in');
  // The same cookies again: the server has forgotten them, not only the browser.
  await visit.context.addCookies(cookies);
  await visit.goto('/admin');
  assert.equal(new URL(page.url()).pathname, '/admin/sign-in');
}));
