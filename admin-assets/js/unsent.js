// What was typed and could not be sent is kept in this browser, a row a field, until it is saved or given up. Signing out
// clears it. A site can do without: a form without `data-keep-unsent` keeps nothing.
import { send } from "./fragment.js";

const of = form => `${form.dataset.person} ${form.getAttribute("action")} `;
const done = request => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = no; });

/** Does something with the rows. Without a database, in a private window say, nothing is kept. */
async function rows(form, act) {
  if (!form || !("keepUnsent" in form.dataset)) return [];
  try {
    const open = indexedDB.open("rolebook", 1);
    open.onupgradeneeded = () => open.result.createObjectStore("unsent");
    const database = await done(open);
    const found = await done(act(database.transaction("unsent", "readwrite").objectStore("unsent"), IDBKeyRange.bound(of(form), `${of(form)}~`)));
    database.close();
    return found;
  } catch {
    return [];
  }
}

/** Keeps a field of an open page: its place in a version, what it holds, and what was known to be saved of it. */
export function keep(form, page, version, { base, values }, before) {
  const label = form.querySelector(`[for="${CSS.escape(`f-${base.replace(/[^\w-]/g, ".")}`)}"]`)?.textContent ?? base;
  rows(form, store => store.put({ page, version, base, label, values, was: before?.values ?? [], at: Date.now() }, `${of(form)}${page} ${base}`));
}

/** What these fields of a page held is saved, or given up. */
export const forget = (form, page, bases) => bases.forEach(base => rows(form, store => store.delete(`${of(form)}${page} ${base}`)));

const make = (name, ...parts) => {
  const made = document.createElement(name);
  made.append(...parts);
  return made;
};
/** A text as people read it, whichever way it is sent. */
const words = node => node.text ?? (node.content ?? []).map(words).join(node.type === "doc" ? "\n" : "");
const text = values => values.filter(([kind]) => kind !== "#sum").map(([kind, value]) => kind === "#doc" ? words(JSON.parse(value)) : value).join(", ");

/** Offers what this person could not send of this document, one open page of then at a time. */
export async function offer(form) {
  const shown = new FormData(form), same = one => one.values.every(([kind, value]) => shown.getAll(one.base + kind).includes(value));
  const all = [];
  // What was saved while the page was left is no news.
  for (const one of await rows(form, (store, own) => store.getAll(own))) same(one) ? forget(form, one.page, [one.base]) : all.push(one);
  const kept = all.filter(one => one.page === all[0].page && one.version === all[0].version);
  if (!kept.length) return;
  const [{ page, version, at }] = kept;
  const time = new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const back = make("form"), restore = make("button", "Restore"), discard = make("button", "Discard");
  const carry = (name, value) => back.append(Object.assign(make("input"), { type: "hidden", name, value }));
  back.method = "post";
  back.action = form.getAttribute("action");
  Object.entries({ version, partial: "true", op: "save" }).forEach(pair => carry(...pair));
  for (const { base, values, was } of kept) {
    values.forEach(([kind, value]) => carry(base + kind, value));
    was.forEach(([kind, value]) => carry(`was:${base}${kind}`, value));
  }
  back.className = "row";
  restore.className = discard.className = "button";
  discard.type = "button";
  back.append(restore, discard);
  const compared = kept.flatMap(one => [make("dt", one.label), make("dd", make("ins", text(one.values))), make("dd", make("del", text(one.was)))]);
  const banner = make("div", make("h2", "Not saved"), make("p", `You have text from ${time} on this computer that was not saved.`),
    make("details", make("summary", "Compare"), make("dl", ...compared)), back);
  banner.className = "banner warn";
  form.before(banner);
  const gone = () => { forget(form, page, kept.map(one => one.base)); banner.remove(); };
  discard.addEventListener("click", gone);
  back.addEventListener("submit", event => { event.preventDefault(); send(back, restore); });
  document.addEventListener("rolebook:saved", ({ detail }) => detail.form === back && gone());
}
