// What is pasted or dropped into a rich text from elsewhere, reduced to what the schema has. Whatever it says, nothing of
// it runs or loads: it is read in a document without a window, and only text and names that stand here are taken over.
import { Fragment, Node, Slice, closeHistory } from "../vendor/dist/prosemirror.js";
import { inTable } from "./rich-text-commands.js";
import { schema, target } from "./rich-text-schema.js";

const policy = window.trustedTypes?.createPolicy("rolebook-paste", { createHTML: html => html }) ?? { createHTML: html => html };

const DROPPED = new Set((
  "script style head title meta link base xml template noscript iframe frame object embed applet svg math img picture video audio "
  + "canvas map button input select textarea datalist progress meter dialog del").split(" "));
const BLOCKS = new Set((
  "p div section article header footer main nav aside address dl dt dd figure figcaption details summary pre fieldset legend "
  + "form center hgroup search").split(" "));
const HEADINGS = { h1: "h3", h2: "h3", h3: "h3", h4: "h4", h5: "h4", h6: "h4" };
const INLINE = /^(?:#text|A|EM|STRONG)$/;
const HIDDEN = /display:\s*none|mso-list:\s*ignore|mso-hide:\s*all/i;
const MARKDOWN = /^(?: {0,3}(?:#{1,6}|[-*+]|\d{1,3}[.)]|>) +\S| *\|.*\|)|\*\*\S|\]\((?:https?:|mailto:|tel:|ref:|\/)/m;
const NUMBER = /^\W?(\d+|[a-z]{1,4})[.)]/i;
/** Cells that span more columns are cut. */
const WIDEST = 50;

/** HTML of the clipboard as HTML of the schema. */
export function clean(html) {
  // None of it would do anything, but the browser would report it: style sheets are left out, a base loses its name, and
  // attributes with styles or script become attributes that are only read.
  const unstyled = html.replace(/<style\b[^]*?(?:<\/style\s*>|$)/gi, "").replace(/<(?=base\b)/gi, "<x-")
    .replace(/<[a-z](?:"[^"]*"|'[^']*'|[^"'<>])*>/gi, tag => tag.replace(/([\s"'/])(?=(?:style|on\w+)\s*=)/gi, "$1data-"));
  // What was copied in an editor of ours has this shape already, and says which edges are open.
  if (/\sdata-pm-slice=/.test(unstyled)) return unstyled;
  const { body } = new DOMParser().parseFromString(policy.createHTML(unstyled), "text/html");
  const out = document.implementation.createHTMLDocument("").body;
  take(body, out, {});
  for (const empty of out.querySelectorAll("h3, h4")) if (!empty.textContent.trim()) empty.remove();
  return out.innerHTML;
}

/** Takes what stands in an element over into `out`; `as` holds its marks, and whether it is bold anyway or has to be one line. */
function take(from, out, as) {
  for (const node of from.childNodes) {
    if (node.nodeType === 3) addText(out, node.data, as);
    else if (node.nodeType === 1 && !DROPPED.has(node.localName)) takeElement(node, out, as);
  }
}

function takeElement(node, out, as) {
  const style = node.getAttribute("data-style") ?? "";
  if (HIDDEN.test(style) || node.hidden) return;
  const name = node.localName;
  const own = marksOf(node, name, style, as);
  const level = Number(/mso-list:[^;]*level(\d)/i.exec(style)?.[1] ?? 0);
  const aria = node.getAttribute("role") === "heading" ? `h${node.ariaLevel}` : /^MsoTitle/.test(node.className) && "h1";
  const heading = HEADINGS[name] ?? HEADINGS[aria];
  if (name === "br") lineBreak(node, out, as);
  else if (as.flat) {
    if (heading || BLOCKS.has(name) || name === "li" || name === "tr") addText(out, " ", as);
    take(node, out, own);
  } else if (level && (heading || BLOCKS.has(name))) {
    const marker = [...node.querySelectorAll("[data-style]")].find(one => HIDDEN.test(one.getAttribute("data-style")))?.textContent.trim();
    const number = NUMBER.exec(marker ?? "");
    take(node, add(listAt(out, level, number ? "ol" : "ul", Number(number?.[1])), "li"), own);
  } else if (heading) take(node, add(out, heading), { ...own, bold: true });
  else if (name === "ul" || name === "ol") takeList(node, out, own);
  else if (name === "li") take(node, add(out, name), own);
  else if (name === "table") takeTable(node, out, own);
  else if (name === "blockquote") take(node, add(out, name), own);
  else if (BLOCKS.has(name) && !/^ListContainerWrapper/.test(node.className)) take(node, add(out, "div"), own);
  else take(node, out, own);
}

function marksOf(node, name, style, as) {
  const weight = /(?:^|[;\s])font-weight:\s*(\w+)/i.exec(style)?.[1];
  const slant = /(?:^|[;\s])font-style:\s*(\w+)/i.exec(style)?.[1];
  const strong = weight ? /^bold|^[6-9]00/i.test(weight) : name === "b" || name === "strong" || as.strong;
  const em = slant ? !/^normal/i.test(slant) : name === "i" || name === "em" || as.em;
  const href = name === "a" ? target(node.getAttribute("href")) ?? as.href : as.href;
  return { ...as, strong, em, href };
}

function add(out, name) {
  return out.appendChild(out.ownerDocument.createElement(name));
}

function addText(out, data, { bold, strong, em, href }) {
  const text = data.replace(/[\s\u00a0]+/g, " ").replace(/[\u00ad\u200b\ufeff]/g, "");
  if (text.trim()) {
    if (href) (out = add(out, "a")).setAttribute("href", href);
    if (em) out = add(out, "em");
    if (strong && !bold) out = add(out, "strong");
  }
  if (text.trim() || INLINE.test(out.lastChild?.nodeName)) out.append(text);
}

/** One break stays; two part paragraphs; one that nothing stands before says nothing. */
function lineBreak(node, out, { flat }) {
  const last = out.lastChild;
  if (flat) out.append(" ");
  else if (last?.localName === "br") last.replaceWith(out.ownerDocument.createElement("div"));
  else if (INLINE.test(last?.nodeName) && last.textContent.trim()) add(out, "br");
}

function addList(out, name, start) {
  const list = add(out, name);
  if (start > 1) list.setAttribute("start", start);
  return list;
}

/** The list of this level at the end of `out`, in the last items of those above it; made if it isn't there. */
function listAt(out, level, name, start) {
  const list = out.lastElementChild;
  if (!list?.matches("ul, ol") || (level < 2 && list.localName !== name)) return addList(out, name, start);
  return level < 2 ? list : listAt(list.lastElementChild, level - 1, name, start);
}

function takeList(node, out, as) {
  let list;
  for (const child of node.children) {
    // Some put a list right into a list, and mean the item before it.
    if (child.matches("ul, ol")) takeList(child, list?.lastElementChild ?? out, as);
    else {
      // Others put each item into a list of its own, and say which level they mean.
      const level = Number(child.getAttribute("data-aria-level"));
      if (level) list = listAt(out, level, node.localName, node.start);
      list ??= addList(out, node.localName, node.start);
      takeElement(child, child.localName === "li" ? list : add(list, "li"), as);
    }
  }
}

/** A table of data keeps its cells; one that only lays a page out gives up what stands in them. */
function takeTable(node, out, as) {
  const rows = [...node.rows];
  if (node.querySelector("table") || rows.every(({ cells }) => cells.length < 2)) {
    for (const { cells } of rows) for (const cell of cells) take(cell, add(out, "div"), as);
    return;
  }
  const table = add(out, "table");
  const below = [];
  for (const { cells } of rows) {
    const row = add(table, "tr");
    const fill = () => {
      while (below[row.children.length] > 0) {
        below[row.children.length] -= 1;
        add(row, "td");
      }
    };
    for (const cell of cells) {
      fill();
      for (let span = Math.min(cell.colSpan, WIDEST); span > 0; span -= 1) {
        below[row.children.length] = cell.rowSpan - 1;
        const into = add(row, "td");
        if (span === Math.min(cell.colSpan, WIDEST)) take(cell, into, { ...as, flat: true, bold: row === table.firstChild });
      }
    }
    fill();
  }
}

/** What is pasted into a cell of a table is one line there. */
export function transformPasted(slice, { state }) {
  const first = slice.content.firstChild;
  if (!inTable(state) || !first || first.isInline || /^table/.test(first.type.name)) return slice;
  const line = [];
  slice.content.descendants(node => {
    if (node.isTextblock && line.length) line.push(schema.text(" "));
    if (node.isInline) line.push(node.isText ? node : schema.text(" "));
  });
  return new Slice(Fragment.from(line), 0, 0);
}

/** Files have no place in a text. Whether there are any; a browser would open them in the place of the page. */
export function refuseFiles(transfer, field) {
  if (transfer?.files.length) field.say("A text holds no pictures. Add a block with the picture below it.", true);
  return transfer?.files.length > 0;
}

/** Plain text that looks like Markdown, or like an address for the words that are selected. */
export function handlePaste(view, event, field) {
  const { clipboardData } = event;
  const text = clipboardData?.getData("text/plain").trim() ?? "";
  if (!text) refuseFiles(clipboardData, field);
  if (!text || clipboardData.types.includes("text/html")) return false;
  const { state } = view;
  const href = /^\S+$/.test(text) && target(text);
  if (href && !state.selection.empty) {
    view.dispatch(state.tr.addMark(state.selection.from, state.selection.to, schema.marks.link.create({ href })));
    return true;
  }
  const markdown = text.replace(/^([ \t]*)[•·▪◦‣][ \t]+/gm, "$1- ");
  // Afterwards, so that the text stands there whatever becomes of the question.
  if (MARKDOWN.test(markdown) && !inTable(state)) queueMicrotask(() => convert(view, state.selection.from, markdown, field));
  return false;
}

/** The server reads the Markdown that was pasted at a place; nothing happens if more has been typed meanwhile. */
async function convert(view, from, markdown, field) {
  const { doc, selection: { to } } = view.state;
  const read = await field.ask("richtext/doc", { markdown }).then(answer => answer.json()).catch(() => null);
  if (!read || view.isDestroyed || view.state.doc !== doc) return;
  const { content } = Node.fromJSON(schema, read.doc);
  view.dispatch(closeHistory(view.state.tr.replaceRange(from, to, Slice.maxOpen(content))).scrollIntoView());
  field.say("The text was read as Markdown. Undo to keep it as it was.");
}
