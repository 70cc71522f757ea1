// The keyboard walk: Tab from the top of the page to its end, and look at every stop. Returns findings; none is allowed.
//
// Sizes follow WCAG 2.5.8: a link inside a sentence is exempt. Elements that stand alone get no exception for spacing.

/** The ring that shows the focus is at least this thick, in CSS pixels. */
const RING = 2;
/** What can be pressed is at least this wide and high, in CSS pixels. */
const TARGET = 24;
/** Within this time the focus is where it was asked for, in milliseconds. */
const FOCUSED = 5_000;

/** What asks for the focus, such as an error summary, gets it a moment after it has arrived. For a page just opened. */
export async function focusFindings({ page }) {
  const end = Date.now() + FOCUSED;
  const waits = () => Boolean(document.querySelector('[autofocus]')) && !document.activeElement?.matches('[autofocus]');
  while (await page.evaluate(waits)) {
    if (Date.now() > end) return ['what asks for the focus never gets it'];
  }
  return [];
}

/** Walks the page as it is now, from its top. The page within a frame has nothing to skip. */
export async function keyboardFindings(visit, { skips = true } = {}) {
  const { page } = visit;
  const expected = await page.evaluate(prepare);
  const findings = expected.positive.map(element => `a tabindex above 0 breaks the order: ${element}`);
  const seen = new Set();
  let previous = -1;
  let parts = 0;
  // Two more than there are: one to come back to the top, one to notice a stop that was not expected.
  for (let count = 0; count < expected.stops.length + 2; count += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(lookAtStop, { ring: RING, target: TARGET });
    if (!stop) break;
    // Day, month and year of a date are stops of one field.
    if (stop.index === previous && stop.parts > 0 && parts < stop.parts) {
      parts += 1;
      count -= 1;
      continue;
    }
    parts = 0;
    if (seen.has(stop.index)) {
      // Chromium without a window frame may go straight back to the first stop.
      if (stop.index !== [...seen][0]) findings.push(`a trap: the focus came back to ${stop.element}`);
      break;
    }
    if (seen.size === 0 && skips && !stop.skips) findings.push(`the first stop does not skip to the main part: ${stop.element}`);
    if (stop.index < previous) findings.push(`out of the document's order: ${stop.element}`);
    findings.push(...stop.findings);
    previous = stop.index;
    seen.add(stop.index);
  }
  for (const { index, element } of expected.stops) {
    if (!seen.has(index)) findings.push(`Tab never reaches ${element}`);
  }
  if (seen.size === 0 && expected.stops.length > 0) findings.push('Tab reaches nothing');
  await page.evaluate(toTheTop);
  return findings;
}

/** For whoever looks at the page next. */
function toTheTop() {
  document.activeElement?.blur();
  window.scrollTo(0, 0);
}

/** What Tab should stop at. Numbers in the document's order name the elements on both sides. */
function prepare() {
  document.activeElement?.blur();
  // An error summary that had the focus would be where the walk begins.
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute('tabindex');
  window.getSelection()?.removeAllRanges();
  window.scrollTo(0, 0);
  const show = element => `${element.cloneNode(false).outerHTML.slice(0, 160)} ${element.textContent.trim().slice(0, 40)}`;
  const all = [...document.querySelectorAll('*')];
  const candidates = 'a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [contenteditable], [tabindex]';
  const stops = [];
  const groups = new Set();
  for (const [index, element] of all.entries()) {
    // What can be written in is a stop, whatever it says of itself.
    const reached = element.tabIndex >= 0 || element.matches('[contenteditable=true]:not([tabindex])');
    if (!element.matches(candidates) || !reached || element.matches(':disabled')) continue;
    if (!element.checkVisibility({ visibilityProperty: true }) || element.closest('[inert]')) continue;
    // A link in a text that is being written is a part of the text.
    if (element.parentElement?.closest('[contenteditable]')) continue;
    if (element.type === 'radio') {
      // One stop for a group: the chosen one, or the first.
      const group = `${element.form?.id ?? ''} ${[...document.forms].indexOf(element.form)} ${element.name}`;
      const chosen = all.find(other => other.type === 'radio' && other.name === element.name && other.form === element.form && other.checked);
      if (groups.has(group) || (chosen && chosen !== element)) continue;
      groups.add(group);
    }
    stops.push({ index, element: show(element) });
  }
  return { stops, positive: all.filter(element => element.tabIndex > 0).map(show) };
}

/** Judges the element that has the focus; nothing if none has. */
function lookAtStop({ ring, target }) {
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return null;
  const findings = [];
  const shown = `${element.cloneNode(false).outerHTML.slice(0, 160)} ${element.textContent.trim().slice(0, 40)}`;
  // Of a frame, what has the focus within it shows the ring.
  const framed = element.matches('iframe') ? element.contentDocument?.activeElement : null;
  const style = (framed?.ownerDocument.defaultView ?? window).getComputedStyle(framed ?? element);

  const thickness = ['none', 'hidden'].includes(style.outlineStyle) ? 0 : parseFloat(style.outlineWidth);
  const invisible = /^(transparent|rgba\(.*, 0\))$/.test(style.outlineColor);
  if (thickness < ring || invisible) findings.push(`no visible focus ring: ${shown}`);

  const boxes = [...element.getClientRects()];
  const box = element.getBoundingClientRect();
  if (Math.min(box.width, box.height) < target - 0.01 && !isInSentence(element)) {
    findings.push(`${box.width.toFixed(1)} × ${box.height.toFixed(1)} is smaller than ${target} × ${target}: ${shown}`);
  }

  const place = middleOf(boxes[0] ?? box);
  if (!place) {
    findings.push(`the focus is out of sight: ${shown}`);
  } else {
    const top = document.elementFromPoint(place.x, place.y);
    const label = top?.closest('label');
    if (!top || !(element.contains(top) || (label && label.control === element))) {
      findings.push(`the focus is covered by ${top?.cloneNode(false).outerHTML.slice(0, 100)}: ${shown}`);
    }
  }

  const goal = element.matches('a[href^="#"]') ? document.getElementById(element.getAttribute('href').slice(1)) : null;
  const main = document.querySelector('main');
  const skips = Boolean(goal && main && (goal === main || main.contains(goal)));
  // A frame is as many stops as what stands in it.
  const inside = element.matches('iframe') ? element.contentDocument?.querySelectorAll('a[href], [tabindex]').length ?? 0 : 0;
  const parts = { date: 4, month: 3, time: 3, 'datetime-local': 6 }[element.type] ?? inside;
  return { index: [...document.querySelectorAll('*')].indexOf(element), element: shown, findings, skips, parts };

  // A link among other words of the same line of text.
  function isInSentence(link) {
    if (!link.matches('a[href]') || getComputedStyle(link).display !== 'inline') return false;
    let around = link.parentElement;
    while (getComputedStyle(around).display.startsWith('inline')) around = around.parentElement;
    const words = document.createTreeWalker(around, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
      const { textContent, parentElement } = words.currentNode;
      if (/\p{L}/u.test(textContent) && !parentElement.closest('a, button, .visually-hidden')) return true;
    }
    return false;
  }

  // The middle of what is inside the window.
  function middleOf({ left, right, top, bottom }) {
    const inside = { left: Math.max(left, 0), right: Math.min(right, innerWidth), top: Math.max(top, 0), bottom: Math.min(bottom, innerHeight) };
    if (inside.right - inside.left < 1 || inside.bottom - inside.top < 1) return null;
    return { x: (inside.left + inside.right) / 2, y: (inside.top + inside.bottom) / 2 };
  }
}
