// Keys: each belongs to a button, link or field that is in view, by its `data-key`, and does what pressing that does.
// `data-key` is "Control+s", "Alt+Shift+ArrowUp", "?" or two letters, "g d". Of several the one nearest to the focus is
// meant, and of those in rows only what is in the row with the focus. Command is as good as Control. Keys without either
// or Alt are off where somebody types, and altogether with <html data-single-keys="off">.
import { reach } from "./fragment.js";

const TYPING = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])";
let [before, since, ticked] = ["", 0, null];

/** The element that a key belongs to, from where the focus is outwards. */
function owner(key) {
  const within = document.querySelector("dialog[open]") ?? document.body;
  const { activeElement } = document;
  for (let place = within.contains(activeElement) ? activeElement : within; within.contains(place); place = place.parentElement) {
    const found = [...place.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)]
      .find(one => one.checkVisibility() && one.closest("tr")?.contains(activeElement) !== false);
    if (found) return found;
  }
  return null;
}

document.addEventListener("keydown", event => {
  if (event.defaultPrevented || event.isComposing) return;
  const { key, code, altKey, shiftKey, target } = event;
  const control = event.ctrlKey || event.metaKey;
  const single = !control && !altKey;
  // A field of a dialog that has just closed keeps the focus until the next frame.
  const typing = target.closest(TYPING)?.checkVisibility();
  if (single && key.length === 1 && (typing || document.documentElement.dataset.singleKeys === "off")) return;
  // With Alt some keyboards type another letter.
  const name = altKey && code.startsWith("Key") ? code[3].toLowerCase() : key.length === 1 ? key.toLowerCase() : key;
  const shift = shiftKey && (key.length > 1 || /[a-z]/i.test(key));
  const whole = [control && "Control", altKey && "Alt", shift && "Shift", name].filter(Boolean).join("+");
  const pair = single && Date.now() - since < 1500 ? `${before} ${name}` : "";
  [before, since] = [name, single ? Date.now() : 0];
  const found = whole === "/" ? document.querySelector("main input[type=search]") ?? document.querySelector("[data-palette]")
    : (pair && owner(pair)) || owner(whole);
  if (!found && !(whole.endsWith("F6") ? goRound(shiftKey) : single && !target.closest("dialog") && row(key, target))) return;
  event.preventDefault();
  // A form is where somebody writes, and what opens is gone into.
  const field = found?.matches("form") ? found.querySelector("textarea") : found;
  if (field?.matches(`${TYPING}, summary`)) reach(field);
  if (field === found && !field?.matches(TYPING)) found?.click();
});

// After a step in a list the next row is the one that is meant. A browser that goes to a place takes the focus away.
if (location.hash.startsWith("#row-")) addEventListener("load", () => document.querySelector(`${location.hash} th a`)?.focus());

/** F6 goes round the parts of a screen. */
function goRound(back) {
  const parts = [...document.querySelectorAll("[data-part]")].filter(one => one.checkVisibility());
  const here = parts.findIndex(one => one.contains(document.activeElement));
  const next = back ? Math.max(here, 0) - 1 : here + 1;
  if (parts.length) reach(parts.at(next % parts.length));
  return parts.length > 0;
}

// Rows of a list: j and k go from one to the next, o opens, x ticks, X ticks all from the last one ticked. The key of a
// step in the list of steps takes it for what is ticked, else for the row with the focus.
function row(key, target) {
  const rows = [...document.querySelectorAll("main tbody tr:has(th a)")];
  const here = rows.indexOf(target.closest("tr"));
  const link = place => rows[Math.min(Math.max(place, 0), rows.length - 1)]?.querySelector("th a");
  const boxOf = one => one?.querySelector("input[type=checkbox]");
  const step = document.querySelector(`main option[data-key="${CSS.escape(key)}"]`);
  if (key === "j" || key === "k") link(here + (key === "j" ? 1 : -1))?.focus();
  else if (key === "o" && here >= 0) link(here).click();
  else if (/^x$/i.test(key) && boxOf(rows[here])) {
    const [from, to] = [key === "X" ? rows.indexOf(ticked) : here, here].sort((one, other) => one - other);
    const on = key === "X" || !boxOf(rows[here]).checked;
    for (const one of rows.slice(from < 0 ? here : from, to + 1)) boxOf(one).checked = on;
    ticked = rows[here];
  } else if (step && (step.form.querySelector("tbody :checked") ?? boxOf(rows[here]))) {
    if (!step.form.querySelector("tbody :checked")) boxOf(rows[here]).checked = true;
    step.selected = true;
    step.form.requestSubmit();
  } else return false;
  return rows.length > 0;
}
