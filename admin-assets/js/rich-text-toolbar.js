// The toolbar of a rich text: one stop for Tab, arrow keys within, Escape back to the text. Where it is narrow, what is
// used less is folded away below *More*.
import { liftListItem, redo, sinkListItem, toggleMark, undo } from "../vendor/dist/prosemirror.js";
import {
  addColumn, addRow, around, inTable, insertTable, isHeading, marked, place, removeColumn, removeRow, removeTable, toggleHeading,
  toggleList, toggleQuote,
} from "./rich-text-commands.js";
import { schema } from "./rich-text-schema.js";

const { marks, nodes } = schema;
const mark = (name, type) => [name, toggleMark(type), state => marked(state, type)];
const heading = (name, level) => [name, toggleHeading(level), state => isHeading(state, level)];
const list = (name, type) => [name, toggleList(type), state => around(state, nodes.bullet_list, nodes.ordered_list)?.node.type === type];

/** Name, command, and whether it is on. */
const RICH = [
  mark("Bold", marks.strong),
  mark("Italic", marks.em),
  ["Link", null, state => marked(state, marks.link)],
  heading("Heading", 3),
  list("Bullets", nodes.bullet_list),
  list("Numbers", nodes.ordered_list),
  heading("Subheading", 4),
  ["Outdent", liftListItem(nodes.list_item)],
  ["Indent", sinkListItem(nodes.list_item)],
  ["Quote", toggleQuote, state => Boolean(around(state, nodes.blockquote))],
  ["Table", insertTable],
  ["Undo", undo],
  ["Redo", redo],
];
const IN_TABLE = [
  ["Add row", addRow],
  ["Add column", addColumn],
  ["Remove row", removeRow],
  ["Remove column", removeColumn],
  ["Remove table", removeTable],
];
/** Name, what stands before each line, what stands around the words. */
const PLAIN = [
  ["Bold", "", "**"],
  ["Italic", "", "*"],
  ["Link"],
  ["Heading", "### "],
  ["Bullets", "- "],
  ["Numbers", "1. "],
  ["Subheading", "#### "],
  ["Quote", "> "],
];
/** So many of them are always in view. */
const ALWAYS = 6;

/** How many there are; each names its own parts. */
let made = 0;

/** The toolbar for a field. Its `show` takes a state of the editor; in plain text there is none. */
export function toolbar(field, plain) {
  const bar = document.createElement("div");
  bar.className = "rich-bar";
  bar.setAttribute("role", "toolbar");
  const part = (name, into = bar) => into.appendChild(document.createElement(name));
  const button = (name, press, into) => {
    const one = part("button", into);
    one.type = "button";
    one.className = "button small";
    one.textContent = name;
    one.addEventListener("click", () => one.ariaDisabled === "true" || press());
    return one;
  };
  const link = () => field.link();
  const fold = button("More", () => { fold.ariaExpanded = String(fold.ariaExpanded !== "true"); });
  const more = part("span");
  fold.className += " rich-fold";
  fold.ariaExpanded = "false";
  more.id = `rich-more-${made += 1}`;
  fold.setAttribute("aria-controls", more.id);
  const home = place => place < ALWAYS ? bar : more;
  if (plain) {
    PLAIN.forEach(([name, line, around = ""], place) => (
      button(name, line === undefined ? link : () => write(field.area, line, around), home(place))));
    button("Rich text", () => field.switch(false), more);
  } else {
    const tool = ([name, command, on], into) => ({ command, on, one: button(name, command ? () => field.run(command) : link, into) });
    const tools = RICH.map((one, place) => tool(one, home(place)));
    button("Plain text", () => field.switch(true), more);
    const ofTable = part("span", more);
    tools.push(...IN_TABLE.map(one => tool(one, ofTable)));
    const where = part("span", more);
    where.className = "rich-place";
    where.id = `rich-place-${made}`;
    bar.setAttribute("aria-describedby", where.id);
    bar.show = state => {
      ofTable.hidden = !inTable(state);
      where.textContent = place(state);
      for (const { one, command, on } of tools) {
        const pressed = on?.(state);
        if (on) one.ariaPressed = pressed;
        one.ariaDisabled = !pressed && Boolean(command) && !command(state);
      }
      if (more.querySelector('[tabindex="0"]')?.checkVisibility() === false) stop(bar);
    };
  }
  bar.append(fold, more);
  more.addEventListener("click", () => {
    fold.ariaExpanded = "false";
    if (fold.checkVisibility()) stop(bar, fold);
    if (more.contains(document.activeElement)) fold.focus();
  });
  bar.addEventListener("keydown", event => move(event, bar, field));
  // The text keeps its selection while a button is pressed.
  bar.addEventListener("mousedown", event => event.preventDefault());
  bar.addEventListener("focusin", ({ target }) => stop(bar, target));
  stop(bar);
  return bar;
}

/** Tab stops at this button of the toolbar, and at no other. */
function stop(bar, chosen = bar.querySelector("button")) {
  for (const button of bar.querySelectorAll("button")) button.tabIndex = button === chosen ? 0 : -1;
}

function move(event, bar, field) {
  const buttons = [...bar.querySelectorAll("button")].filter(one => one.checkVisibility());
  const at = buttons.indexOf(event.target);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
  if (event.key === "Escape") field.focus();
  else if (to !== undefined) buttons.at(to % buttons.length).focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Writes marks of Markdown before the lines, or around the words, that are selected in a text area. */
function write(area, line, around) {
  let { selectionStart: from, selectionEnd: to } = area;
  const { value } = area;
  if (line) {
    from = value.lastIndexOf("\n", from - 1) + 1;
    to = value.indexOf("\n", to) < 0 ? value.length : value.indexOf("\n", to);
  }
  replace(area, from, to, around + value.slice(from, to).replace(/^/gm, line) + around);
  if (around) area.setSelectionRange(from + around.length, to + around.length);
}

/** Replaces a part of what stands in a text area, as if it were typed: it can be undone. */
export function replace(area, from, to, text) {
  area.focus();
  area.setSelectionRange(from, to);
  document.execCommand("insertText", false, text);
}
