// The editor's desk: what was folded away is remembered, characters are counted, kinds of blocks are found by words, the
// structure can be dragged, the buttons of a card are one stop for Tab, and the page stands beside the text as readers
// will see it.
import { announce, focus, isDirty, load, morph } from "./fragment.js";

const FOLDED = "rolebook-folded";
const folded = new Set(JSON.parse(localStorage.getItem(FOLDED) ?? "[]"));
const nameOf = fold => fold.closest("[id]").id;
const place = () => document.querySelector("[data-preview]");
let frame = null;

function arrange() {
  for (const bar of document.querySelectorAll(".controls[role=toolbar]")) {
    const buttons = [...bar.querySelectorAll("button")];
    const chosen = buttons.indexOf(document.activeElement);
    buttons.forEach((button, number) => { button.tabIndex = number === Math.max(chosen, 0) ? 0 : -1; });
  }
  for (const button of document.querySelectorAll("[data-width]:not([data-preview])")) {
    button.ariaPressed = String(button.dataset.width === (place().dataset.width ?? "phone"));
  }
}

for (const fold of document.querySelectorAll(".fold")) if (folded.has(nameOf(fold))) fold.open = false;
document.addEventListener("toggle", ({ target }) => {
  if (!target.matches(".fold")) return;
  folded[target.open ? "delete" : "add"](nameOf(target));
  localStorage.setItem(FOLDED, JSON.stringify([...folded].slice(-500)));
}, true);

function say(field) {
  const count = document.getElementById(`${field.id}-count`);
  if (count) count.textContent = `${[...field.value].length} of ${count.dataset.count} characters`;
  const changed = document.querySelector(`[data-changed="${CSS.escape(field.id)}"]`);
  if (changed) changed.hidden = !isDirty(field);
}

document.addEventListener("input", ({ target }) => say(target));
// What was typed before this script had come.
for (const { id } of document.querySelectorAll("[data-count]")) say(document.getElementById(id.slice(0, -"-count".length)));
for (const { dataset } of document.querySelectorAll("[data-changed]")) say(document.getElementById(dataset.changed));

document.addEventListener("keydown", event => {
  const bar = event.target.closest(".controls[role=toolbar]");
  const step = { ArrowRight: 1, ArrowLeft: -1, Home: -99, End: 99 }[event.key];
  if (!bar || !step || event.altKey) return;
  const buttons = [...bar.querySelectorAll("button")];
  buttons[Math.min(Math.max(buttons.indexOf(event.target) + step, 0), buttons.length - 1)].focus();
  event.preventDefault();
  arrange();
});

// Kinds of blocks: those used last come first, and words leave those that they fit.
const USED = "rolebook-blocks";
const used = () => JSON.parse(localStorage.getItem(USED) ?? "[]");
const fitting = picker => [...picker.querySelectorAll("li:not([hidden])")];

function narrow(picker) {
  const words = picker.querySelector("input").value.trim().toLowerCase().split(/\s+/);
  for (const line of picker.querySelectorAll("li")) {
    // Without the words for those who don't see where the button stands.
    const said = `${line.querySelector("button").firstChild.data} ${line.lastElementChild.textContent}`.toLowerCase();
    line.hidden = !words.every(word => said.includes(word));
  }
}

document.addEventListener("toggle", ({ target }) => {
  if (!target.matches(".picker")) return;
  const field = target.querySelector("input");
  field.value = "";
  narrow(target);
  if (!target.open) return;
  target.querySelector("ul").prepend(...used().map(kind => target.querySelector(`[value$=":${kind}"]`)?.closest("li") ?? ""));
  field.focus();
}, true);

document.addEventListener("input", ({ target }) => {
  const picker = target.closest(".picker");
  if (!picker) return;
  narrow(picker);
  const { length } = fitting(picker);
  announce(`${length} ${length === 1 ? "kind fits" : "kinds fit"}.`);
});

document.addEventListener("keydown", event => {
  const picker = event.target.matches(".picker input") && event.target.closest(".picker");
  if (!picker || !/^(Enter|Escape)$/.test(event.key)) return;
  event.preventDefault();
  if (event.key === "Enter") return fitting(picker)[0]?.querySelector("button").click();
  picker.open = false;
  picker.querySelector("summary").focus();
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest(".picker button");
  if (!button) return;
  const kind = button.value.split(":").at(-1);
  localStorage.setItem(USED, JSON.stringify([kind, ...used().filter(one => one !== kind)]));
  button.closest(".picker").open = false;
});

// Dragging: a handle takes its line of the structure to another place; the drop is sent as any button of the form is.
document.addEventListener("pointerdown", event => {
  const handle = event.target.closest(".handle");
  const item = handle?.closest("[data-thing]");
  if (!item || event.button) return;
  event.preventDefault();
  handle.setPointerCapture(event.pointerId);
  const isBlock = ({ dataset }) => dataset.thing.includes("/blocks/");
  const split = pointer => [pointer.slice(0, pointer.lastIndexOf("/")), Number(pointer.slice(pointer.lastIndexOf("/") + 1))];
  let goal = null;
  const mark = (one, where) => {
    goal?.removeAttribute("data-drop");
    goal = one;
    if (goal) goal.dataset.drop = where;
  };
  const over = ({ clientX, clientY }) => {
    let one = document.elementFromPoint(clientX, clientY)?.closest(".outline [data-thing]");
    if (one && !isBlock(item) && isBlock(one)) one = one.parentElement.closest("[data-thing]");
    const box = one?.getBoundingClientRect();
    mark(one === item ? null : one, one && isBlock(item) && !isBlock(one) ? "into" : box && clientY > (box.top + box.bottom) / 2 ? "after" : "before");
  };
  const end = done => {
    for (const [name, listener] of listeners) removeEventListener(name, listener, true);
    delete item.dataset.dragged;
    const where = goal?.dataset.drop;
    const [target, from] = [goal?.dataset.thing, item.dataset.thing];
    mark(null);
    if (!done || !target) return;
    let [list, number] = where === "into" ? [`${target}/blocks`, 999] : split(target);
    if (where === "after") number += 1;
    if (list === split(from)[0] && split(from)[1] < number) number -= 1;
    const button = document.getElementById("drop");
    button.value = `move:${from}:${list}/${number}`;
    if (from !== `${list}/${number}`) button.form.requestSubmit(button);
  };
  const listeners = [
    ["pointermove", over], ["pointerup", () => end(true)], ["pointercancel", () => end(false)],
    ["keydown", press => { if (press.key === "Escape") end(false); }],
  ];
  for (const [name, listener] of listeners) addEventListener(name, listener, true);
  item.dataset.dragged = "";
});

// A file that is dropped beside a place for it would be opened in the place of the page.
for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, event => {
    if (event.dataTransfer?.types.includes("Files") && !event.target.closest("[type=file]")) event.preventDefault();
  });
}

// The page beside the text, where there is room for it.
function preview() {
  if (frame || !place()?.checkVisibility()) return;
  frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-same-origin");
  frame.title = place().dataset.title;
  frame.src = place().dataset.preview;
  frame.addEventListener("load", () => {
    const page = frame.contentDocument;
    page.addEventListener("click", event => {
      if (event.target.closest("a")) event.preventDefault();
      for (let part = event.target.closest("[id]"); part; part = part.parentElement.closest("[id]")) {
        if (document.getElementById(part.id)?.closest("#editor")) return focus(document.getElementById("editor"), part.id);
      }
    });
    // Keys mean the same in there.
    page.addEventListener("keydown", event => {
      if (!document.body.dispatchEvent(new KeyboardEvent("keydown", event))) event.preventDefault();
    });
  });
  place().append(frame);
}

document.addEventListener("focusin", ({ target }) => {
  const card = frame && target.closest(".block[id], .block-card[id]");
  const part = card && frame.contentDocument?.getElementById(card.id);
  if (!part) return;
  const { top, bottom } = part.getBoundingClientRect();
  const { contentWindow: view } = frame;
  if (top < 0 || bottom > view.innerHeight) view.scrollTo({ top: top + view.scrollY - 16 });
});

document.addEventListener("rolebook:saved", async () => {
  preview();
  if (!frame) return;
  const page = await load(place().dataset.preview).catch(() => null);
  const [old, fresh] = [frame.contentDocument, page?.document].map(one => one?.querySelector("main"));
  if (old && fresh) morph(old, fresh);
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button[data-width]");
  if (!button) return;
  place().dataset.width = button.dataset.width;
  arrange();
});

document.addEventListener("rolebook:morphed", arrange);
addEventListener("resize", preview);
arrange();
preview();
