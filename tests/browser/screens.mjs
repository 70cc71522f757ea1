// The one list of screens. Accessibility, keyboard, weight, validity and pictures all read it: a new screen is a new
// line here.
//
//   name     what people call it
//   address  its path, or a function that is given a signed-in page and finds the path, such as `rolePage(…)`
//   person   the role that visits it: editor, reviewer, publisher, triager, administrator; null for nobody
//   then     what is pressed there to come to the screen, for what only a form leads to
//   bare     true for a page within a frame: nothing of the panel stands around it
//   list     true for a list, whose HTML has a budget
//   status   what it answers if not 200

import {
  at, caseOf, described, image, quarantined, report, requirementSection, rolePage, together, trashed, user, via, webhook,
} from './support/addresses.mjs';

const LARGEST_PAGE = 'Information and communication technology';
const LARGEST_SECTION = 'Entry requirements (information and communication technology)';

const strangers = { person: null };
const editor = { person: 'editor' };
const reviewer = { person: 'reviewer' };
const publisher = { person: 'publisher' };
const triager = { person: 'triager' };
const administrator = { person: 'administrator' };

export const screens = [
  // Before signing in.
  { ...strangers, name: 'Sign in', address: '/admin/sign-in' },
  { ...strangers, name: 'Sign in with wrong details', address: '/admin/sign-in', status: 422, then: press('Sign in') },
  { ...strangers, name: 'Forgotten password', address: '/admin/forgotten' },
  { ...strangers, name: 'A link that leads nowhere', address: `/admin/invitation/${'0'.repeat(64)}`, status: 404 },

  // The contract, for whoever writes a site.
  { ...strangers, name: 'The contract', address: '/api/docs' },
  { ...strangers, name: 'The contract: delivery', address: '/api/docs/delivery' },

  // What needs whom.
  { ...editor, name: 'Dashboard of an editor', address: '/admin' },
  { ...publisher, name: 'Dashboard of a publisher who triages', address: '/admin' },
  { ...administrator, name: 'Dashboard of an administrator', address: '/admin' },
  { ...administrator, name: 'Sample content, where there is content', address: '/admin/samples' },
  { ...editor, name: 'Search with results', address: '/admin/search?q=paramedic' },
  { ...editor, name: 'Search without results', address: '/admin/search?q=zeppelin' },
  { ...editor, name: 'Keyboard shortcuts', address: '/admin/shortcuts' },
  { ...editor, name: 'Help', address: '/admin/help' },
  { ...administrator, name: 'Connect a site', address: '/admin/connect' },
  { ...editor, name: 'Nothing that was typed is kept', address: '/admin/unsent' },

  // Lists of documents.
  { ...publisher, name: 'Role pages', address: '/admin/role-pages', list: true },
  { ...publisher, name: 'Role pages, filtered', address: '/admin/role-pages?q=engineer&live_state=live&open_cases=true', list: true },
  { ...editor, name: 'Save a view', address: '/admin/views/new?list=role-pages&query=q%3Dengineer' },
  { ...editor, name: 'Change a view', address: savedView },
  { ...publisher, name: 'Role pages, none found', address: '/admin/role-pages?q=zeppelin&needs_work=true', list: true },
  { ...publisher, name: 'Requirement sections', address: '/admin/requirement-sections', list: true },
  { ...administrator, name: 'Trash of role pages', address: '/admin/role-pages/trash', list: true },
  { ...editor, name: 'Trash of requirement sections, empty', address: '/admin/requirement-sections/trash', list: true },
  { ...editor, name: 'New role page', address: '/admin/role-pages/new' },
  { ...editor, name: 'New requirement section', address: '/admin/requirement-sections/new' },
  { ...editor, name: 'New role page without a title', address: '/admin/role-pages/new', status: 422, then: press('Make the draft') },
  { ...publisher, name: 'A step for many role pages', address: '/admin/role-pages?sort=title', then: bulkOfDocuments },

  { ...editor, name: 'Find and replace', address: '/admin/replace' },
  { ...editor, name: 'Find and replace, found', address: '/admin/replace?what=text&q=training&with=teaching' },
  { ...editor, name: 'Find and replace, none found', address: '/admin/replace?what=organisation&q=zeppelin' },
  { ...editor, name: 'Find and replace documents', address: '/admin/replace?what=document&old_words=paramedic' },
  { ...editor, name: 'What replacing would change', address: '/admin/replace?q=training&with=teaching&words=true', then: replaceEverything },

  // The editors.
  { ...editor, name: 'Editor of the largest role page', address: rolePage(LARGEST_PAGE) },
  { ...editor, name: 'Editor of the largest requirement section', address: requirementSection(LARGEST_SECTION) },
  { ...publisher, name: 'Editor of a draft with problems', address: rolePage('Digital skills trainer') },
  { ...publisher, name: 'Editor of a withdrawn page', address: rolePage('Patient transport assistant') },
  { ...publisher, name: 'Editor with a failed schedule', address: rolePage('Radio systems engineer') },
  { ...editor, name: 'Editor with what can’t be saved', address: rolePage('Digital skills trainer'), status: 422, then: saveWrongly },
  { ...editor, name: 'Choose an image', address: rolePage(LARGEST_PAGE, '/choose?at=/content/lead_image&what=image') },
  { ...editor, name: 'Choose the page above', address: rolePage('Paramedic', '/choose?at=/parent&what=parent') },
  { ...editor, name: 'Choose a requirement section, none found', address: rolePage('Paramedic', '/choose?at=/content/related_roles&what=requirement-section&q=zeppelin') },

  { ...editor, name: 'Paste lines', address: pasteAddress(LARGEST_SECTION) },
  { ...editor, name: 'Paste lines, looked at', address: pasteAddress(LARGEST_SECTION), then: pasteLines },
  { ...editor, name: 'Move a section to another place', address: rolePage(LARGEST_PAGE, '/move?at=/content/sections/0') },
  { ...editor, name: 'Move a block to another place', address: rolePage(LARGEST_PAGE, '/move?at=/content/sections/0/blocks/0') },
  { ...editor, name: 'Move a block, nothing chosen', address: rolePage(LARGEST_PAGE, '/move?at=/content/sections/0/blocks/0'), status: 422, then: press('Move it there') },
  { ...editor, name: 'Move a way in to a new section', address: requirementSection(LARGEST_SECTION, '/split?at=/content/routes/0') },

  // The pages about one document.
  { ...editor, name: 'Preview of the draft', address: rolePage('Paramedic', '/preview?line=draft') },
  { ...reviewer, name: 'Preview of what is live', address: rolePage('Paramedic', '/preview?line=live') },
  { ...editor, name: 'Preview of what is not live', address: rolePage('Digital skills trainer', '/preview?line=live') },
  { ...editor, name: 'The page within the preview', address: rolePage(LARGEST_PAGE, '/preview/frame?line=live'), bare: true },
  { ...editor, name: 'The section within the preview', address: requirementSection(LARGEST_SECTION, '/preview/frame?line=live'), bare: true },
  { ...editor, name: 'Preview links', address: rolePage('Paramedic', '/preview-links') },
  { ...editor, name: 'A preview link has been made', address: rolePage('Paramedic', '/preview-links'), status: 201, then: press('Make the link') },
  { ...strangers, name: 'A preview link that leads nowhere', address: `/preview/${'0'.repeat(43)}`, status: 404 },
  { ...editor, name: 'History', address: rolePage(LARGEST_PAGE, '/history') },
  { ...editor, name: 'History, versions only', address: rolePage('Paramedic', '/history?show=versions') },
  { ...editor, name: 'Compare two versions', address: rolePage(LARGEST_PAGE, '/compare?from=1&to=4') },
  { ...editor, name: 'Compare two whole pages', address: rolePage('Paramedic', '/compare?from=1&to=2&view=page') },
  { ...editor, name: 'Compare side by side', address: rolePage('Paramedic', '/compare?from=1&to=2&as=sides') },
  { ...editor, name: 'History, notes only', address: rolePage('Paramedic', '/history?show=notes') },
  { ...editor, name: 'One version', address: rolePage('Paramedic', '/versions/1') },
  { ...administrator, name: 'Publications', address: rolePage(LARGEST_PAGE, '/publications') },
  { ...administrator, name: 'Hide a publication', address: via(rolePage(LARGEST_PAGE, '/publications'), 'a[href$="/suppress"]') },
  { ...editor, name: 'Where a section is used', address: requirementSection('English and maths', '/used-by') },
  { ...editor, name: 'Where a page is used', address: rolePage('Data analyst', '/used-by') },
  { ...editor, name: 'Owner and review date', address: rolePage('Paramedic', '/ownership') },
  { ...publisher, name: 'Publish a draft', address: rolePage('Sterile services technician', '/publish') },
  { ...publisher, name: 'Publish at a time', address: rolePage('Sterile services technician', '/publish?when=later') },
  { ...publisher, name: 'Publish with something to fix', address: rolePage('Digital skills trainer', '/publish') },
  { ...administrator, name: 'Publish a shared section', address: requirementSection('Background checks', '/publish') },
  { ...publisher, name: 'Publish a page that fixes cases', address: rolePage('Paramedic', '/publish') },
  { ...publisher, name: 'Publish with a section that is not live', address: rolePage('Radio systems engineer', '/publish') },
  { ...publisher, name: 'Publish together, nothing chosen', address: '/admin/publish' },
  { ...publisher, name: 'Publish several together', address: together('Radio systems engineer', 'Sterile services technician') },
  { ...editor, name: 'Submit for review', address: rolePage('Emergency planning officer', '/submit') },
  { ...editor, name: 'Submit with something to fix', address: rolePage('Digital skills trainer', '/submit') },
  { ...publisher, name: 'Approve', address: rolePage('Cardiac physiologist', '/approve') },
  { ...publisher, name: 'Request changes', address: rolePage('Cardiac physiologist', '/request-changes') },
  { ...publisher, name: 'Schedule', address: rolePage('Phlebotomist', '/schedule') },
  { ...publisher, name: 'Take a schedule away', address: rolePage('Data analyst', '/unschedule') },
  { ...publisher, name: 'Still correct', address: rolePage('Phlebotomist', '/confirm') },
  { ...publisher, name: 'Withdraw', address: rolePage('Phlebotomist', '/withdraw') },
  { ...publisher, name: 'Withdraw without an explanation', address: rolePage('Phlebotomist', '/withdraw'), status: 422, then: pressFirst('main form') },
  { ...publisher, name: 'Reinstate', address: rolePage('Patient transport assistant', '/reinstate') },
  { ...publisher, name: 'Unpublish a page', address: rolePage('Phlebotomist', '/unpublish') },
  { ...publisher, name: 'Unpublish a page with pages below', address: rolePage('Ambulance and emergency care', '/unpublish') },
  { ...publisher, name: 'Unpublish a section that is used', address: requirementSection('English and maths', '/unpublish') },
  { ...editor, name: 'Discard a draft', address: rolePage('Paramedic', '/discard') },
  { ...editor, name: 'Restore a version', address: rolePage('Paramedic', '/restore?version=1') },
  { ...publisher, name: 'Put into the trash', address: rolePage('Digital skills trainer', '/trash') },
  { ...publisher, name: 'Take out of the trash', address: trashed('/untrash') },
  { ...administrator, name: 'Remove for good', address: trashed('/purge') },
  { ...administrator, name: 'A document in the trash', address: trashed('/history') },

  // Cases.
  { ...triager, name: 'Inbox', address: '/admin/cases', list: true },
  ...['mine', 'open', 'waiting', 'regressed', 'resolved', 'dismissed', 'all'].map(view => (
    { ...triager, name: `Cases: ${view}`, address: `/admin/cases?view=${view}`, list: true })),
  { ...triager, name: 'Cases, none found', address: '/admin/cases?view=all&q=zeppelin', list: true },
  { ...editor, name: 'Inbox of somebody who only reads', address: '/admin/cases' },
  { ...triager, name: 'A new case', address: caseOf('new') },
  { ...triager, name: 'A case with similar cases', address: caseOf('new', '', 'quote') },
  { ...triager, name: 'An open case', address: caseOf('open') },
  { ...triager, name: 'A case in progress', address: caseOf('in_progress') },
  { ...triager, name: 'A waiting case', address: caseOf('waiting') },
  { ...triager, name: 'A resolved case', address: caseOf('resolved') },
  { ...triager, name: 'A dismissed case', address: caseOf('dismissed') },
  { ...triager, name: 'A merged case', address: caseOf('merged') },
  { ...triager, name: 'A case whose fix failed', address: via(at('/admin/cases?view=regressed'), 'table a[href*="/admin/cases/"]') },
  { ...editor, name: 'A case of somebody who only reads', address: caseOf('open') },
  { ...triager, name: 'The page as a visitor saw it', address: via(caseOf('new'), 'iframe', 'src'), bare: true },
  { ...triager, name: 'Let a case wait', address: caseOf('in_progress', '/wait') },
  { ...triager, name: 'Resolve a case', address: caseOf('open', '/resolve') },
  { ...triager, name: 'What to say in public about a case that is not fixed', address: caseOf('open', '/what-changed'), status: 409 },
  { ...triager, name: 'Say in public what was changed', address: caseOf('resolved', '/what-changed', 'egg') },
  { ...triager, name: 'A case whose fix is told', address: caseOf('resolved', '', 'egg') },
  { ...triager, name: 'Dismiss a case', address: caseOf('new', '/dismiss') },
  { ...triager, name: 'Dismiss a case without a reason', address: caseOf('new', '/dismiss'), status: 422, then: pressFirst('main form') },
  { ...triager, name: 'Classify a case', address: caseOf('open', '/classify') },
  { ...triager, name: 'Cases by severity and date', address: '/admin/cases?view=all&severity=normal&contact=false&sort=due', list: true },
  { ...triager, name: 'Overdue cases', address: '/admin/cases?view=open&due=overdue&sort=due', list: true },
  { ...triager, name: 'Accessibility', address: '/admin/accessibility', list: true },
  { ...triager, name: 'Closed cases about accessibility', address: '/admin/accessibility?cases=closed', list: true },
  { ...triager, name: 'New reports', address: '/admin/cases/arrivals' },
  { ...administrator, name: 'Targets and holidays', address: '/admin/settings/targets' },
  { ...administrator, name: 'Targets and holidays that can not be kept', address: '/admin/settings/targets', status: 422, then: wrongHolidays },
  { ...triager, name: 'Reopen a case', address: caseOf('resolved', '/reopen') },
  { ...triager, name: 'Merge a case', address: caseOf('open', '/merge?q=years') },
  { ...triager, name: 'Undo a merge', address: caseOf('merged', '/unmerge') },
  { ...administrator, name: 'A case that can be mended', address: caseOf('open') },
  { ...editor, name: 'The editor with a case beside the text', address: via(caseOf('open'), 'a[href*="?case="]') },
  { ...triager, name: 'Split a case', address: async page => `${(await via(caseOf('merged'), '.banner a')(page)).split('?')[0]}/split` },
  { ...triager, name: 'A step that is not possible', address: caseOf('resolved', '/dismiss'), status: 409 },
  { ...triager, name: 'A step for several cases', address: '/admin/cases', then: bulkOfCases },

  // Reports.
  { ...triager, name: 'Reports', address: '/admin/reports', list: true },
  { ...triager, name: 'Quarantine', address: '/admin/reports?quarantined=true', list: true },
  { ...triager, name: 'Release a burst of reports', address: '/admin/reports?quarantined=true', then: releaseBurst },
  { ...administrator, name: 'A report', address: report() },
  { ...administrator, name: 'A report in quarantine', address: report('', '/admin/reports?quarantined=true') },
  { ...triager, name: 'Put a report into quarantine', address: report('/quarantine') },
  { ...triager, name: 'Move a report', address: report('/move') },
  { ...triager, name: 'Take words out of a report', address: report('/redact') },
  { ...administrator, name: 'Erase a report', address: report('/erase') },

  // The library.
  { ...editor, name: 'Media, a table', address: '/admin/media', list: true },
  { ...editor, name: 'Media, a grid', address: '/admin/media?view=grid' },
  { ...editor, name: 'Media, none found', address: '/admin/media?q=zeppelin', list: true },
  { ...editor, name: 'A picture that is used', address: image('two-screens') },
  { ...editor, name: 'A picture that is not used', address: image('training-room') },
  { ...editor, name: 'Add pictures', address: '/admin/media/new' },
  { ...editor, name: 'Describe pictures', address: described('training-room') },
  { ...editor, name: 'Replace a picture', address: image('two-screens', '/replace') },
  { ...editor, name: 'Delete a picture', address: image('training-room', '/delete') },
  { ...editor, name: 'Delete a picture that is used', address: image('two-screens', '/delete') },

  // Redirects and the gallery.
  { ...publisher, name: 'Redirects', address: '/admin/redirects', list: true },
  { ...publisher, name: 'Redirects, none found', address: '/admin/redirects?q=zeppelin', list: true },
  { ...publisher, name: 'New redirect', address: '/admin/redirects/new' },
  { ...publisher, name: 'New redirect without an address', address: '/admin/redirects/new', status: 422, then: pressFirst('main form') },
  { ...publisher, name: 'Remove a redirect', address: via(at('/admin/redirects'), 'a[href$="/remove"]') },
  { ...administrator, name: 'Gallery of components', address: '/admin/gallery' },

  // People, keys, settings, the log.
  { ...administrator, name: 'Administration', address: '/admin/administration' },
  { ...editor, name: 'Administration of an editor', address: '/admin/administration' },
  { ...administrator, name: 'Users', address: '/admin/users', list: true },
  { ...administrator, name: 'A user', address: user('Niamh Okafor') },
  { ...administrator, name: 'New user', address: '/admin/users/new' },
  { ...administrator, name: 'New user without anything', address: '/admin/users/new', status: 422, then: pressFirst('main form') },
  { ...administrator, name: 'Deactivate a user', address: user('Niamh Okafor', '/deactivate') },
  { ...administrator, name: 'Hand over the work of a user', address: user('Niamh Okafor', '/hand-over') },
  { ...administrator, name: 'A link for a user', address: user('Niamh Okafor', '/link') },
  { ...administrator, name: 'Roles', address: '/admin/roles' },
  { ...administrator, name: 'API keys', address: '/admin/api-keys', list: true },
  { ...administrator, name: 'New API key', address: '/admin/api-keys/new' },
  { ...administrator, name: 'Trends', address: '/admin/trends' },
  { ...administrator, name: 'Trends of a year', address: '/admin/trends?weeks=52' },
  { ...administrator, name: 'Saved replies, none', address: '/admin/saved-replies' },
  { ...administrator, name: 'New saved reply', address: '/admin/saved-replies/new' },
  { ...administrator, name: 'New saved reply without anything', address: '/admin/saved-replies/new', status: 422, then: pressFirst('main form') },
  { ...administrator, name: 'Mail, off', address: '/admin/mail' },
  { ...administrator, name: 'Webhooks, none', address: '/admin/webhooks', list: true },
  { ...administrator, name: 'New webhook', address: '/admin/webhooks/new' },
  { ...administrator, name: 'New webhook without anything', address: '/admin/webhooks/new', status: 422, then: pressFirst('main form') },
  { ...administrator, name: 'A webhook', address: webhook() },
  { ...administrator, name: 'A delivery that failed', address: via(webhook(), 'table a[href*="/deliveries/"]') },
  { ...administrator, name: 'Change a webhook', address: webhook('/change') },
  { ...administrator, name: 'Send past events', address: webhook('/replay') },
  { ...administrator, name: 'Another secret', address: webhook('/rotate') },
  { ...administrator, name: 'Another secret has been made', address: webhook('/rotate'), status: 201, then: press('Make another secret') },
  { ...administrator, name: 'Pause a webhook', address: webhook('/pause') },
  { ...administrator, name: 'Resume a webhook', address: pausedWebhook },
  { ...administrator, name: 'Delete a webhook', address: webhook('/delete') },
  { ...administrator, name: 'Webhooks', address: '/admin/webhooks', list: true },
  { ...administrator, name: 'Settings', address: '/admin/settings' },
  { ...administrator, name: 'How long feedback is kept', address: '/admin/settings/retention' },
  { ...administrator, name: 'Quarantined texts, none', address: '/admin/quarantined-texts', list: true },
  { ...administrator, name: 'A quarantined text', address: quarantined() },
  { ...administrator, name: 'Delete a quarantined text', address: quarantined('/delete') },
  { ...administrator, name: 'Quarantined texts', address: '/admin/quarantined-texts', list: true },
  { ...administrator, name: 'Audit log', address: '/admin/audit-log', list: true },
  { ...editor, name: 'Your account', address: '/admin/profile' },

  // What goes wrong.
  { ...editor, name: 'No such page', address: '/admin/no-such-page', status: 404 },
  { ...editor, name: 'No such document', address: '/admin/role-pages/01a2022a-0000-7000-8000-000000000000', status: 404 },
  { ...editor, name: 'Not allowed', address: rolePage('Paramedic', '/publish'), status: 403 },
  { ...editor, name: 'A wrong address', address: '/admin/role-pages?live_state=purple', status: 400 },
];

/** Opens a screen in a visit, wherever it is. */
export async function openScreen(visit, { address, status, then, bare }) {
  const path = typeof address === 'function' ? await address(visit.page) : address;
  if (bare) await visit.withoutSandbox(path);
  await visit.goto(path, { status: then ? 200 : status });
  if (!then) return;
  if (status) visit.expect(status);
  const arrived = visit.page.waitForResponse(response => response.request().isNavigationRequest() && response.request().method() === 'POST');
  await then(visit.page);
  const answered = (await arrived).status();
  if (answered !== (status ?? 200)) visit.faults.push(`the form answered ${answered}, not ${status ?? 200}`);
}

function press(name) {
  return page => page.locator('main').getByRole('button', { name, exact: true }).click();
}

/** Presses the first button of a form, as Enter in one of its fields does. */
function pressFirst(form) {
  return page => page.locator(form).locator('button').first().click();
}

async function saveWrongly(page) {
  await page.getByLabel('Slug', { exact: true }).fill('Not a slug!');
  await press('Save')(page);
}

async function bulkOfDocuments(page) {
  const boxes = page.locator('main table input[type=checkbox]');
  for (const position of [0, 1, 2, 3]) await boxes.nth(position).check();
  await page.locator('main form:has(table)').locator('fieldset button, .bulk button').first().click();
}

function pasteAddress(title) {
  const editor = requirementSection(title);
  return async page => {
    const path = await editor(page);
    await page.goto(path);
    const button = await page.locator('button[value^="paste:"]').first().getAttribute('value');
    return `${path}/lines?at=${encodeURIComponent(button.slice('paste:'.length))}`;
  };
}

async function pasteLines(page) {
  await page.getByLabel('Lines').fill('1. Be on time\n• Like people');
  await page.getByRole('button', { name: 'Show what comes of them' }).click();
}

// A view that is there from an earlier visit is the same view.
/** Where a view is changed; it is saved first if there is none yet. */
async function savedView(page) {
  const list = '/admin/role-pages?q=paramedic';
  const change = page.getByRole('link', { name: /^Change or delete the view/ });
  await page.goto(list);
  if (await change.count() === 0) {
    await page.goto('/admin/views/new?list=role-pages&query=q%3Dparamedic');
    await page.getByLabel('Name').fill('Paramedics');
    await page.getByRole('button', { name: 'Save the view' }).click();
    await page.goto(list);
  }
  return change.getAttribute('href');
}

/** The page that asks about resuming a webhook; it is paused first if it is not. */
async function pausedWebhook(page) {
  const path = await webhook()(page);
  await page.goto(path);
  if (await page.getByRole('link', { name: 'Pause…' }).count() > 0) {
    await page.goto(`${path}/pause`);
    await press('Pause the webhook')(page);
  }
  return `${path}/resume`;
}

async function replaceEverything(page) {
  await page.getByLabel('Everything on this page').check();
  await page.getByRole('button', { name: 'Show what would change…' }).click();
}

async function bulkOfCases(page) {
  const boxes = page.locator('main table input[type=checkbox]');
  for (const position of [0, 1]) await boxes.nth(position).check();
  await page.getByLabel('With the chosen cases').selectOption('dismiss');
  await page.getByRole('button', { name: /^Go on…/ }).click();
}

async function releaseBurst(page) {
  await page.getByRole('button', { name: /^Release all…/ }).first().click();
}

async function wrongHolidays(page) {
  await page.getByLabel('Holidays', { exact: true }).fill('2026-12-25 Christmas Day\n26 December');
  await page.getByRole('button', { name: 'Keep targets and holidays' }).click();
}
