// The dialog for a link: its words, and the page of this site or the web address that it leads to.
import { Selection } from "../vendor/dist/prosemirror.js";
import { schema, target } from "./rich-text-schema.js";
import { replace } from "./rich-text-toolbar.js";

const VAGUE = /^(?:(?:click|press|tap|read|see|find out|learn)\s+)*(?:here|this|this page|this link|link|more|more information|details)\.?$/i;
/** A link in Markdown. */
const WRITTEN = /\[((?:[^\][\\]|\\.)*)\]\(<?([^()<>\s]*)>?\)/g;
const { link } = schema.marks;

/** An element, its attributes, and what stands in it. */
function make(name, attributes, ...inside) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...inside);
  return element;
}
const labelled = (label, control, ...more) => make("div", { class: "field" }, make("label", { for: control.id }, label), ...more, control);
const radio = (value, label) => {
  const control = make("input", { type: "radio", name: "to", value, id: `rich-link-${value}` });
  return make("label", { class: "choice", for: control.id }, control, label);
};
const press = (value, label, look = "") => make("button", { class: `button ${look}`, value }, label);

const words = make("input", { id: "rich-link-words", autocomplete: "off" });
const vague = make("p", { class: "note-at", role: "status" });
const page = make("input", {
  id: "rich-link-title", role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "rich-link-pages",
  autocomplete: "off",
});
const pages = make("ul", { id: "rich-link-pages", role: "listbox", "aria-label": "Pages" });
const count = make("p", { class: "hint", role: "status" });
const section = make("select", { id: "rich-link-section" });
const address = make("input", { id: "rich-link-address", autocomplete: "off", inputmode: "url", "aria-describedby": "rich-link-hint" });
const fault = make("p", { class: "fault", role: "alert" });
const remove = press("remove", "Remove link");
const inWords = labelled("Words of the link", words);
const inSection = labelled("Section", section);
const toPage = make("div", {}, labelled("Page", page), pages, count, inSection);
const toAddress = labelled("Address", address, make("span", { class: "hint", id: "rich-link-hint" }, "https://…, mailto:…, tel:…, or a path of the site that begins with /"));
const form = make("form", { method: "dialog" },
  make("h2", { id: "rich-link" }, "Link"), inWords, vague,
  make("fieldset", { class: "field" }, make("legend", {}, "Where it leads"), radio("page", "Page on this site"), radio("web", "Web address")),
  toPage, toAddress, fault,
  make("div", { class: "buttons" }, press("save", "Save link", "primary"), remove, press("", "Cancel")));
const dialog = document.body.appendChild(make("dialog", { class: "rich-link", "aria-labelledby": "rich-link" }, form));

/** The documents that are offered, the one that is chosen, and the number of the last question. */
let offered = [];
let chosen = null;
let asked = 0;
let done = null;

/** Asks for the link at the caret and puts it there. */
export async function editLink(field) {
  const { doc } = field;
  const spot = doc ? inEditor(field.view.state) : inArea(field.area);
  const [, id, block] = /^ref:([^#]+)#?(.*)$/.exec(spot.href) ?? [];
  words.value = spot.words ?? "";
  inWords.hidden = spot.words === null;
  address.value = id ? "" : spot.href;
  remove.hidden = !spot.href;
  page.value = fault.textContent = "";
  form.elements.to.value = spot.href && !id ? "web" : "page";
  choose(id ? { id, title: "" } : null, block);
  offer([]);
  check();
  dialog.returnValue = "";
  dialog.showModal();
  (spot.words === "" ? words : toPage.hidden ? address : page).focus();
  await new Promise(resolve => {
    done = resolve;
    dialog.addEventListener("close", resolve, { once: true });
  });
  field.focus();
  if (dialog.returnValue && field.doc === doc) spot.put(field, dialog.returnValue === "save" && leadsTo());
}

/** The link around the caret, or the words that are selected. */
function inEditor(state) {
  const { doc, selection: { $from, empty } } = state;
  let { from, to } = state.selection;
  const mark = link.isInSet($from.nodeAfter?.marks ?? []) ?? (empty ? link.isInSet($from.nodeBefore?.marks ?? []) : null);
  if (mark && $from.parent.isTextblock) {
    let at = $from.start();
    const runs = [];
    for (const child of $from.parent.children) {
      if (!mark.isInSet(child.marks)) runs.push(null);
      else if (runs.at(-1)) runs.at(-1)[1] = at + child.nodeSize;
      else runs.push([at, at + child.nodeSize]);
      at += child.nodeSize;
    }
    const run = runs.find(one => one && one[0] <= $from.pos && $from.pos <= one[1]);
    if (run && (empty || to <= run[1])) [from, to] = run;
  }
  const one = doc.resolve(from).sameParent(doc.resolve(to));
  const text = one ? doc.textBetween(from, to) : null;
  const put = (field, href) => {
    const { tr } = field.view.state;
    if (!href) tr.removeMark(from, to, link);
    else {
      if (text === null || (text && text === words.value)) tr.removeMark(from, to, link).addMark(from, to, link.create({ href }));
      else {
        const marks = link.removeFromSet(state.storedMarks ?? $from.marks());
        tr.replaceWith(from, to, schema.text(wordsOf(href), link.create({ href }).addToSet(marks)));
      }
      tr.setSelection(Selection.near(tr.doc.resolve(tr.mapping.map(to)), -1));
    }
    field.view.dispatch(tr.removeStoredMark(link).scrollIntoView());
    field.say(href ? "Link saved" : "Link removed");
  };
  return { words: text, href: mark?.attrs.href ?? "", put };
}

/** The same in Markdown. */
function inArea(area) {
  let { selectionStart: from, selectionEnd: to } = area;
  let text = area.value.slice(from, to);
  let href = "";
  for (const found of area.value.matchAll(WRITTEN)) {
    const end = found.index + found[0].length;
    if (found.index <= from && to <= end) [from, to, text, href] = [found.index, end, found[1], found[2]];
  }
  const put = (_, to_) => replace(area, from, to, to_ ? `[${wordsOf(to_)}](${to_})` : words.value);
  return { words: text, href, put };
}

/** A link without words is called what it leads to. */
function wordsOf(href) {
  return words.value.trim() || (href.startsWith("ref:") ? chosen.title : href);
}

/** Where the dialog says that the link leads; nothing if that is nowhere. */
function leadsTo() {
  if (!toPage.hidden) return chosen && `ref:${chosen.id}${section.value && `#${section.value}`}`;
  const typed = address.value.trim();
  return target(typed) ?? target(/^[^\s/@]+@[^\s/@]+$/.test(typed) ? `mailto:${typed}` : /^[^\s/:]+\.\w/.test(typed) ? `https://${typed}` : "");
}

function check() {
  const toWeb = form.elements.to.value === "web";
  toPage.hidden = toWeb;
  toAddress.hidden = !toWeb;
  const typed = words.value.trim();
  const bad = VAGUE.test(typed) || /^https?:/.test(typed);
  const said = bad ? `“${typed}” does not say where the link leads. Name the page or what is found there.` : "";
  if (vague.textContent !== said) vague.textContent = said;
}

/** Documents by words or by id. */
async function ask(question) {
  const address = `/admin/destinations?${new URLSearchParams(question)}`;
  const answer = await fetch(address, { headers: { "X-Fragment": "destinations" } }).catch(() => ({}));
  return answer.ok && !answer.redirected ? (await answer.json()).documents : [];
}

async function look() {
  const own = asked += 1;
  const found = await ask({ q: page.value });
  if (own !== asked) return;
  offer(found);
  count.textContent = found.length ? `${found.length} found` : "Nothing fits. Try fewer or other words.";
}

/** Shows these documents to choose from. */
function offer(documents) {
  asked += 1;
  offered = documents;
  pages.replaceChildren(...documents.map(({ id, title, about }) => (
    make("li", { role: "option", id: `rich-link-${id}`, "aria-selected": "false" }, title, " ", make("span", { class: "hint" }, about)))));
  pages.hidden = !documents.length;
  page.ariaExpanded = !pages.hidden;
  page.removeAttribute("aria-activedescendant");
  count.textContent = "";
}

/** Takes a document, and asks for its sections. */
async function choose(found, block = "") {
  chosen = found;
  show(block ? [{ id: block, heading: "One passage" }] : []);
  section.value = block;
  if (!found) return;
  page.value = found.title;
  const [known] = await ask({ id: found.id });
  if (chosen !== found) return;
  page.value = found.title = known?.title ?? "This does not exist any more";
  if (known && (!block || known.sections.some(({ id }) => id === block))) show(known.sections);
}

function show(sections) {
  const { value } = section;
  section.replaceChildren(...[{ id: "", heading: "The whole page" }, ...sections].map(({ id, heading }) => make("option", { value: id }, heading)));
  section.value = value;
  inSection.hidden = !sections.length;
}

function move(by) {
  const options = [...pages.children];
  const at = options.findIndex(({ ariaSelected }) => ariaSelected === "true");
  const to = options.at((at < 0 && by < 0 ? at : at + by) % options.length);
  for (const option of options) option.ariaSelected = option === to;
  page.setAttribute("aria-activedescendant", to.id);
  to.scrollIntoView({ block: "nearest" });
}

form.addEventListener("input", ({ target: typed }) => {
  fault.textContent = "";
  if (typed === page) {
    choose(null);
    look();
  }
  check();
});
page.addEventListener("keydown", event => {
  const { key } = event;
  const by = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (by && pages.hidden) look();
  else if (by) move(by);
  else if (pages.hidden || (key !== "Enter" && key !== "Escape")) return;
  else {
    const at = [...pages.children].findIndex(({ ariaSelected }) => ariaSelected === "true");
    if (key === "Enter" && at >= 0) choose(offered[at]);
    offer([]);
  }
  event.preventDefault();
});
page.addEventListener("blur", () => offer([]));
pages.addEventListener("mousedown", event => {
  event.preventDefault();
  choose(offered[[...pages.children].indexOf(event.target.closest("li"))] ?? null);
  offer([]);
});
form.addEventListener("submit", event => {
  event.preventDefault();
  const value = event.submitter?.value ?? "";
  if (value !== "save" || leadsTo()) {
    // Before the next key comes: the browser says only later that a dialog has closed.
    dialog.close(value);
    return done();
  }
  fault.textContent = toPage.hidden ? "Give an address such as https://example.org/page." : "Choose a page from the list.";
  (toPage.hidden ? address : page).focus();
});
