// Saves by itself what is typed in the editor: changed fields alone, one request at a time, each field with what was last
// known to be saved of it. Fields are known by the ids of the things that they belong to, since places shift while others
// save. What can't be sent stays in its field, is kept on this computer, and is sent when that is possible again.
import { emit, isDirty, leave, load, morph, settle } from "./fragment.js";
import { forget, keep, offer } from "./unsent.js";

const RETRIES = [2000, 5000, 15000, 30000];
const PART = ".block-card, section.card";
/** This open page, to the server; two tabs are two. */
export const page = "10000000-1000-4000-8000-100000000000".replace(/[018]/g, digit =>
  (digit ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> digit / 4).toString(16));
export const form = () => document.querySelector("#editor[data-person]");
const id = name => document.getElementById(name);
const on = (name, listen, target = document) => target.addEventListener(name, listen);

let sequence = 0, failures = 0, timer, first = 0, running = null, more = false, news = false, reading = false, choices = [];
// While a whole form is on its way, nothing is sent beside it: until then.
let stopped = 0, posted = null;
// The version that places are named by, and the newest that this page has heard of.
let version, heard;
// What is known to be saved of each field; the fields that somebody changed; those that are known by a newer version than
// places are; those that were refused as they stood, or (null) wait for a choice.
const known = new Map(), touched = new Set(), ahead = new Set(), held = new Map();

/** The id of the thing that a place belongs to, and the rest of the way. */
function keyOf(base) {
  let head = base, thing;
  while (head && !(thing = form().elements.namedItem(`${head}/id`)?.value)) head = head.slice(0, head.lastIndexOf("/"));
  return (thing ?? "") + base.slice(head.length);
}

/** Every field as it would be sent: its place, and its values with how they are read. */
function read(sent) {
  reading = true;
  const data = [...sent ?? new FormData(form())];
  reading = false;
  // A box that is not ticked is empty.
  for (const { name, type } of form().elements) if (type === "checkbox" && !data.some(one => one[0] === name)) data.push([name, ""]);
  const state = new Map();
  for (const [name, value] of data) {
    const [base, kind] = name.split("#");
    if (base[0] !== "/" || base === "/note" || base.endsWith("/id")) continue;
    const key = keyOf(base);
    if (!state.has(key)) state.set(key, { base, values: [] });
    state.get(key).values.push([kind ? `#${kind}` : "", value]);
  }
  return state;
}

const sign = one => JSON.stringify(one?.values);
const pairs = (base, one, mark = "") => (one?.values ?? []).map(([kind, value]) => [mark + base + kind, value]);
const changed = state => [...touched].filter(key => state.has(key) && sign(state.get(key)) !== sign(known.get(key)));
const waits = () => form() ? changed(read()).length : 0;
const fieldOf = base => {
  const field = [...form().elements].find(one => one.name?.split("#")[0] === base);
  const rich = field?.closest("rich-text");
  return rich?.adopt ? rich : field;
};
const within = (base, pointer) => `${base}/`.startsWith(`${pointer}/`);

function say(text) {
  if (id("save-status")) id("save-status").textContent = text;
}

/** The page is as the server drew it, but for what somebody has typed. */
function learn() {
  for (const [key, one] of read()) if (!touched.has(key)) known.set(key, one);
  version = heard = form().elements.version.value;
  ahead.clear();
  stopped = 0;
}

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

/** Saves what waits. Who asks while something is on its way waits for the next round. */
function save() {
  if (running) more = true;
  return running ??= attempt().catch(error => failed(console.error(error))).finally(() => {
    running = null;
    if (more) {
      more = false;
      return save();
    }
  });
}

async function attempt() {
  clearTimeout(timer);
  first = 0;
  if (!form() || stopped > Date.now()) return;
  const state = read(), dirty = changed(state);
  const sent = dirty.filter(key => ![null, sign(state.get(key))].includes(held.get(key)));
  if (!sent.length) return news && !dirty.length && refresh();
  const body = new URLSearchParams(Object.entries({ page, sequence: ++sequence, version, heard, place: place() }).concat(choices));
  for (const key of sent) {
    const now = state.get(key), before = known.get(key);
    for (const pair of [...pairs(now.base, now), ...pairs(now.base, before, "was:")]) body.append(...pair);
    keep(form(), page, version, now, before);
  }
  const slow = setTimeout(say, 1000, "Saving…");
  const keepalive = document.hidden && `${body}`.length < 60000;
  const got = await load(form().getAttribute("action"), { method: "POST", body, fragment: "autosave", keepalive }).catch(() => null);
  clearTimeout(slow);
  if (got?.status === 401) return signIn();
  const said = got?.document?.getElementById("save-status");
  if (!said) return failed(got);
  failures = 0;
  choices = [];
  for (const old of document.querySelectorAll("p[data-at]")) old.remove();
  if (got.status === 200) saved(said, sent, state, got.document);
  else refused(got.status, sent, state, got.document);
  say(said.textContent.trim());
}

function saved({ dataset }, sent, state, answer) {
  const others = "others" in dataset, now = read();
  for (const key of sent) {
    known.set(key, state.get(key));
    ahead.add(key);
    held.delete(key);
    if (sign(now.get(key)) !== sign(known.get(key))) continue;
    touched.delete(key);
    settle([fieldOf(now.get(key).base)]);
  }
  forget(form(), page, sent.map(key => state.get(key).base));
  if (!others && version === heard) {
    form().elements.version.value = version = dataset.version;
    ahead.clear();
  }
  heard = dataset.version;
  news ||= version !== heard;
  for (const part of answer.querySelectorAll("main > [id]:not(p)")) {
    const old = id(part.id);
    // What the checks say stands at the fields as well, which are drawn again for it.
    news ||= part.id === "checks" && old?.textContent !== part.textContent;
    if (old && !old.contains(document.activeElement) && !old.querySelector("details[open]")) morph(old, part);
  }
  // Who types on is waited for; what is typed is saved first.
  if (news && !waits()) more = true;
  emit("saved", { auto: true });
}

/** Everything else goes on without what was refused; that waits for another text, or for a choice. */
function refused(status, sent, state, answer) {
  for (const note of answer.querySelectorAll("[data-at]")) {
    for (const key of sent) if (within(state.get(key).base, note.dataset.pointer)) held.set(key, status === 409 ? null : sign(state.get(key)));
    put(note);
  }
  if (!sent.some(key => held.has(key))) later(RETRIES[3]);
  else more = true;
}

/** Puts what is to be said about a place beside it. */
function put(note) {
  const { at } = note.dataset;
  for (const old of document.querySelectorAll("[data-at]")) if (old.dataset.at === at) old.remove();
  (id(at)?.closest(".field") ?? id(at) ?? id("save-status")).before(document.importNode(note, true));
}

/** Others have saved, or the checks say something else: the form is drawn again, unless somebody has begun to type. */
async function refresh() {
  const fresh = (await load(location.href, { fragment: "refresh" }).catch(() => null))?.document?.getElementById("editor");
  if (!fresh || waits() || stopped > Date.now()) return later(RETRIES[0]);
  news = false;
  const status = id("save-status").textContent;
  morph(form(), fresh);
  say(status);
}

function failed(got) {
  const why = got?.status < 500 ? got.document?.querySelector("h1")?.textContent ?? got.status : "no connection";
  say(`Not saved: ${why}. Your text is kept on this computer.`);
  later(RETRIES[Math.min(failures++, 3)]);
}

/** The part of the document in which the person is. */
export const place = () => document.activeElement?.closest(PART)?.id ?? "";

/** The session has ended: who was here signs in again, and everything goes on. */
async function signIn(retry = save) {
  say("Not saved: sign in again");
  if (id("sign-in-again")) return;
  const dialog = document.body.appendChild(document.createElement("dialog"));
  dialog.id = "sign-in-again";
  dialog.setAttribute("aria-label", "Sign in");
  const fill = got => dialog.replaceChildren(...document.importNode(got.document.querySelector("main"), true).childNodes);
  fill(await load(`/admin/sign-in?next=${location.pathname}`));
  on("close", () => { dialog.remove(); later(RETRIES[3]); }, dialog);
  on("submit", async event => {
    event.preventDefault();
    const got = await load("/admin/sign-in", { method: "POST", body: new URLSearchParams(new FormData(event.target)), follow: false });
    if (!got.moved) return fill(got);
    const own = (await load(location.href, { fragment: "refresh" })).document?.getElementById("editor");
    // Somebody else sits here now: what was typed waits on this computer for who typed it.
    if (own?.dataset.person !== form()?.dataset.person) return touched.clear(), location.reload();
    dialog.close();
    retry();
  }, dialog);
  dialog.showModal();
}

function touch({ target }) {
  const { name } = target.closest?.("rich-text")?.querySelector("textarea[name]") ?? target;
  if (!form()?.contains(target) || name?.[0] !== "/" || name === "/note") return;
  touched.add(keyOf(name.split("#")[0]));
  first ||= Date.now();
  later(Math.max(0, Math.min(1500, first + 10000 - Date.now())));
}
on("input", touch);
on("change", touch);
// What stands in a field before somebody types there; editors of rich text come into being after the page.
on("focusin", ({ target }) => form()?.contains(target) && read().forEach((one, key) => touched.has(key) || known.set(key, one)));
on("focusout", ({ target, relatedTarget }) => touched.size && !target.closest?.(PART)?.contains(relatedTarget) && save());
on("visibilitychange", () => (document.hidden || failures) && save());
on("online", save, window);
on("beforeunload", event => waits() && event.preventDefault(), window);
on("click", event => {
  const button = event.target.closest?.(".conflict button"), link = event.target.closest?.("a[href]");
  if (button) {
    const { pointer } = button.closest(".conflict").dataset, state = read();
    for (const key of [...held.keys()]) if (within(state.get(key)?.base, pointer)) held.delete(key);
    choices = [[button.name, button.value], ["their_version", button.dataset.version]];
    // What is chosen may be another text than the one that stands here.
    news ||= button.value !== "yours";
    button.closest(".conflict").remove();
    save();
  } else if (link?.origin === location.origin && !link.target && !(link.hash && link.pathname === location.pathname)) {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || !waits()) return;
    event.preventDefault();
    leave(link.href);
  }
});

// A whole form goes its own way. It says what it started from, and nothing is sent beside it.
on("formdata", ({ target, formData }) => {
  if (reading || target !== form()) return;
  posted = read(formData);
  formData.set("heard", heard);
  for (const key of new Set([...touched, ...ahead])) {
    for (const pair of pairs(posted.get(key)?.base, known.get(key), "was:")) formData.append(...pair);
  }
});
/** What the whole form held is saved; what was typed since waits. */
function taken() {
  stopped = 0;
  const state = form() ? read() : new Map();
  for (const key of [...touched]) {
    const now = state.get(key), typed = now && sign(now) !== sign(posted.get(key)) && isDirty(fieldOf(now.base));
    known.set(key, typed ? posted.get(key) : now);
    if (!typed) touched.delete(key);
  }
  held.clear();
  forget(form(), page, [...posted.values()].map(one => one.base));
  posted = null;
}
const about = (name, act) => on(`rolebook:${name}`, event => form() && (!event.detail.form || event.detail.form === form()) && act(event));
about("sending", ({ detail }) => {
  detail.wait(running ?? 0);
  stopped = Date.now() + 30000;
});
about("saved", ({ detail }) => detail.auto || !posted || (taken(), say("")));
about("morphed", ({ detail }) => detail.element.contains(form()) && learn());
about("leaving", ({ detail }) => {
  if (posted && stopped) taken();
  detail.wait(Promise.race([save(), new Promise(done => setTimeout(done, 3000))]));
});
about("unreachable", () => { stopped = 0; later(RETRIES[0]); });
about("signed-out", event => {
  event.preventDefault();
  stopped = 0;
  signIn(event.detail.retry);
});

learn();
// What was typed before this module came.
for (const field of form().elements) {
  if (!field.matches("textarea, input:not([type=hidden], [type=checkbox], [type=radio])") || field.value === field.defaultValue) continue;
  const [base, kind] = field.name.split("#");
  if (base[0] === "/") known.set(keyOf(base), { base, values: [[kind ? `#${kind}` : "", field.defaultValue]] });
  touch({ target: field });
}
offer(form());
