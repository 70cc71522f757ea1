// The sample content of an empty site: added with one button, looked at, tried, and removed with one button, without
// scripts and with them. What is seen on the way is judged by axe, at both widths.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axeFindings } from '../checks/axe.mjs';
import { assertNone } from '../support/findings.mjs';
import { startEmptyServer } from '../support/server.mjs';
import { openStage } from '../support/stage.mjs';

const stage = openStage(startEmptyServer);

for (const scripts of [false, true]) {
  const how = scripts ? 'with scripts' : 'without scripts';
  test(`Sample content comes and goes with one button each, ${how}`, () => stage.visit(`samples ${how}`, { scripts }, async visit => {
    const { page } = visit;
    const button = name => page.getByRole('button', { name, exact: true });
    const link = name => page.getByRole('link', { name, exact: true });
    const heading = name => page.getByRole('heading', { level: 1, name, exact: true });
    const judged = async () => {
      for (const width of [1366, 320]) {
        await page.setViewportSize({ width, height: 900 });
        assertNone(await axeFindings(visit));
      }
      await page.setViewportSize({ width: 1366, height: 900 });
    };
    const { email, password } = await stage.site.addPerson(`Ada ${scripts ? 'Two' : 'One'}`, 'administrator');
    await visit.goto('/admin/sign-in');
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await button('Sign in').click();
    await page.waitForURL(address => address.pathname === '/admin');

    await link('Add sample content…').click();
    await heading('Add sample content').waitFor();
    await judged();
    await button('Add sample content').click();
    await heading('Role pages (2)').waitFor();
    assert.equal(await page.locator('tbody .badge', { hasText: 'Sample' }).count(), 2);

    // Two of the reports say the same, so that one can be merged into the other.
    await link('Look at the reports').click();
    await heading('Feedback').waitFor();
    assert.equal(await page.locator('tbody tr').count(), 3);
    assert.equal(await page.locator('tbody .badge', { hasText: 'Sample' }).count(), 3);
    await page.locator('tbody th a', { hasText: 'first line' }).first().click();
    await page.getByRole('heading', { name: 'Similar cases', exact: true }).waitFor();

    await visit.goto('/admin');
    await link('Remove it…').click();
    await heading('Remove sample content').waitFor();
    assert.equal(await page.locator('tbody tr').count(), 14);
    await judged();
    await button('Remove sample content').click();
    await heading('Sample content removed').waitFor();
    assert.equal(await page.locator('.badge', { hasText: 'Removed' }).count(), 14);
    await judged();
    await link('Back to what needs you').click();
    await link('Add sample content…').waitFor();
    assert.equal(await link('Remove it…').count(), 0);
  }));
}
