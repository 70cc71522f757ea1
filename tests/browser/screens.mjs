// The one list of screens. Accessibility, keyboard, weight, validity and pictures all read it: a new screen is a new
// line here.
//
//   name     what people call it
//   address  its path, or a function that is given a signed-in page and finds the path, such as `first(…)`
//   person   the role that visits it: editor, reviewer, publisher, triager, administrator; null for nobody
//   list     true for a list, whose HTML has a budget
//   status   what it answers if not 200

export const screens = [
  { name: 'Sign in', address: '/admin/sign-in', person: null },
  { name: 'Dashboard', address: '/admin', person: 'editor' },
  { name: 'Role pages', address: '/admin/role-pages', person: 'editor', list: true },
  { name: 'Requirement sections', address: '/admin/requirement-sections', person: 'editor', list: true },
  { name: 'No such page', address: '/admin/no-such-page', person: 'editor', status: 404 },
];

/** An address that a list leads to: the first link that matches, below `main`. */
export function first(list, selector) {
  return async page => {
    await page.goto(list);
    return page.locator('main').locator(selector).first().getAttribute('href');
  };
}

/** Opens a screen in a visit, wherever it is. */
export async function openScreen(visit, { address, status }) {
  const path = typeof address === 'function' ? await address(visit.page) : address;
  await visit.goto(path, { status });
}
