// Fragments: the main part of a page is fetched and laid over the one in view, without losing focus, caret or what was
// typed. Forms with `data-enhance` are sent this way, and so are links within anything else that has it. Every one of
// them works without script; nothing here knows what a form is about.
//
// Events on the document, `event.detail.wait(promise)` holds things up: `rolebook:sending` {form, button} before a form is
// read; `rolebook:saved` {form} after its answer; `rolebook:leaving` before another page or dialog comes;
// `rolebook:signed-out` and `rolebook:unreachable` {form, retry}, whose default can be prevented.
import { Idiomorph } from "../vendor/dist/idiomorph.js";
import { fill, open } from "./dialog.js";

const rules = { createHTML: text => text };
const policy = window.trustedTypes?.createPolicy("rolebook-html", rules) ?? rules;
const FIELDS = "input, select, textarea, rich-text";
const ISLANDS = "[data-keep], rich-text, input[type=file]";
const TYPED = "textarea, input:not([type=checkbox], [type=radio], [type=hidden])";

/** Asks everybody who listens and waits for them. Says whether the default is still wanted. */
export async function emit(name, detail = {}) {
  const waits = [];
  const event = new CustomEvent(`rolebook:${name}`, { cancelable: true, detail: { ...detail, wait: one => waits.push(one) } });
  const wanted = document.dispatchEvent(event);
  await Promise.all(waits);
  return wanted;
}

export const parse = text => new DOMParser().parseFromString(policy.createHTML(text), "text/html");

/** Fetches a fragment: `{ status, url, document, answer }`. With `follow: false` a redirect has `moved` instead. */
export async function load(address, { follow = true, fragment = "main", headers, ...options } = {}) {
  const answer = await fetch(address, { ...options, headers: { ...headers, "X-Fragment": fragment } });
  const target = answer.headers.get("X-Location");
  if (target && follow) return load(target);
  const html = answer.headers.get("Content-Type")?.startsWith("text/html");
  return {
    answer, status: answer.status, moved: Boolean(target), url: new URL(target ?? address, location.href),
    document: html ? parse(await answer.text()) : null,
  };
}

/** Says something to those who listen, and shows it for a while where `shown`. */
export function announce(text, shown = false) {
  const live = document.querySelector("dialog[open] [aria-live]") ?? document.getElementById("live");
  live.textContent = text;
  live.toggleAttribute("data-shown", shown);
}

// What a field held when it was last sent or saved; else what the page was drawn with counts.
const settled = new WeakMap();
const isTick = field => /^(checkbox|radio)$/.test(field.type);
const stateOf = field => isTick(field) ? field.checked : field.value;
const drawn = field => isTick(field) ? field.defaultChecked
  : field.options ? ([...field.options].find(one => one.defaultSelected) ?? field.options[0])?.value : field.defaultValue;

/** Whether somebody changed a field since it was drawn, sent or saved. */
export const isDirty = field => field.localName === "rich-text" && !settled.has(field) ? Boolean(field.dirty)
  : stateOf(field) !== (settled.has(field) ? settled.get(field) : drawn(field));

/** From here on the present values count as saved. */
export function settle(fields) {
  for (const field of fields) if (field.matches(FIELDS)) settled.set(field, stateOf(field));
}

// What the server has for a text in which the caret stood; it comes once the caret has left, unless one typed on.
const later = new Map();

export function catchUp() {
  for (const [field, [seen, coming]] of later) if (field.value === seen) field.value = coming;
  later.clear();
}
document.addEventListener("focusout", catchUp);

/** Lays `replacement` over `element`. What was typed and not sent, islands and what is folded out stay as they are. */
export function morph(element, replacement) {
  const names = new Map();
  byThing(element, new Map());
  byThing(replacement, names);
  const own = document.activeElement;
  Idiomorph.morph(element, replacement, { callbacks: {
    beforeNodeMorphed: (old, fresh) => {
      if (old.nodeType !== 1) return true;
      if (old.matches(ISLANDS)) return keepIsland(old, fresh);
      if (!old.id || !old.matches(FIELDS)) return true;
      return isDirty(old) || (old === own && old.matches(TYPED)) ? keepTyped(old, fresh) : true;
    },
    beforeAttributeUpdated: (name, { localName }) => !(name === "open" && localName === "details"),
  } });
  for (const one of element.querySelectorAll('[id^="~"]')) one.id = names.get(one.id) ?? one.id.slice(1);
  for (const field of element.querySelectorAll(FIELDS)) settled.delete(field);
  emit("morphed", { element });
}

/** Things keep their fields when they move: ids that say a place become ids of the things there, until `morph` is over. */
function byThing(root, names) {
  const things = new Map();
  for (const { name, value } of root.querySelectorAll('input[name$="/id"]')) things.set(anchor(name.slice(0, -3)), value);
  for (const one of root.querySelectorAll('[id^="f-"]')) {
    let head = one.id;
    while (head && !things.has(head)) head = head.slice(0, Math.max(head.lastIndexOf("."), 0));
    if (!head) continue;
    const id = `~${things.get(head)}${one.id.slice(head.length)}`;
    names.set(id, one.id);
    one.id = id;
  }
}

/** The id that the server gives to the field of a pointer. */
const anchor = pointer => `f-${pointer.replace(/[^\w-]/g, ".")}`;

function copyAttributes(old, fresh) {
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
}

function keepIsland(old, fresh) {
  if (old.adopt) old.adopt(fresh, isDirty(old));
  else copyAttributes(old, fresh);
  // A rich text whose module has not come yet is a text area.
  return old.localName === "rich-text" && !old.adopt;
}

function keepTyped(old, fresh) {
  const { value, checked } = old;
  const dirty = isDirty(old);
  const caret = old.matches(TYPED) ? [old.selectionStart, old.selectionEnd] : [];
  copyAttributes(old, fresh);
  for (const name of ["aria-invalid", "aria-describedby"]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  if (old.localName === "textarea") old.defaultValue = fresh.defaultValue;
  if (isTick(old)) old.checked = checked; else if (old.value !== value) old.value = value;
  if (old === document.activeElement && caret[0] != null) old.setSelectionRange(...caret);
  if (!dirty && fresh.value !== value) later.set(old, [value, fresh.value]);
  return false;
}

let shown = location.pathname + location.search;

/** Puts a page that was fetched into the place of this one, `whole` if it is about something else. `verb` is what was done,
 * by which the focus finds its place. */
export function show({ document: page, url }, { verb = "", push = false, whole = false } = {}) {
  const fresh = page.querySelector("main");
  if (whole) document.querySelector("main").replaceWith(fresh); else morph(document.querySelector("main"), fresh);
  const main = document.querySelector("main");
  document.title = page.title;
  const address = url.pathname + url.search;
  if (address !== shown) history[push ? "pushState" : "replaceState"](null, "", address);
  shown = address;
  focus(main, decodeURIComponent(url.hash.slice(1)), verb);
  const said = main.querySelector(".flash p, .empty p, [data-announce]");
  if (said && !main.querySelector("[role=alert]")) announce(said.textContent);
  stay(main.querySelector(".flash"));
}
let fading;

/** What was done stays in view for ten seconds, and as long as somebody is at it; then it stands at the top of the page. */
function stay(flash) {
  clearTimeout(fading);
  if (!flash) return;
  flash.dataset.fresh = "";
  const fade = () => {
    if (flash.matches(":hover, :focus-within")) fading = setTimeout(fade, 3000);
    else delete flash.dataset.fresh;
  };
  fading = setTimeout(fade, 10000);
}
addEventListener("popstate", async () => {
  const whole = location.pathname !== shown.split("?")[0];
  if (location.pathname + location.search !== shown) show(await load(location.href), { whole });
});

/** Where the focus goes: faults first, then the place that was worked on, else it stays. */
export function focus(root, place, verb = "") {
  const thing = verb !== "stay" && place && document.getElementById(place);
  let goal = root.querySelector("[autofocus]");
  if (!goal && thing) {
    const pointer = root.querySelector(`input[name$="/id"][value="${CSS.escape(place)}"]`)?.name.slice(0, -3);
    const isOwn = ({ value }) => pointer ? value === `${verb}:${pointer}` : anchor(value.slice(verb.length + 1)) === place;
    const first = selector => [...thing.querySelectorAll(selector)].find(one => one.checkVisibility());
    const button = [...thing.querySelectorAll(`button[value^="${verb}:"]`)].find(isOwn);
    if (/^(up|down|move|into|out)$/.test(verb)) goal = button?.closest("details")?.querySelector("summary") ?? button;
    if (/^(add|set|lines|duplicate|split|group)$/.test(verb)) goal = first(`${TYPED}, select, [contenteditable]`);
    goal ??= thing.matches(FIELDS) ? thing : first("h3, h4, legend, summary, button, th a");
  }
  goal ??= document.activeElement === document.body ? root : null;
  if (goal) reach(goal, goal === root);
}

/** Gives an element the focus, whatever it is folded away in. */
export function reach(goal, preventScroll = false) {
  for (let fold = goal.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) {
    if (goal.localName !== "summary" || goal.parentElement !== fold) fold.open = true;
  }
  if (goal.tabIndex < 0) goal.tabIndex = -1;
  goal.focus({ preventScroll });
}

/** Goes to another page, or opens it in a dialog, once everybody has done what has to be done before. */
export async function leave(url, opener) {
  if (opener?.hasAttribute("data-dialog")) return open(url);
  await emit("leaving");
  location.assign(url);
}

/** Whether a click means this page and no other tab. */
export const isPlain = event => !(event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

const busy = new WeakSet();

/** Sends a form as its button would, once at a time. */
export async function send(form, button) {
  if (busy.has(form)) return;
  busy.add(form);
  button?.setAttribute("aria-disabled", "true");
  const slow = setTimeout(() => form.setAttribute("aria-busy", "true"), 400);
  try {
    await emit("sending", { form, button });
    await attempt(form, button);
  } finally {
    clearTimeout(slow);
    busy.delete(form);
    form.removeAttribute("aria-busy");
    button?.removeAttribute("aria-disabled");
  }
}

async function attempt(form, button) {
  catchUp();
  const data = new FormData(form, button);
  const dialog = form.closest("dialog");
  const action = button?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
  if (form.method !== "post") {
    const asked = new URLSearchParams([...data].filter(([, value]) => value !== ""));
    const address = `${action}${asked.size ? "?" : ""}${asked}`;
    return dialog ? fill(await load(address)) : turn(address);
  }
  const fields = [...form.querySelectorAll(FIELDS)];
  const before = fields.map(field => [field, settled.get(field)]);
  settle(fields);
  const body = form.enctype.startsWith("multipart") ? data : new URLSearchParams(data);
  const again = () => send(form, button);
  let got = null;
  try {
    got = await load(action, { method: "POST", body, follow: false });
  } catch { /* No connection: said below. */ }
  if (!got || got.status >= 500 || got.status === 401) {
    for (const [field, value] of before) if (value === undefined) settled.delete(field); else settled.set(field, value);
    const wanted = await emit(got?.status === 401 ? "signed-out" : "unreachable", { form, retry: again });
    if (wanted && got?.status === 401) return plainly(form, button);
    if (wanted) announce("Nothing was sent: the server does not answer. What you typed is still here.", true);
    return;
  }
  if (got.moved && got.url.pathname !== location.pathname) {
    // Below a dialog the form goes on from the version that was just saved.
    if (button?.hasAttribute("data-dialog")) show(await load(location.href), { verb: "stay" });
    return leave(got.url, button);
  }
  const page = got.moved ? await load(got.url).catch(() => null) : got;
  if (!page) return announce("It is saved. The page could not be drawn again: the server does not answer.", true);
  if (![200, 409, 422].includes(page.status) || !page.document) return plainly(form, button);
  if (dialog && !got.moved) return fill(page);
  dialog?.close();
  show(page, { verb: dialog || button?.hidden ? "stay" : button?.value.split(":")[0] });
  if (got.moved) emit("saved", { form });
}

/** As it would have been without script: the browser shows whatever comes. */
function plainly(form, button) {
  busy.delete(form);
  form.dataset.plain = "";
  form.requestSubmit(button);
  delete form.dataset.plain;
}

/** Turns to another page of the same list. */
export async function turn(address) {
  try {
    const page = await load(address);
    if (!page.document || page.url.pathname !== location.pathname) return leave(address);
    show(page, { push: true });
  } catch {
    location.assign(address);
  }
}

document.addEventListener("submit", event => {
  const form = event.target;
  if (event.defaultPrevented || !form.hasAttribute("data-enhance") || "plain" in form.dataset) return;
  event.preventDefault();
  send(form, event.submitter);
});

document.addEventListener("click", async event => {
  const link = event.target.closest("[data-enhance] a[href]");
  if (!link || !isPlain(event)) return;
  const box = link.closest("[data-enhance]");
  if (box.localName === "form" || link.pathname !== location.pathname) return;
  event.preventDefault();
  await turn(link.href);
  if (box.matches(".pages")) scrollTo(0, 0);
});
