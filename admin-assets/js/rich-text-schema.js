// What a rich text may hold: the closed schema of the server's Markdown, as the editor knows it.
//
// Decision (2026-11-22), tables without the editor's library for them. Context: prosemirror-tables weighs 8 KB, most of it
// for cells that span others, widths that are dragged and selections of cells; Markdown has none of these. Choice: a table
// here is rows of cells of one paragraph, five commands that rebuild it, and a plugin that keeps its rows even
// (rich-text-commands.js). Consequence: cells are not selected by dragging; nothing can be made that can't be saved.
import { Schema } from "../vendor/dist/prosemirror.js";

const ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const ALLOWED = new RegExp(`^(?:https?://[\\p{L}\\p{N}[]|(?:mailto|tel):.|/(?![/\\\\])|ref:${ID}(?:#${ID})?$)`, "iu");
/** A document in this panel. */
const OWN = new RegExp(`^${location.origin}/admin/(?:role-pages|requirement-sections)/(${ID})(?:\\?[^#]*)?(#${ID})?$`);

/** Where a link leads, as it is stored; null if no link may lead there. */
export function target(href) {
  href = (href ?? "").trim();
  const own = OWN.exec(href);
  if (own) return `ref:${own[1]}${own[2] ?? ""}`;
  return ALLOWED.test(href) && !/[\p{Cc}\u2028\u2029]/u.test(href) ? href : null;
}

const shown = tag => ({ parseDOM: [{ tag }], toDOM: () => [tag, 0] });

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: { group: "block", content: "inline*", ...shown("p") },
    heading: {
      group: "block",
      content: "inline*",
      attrs: { level: { default: 3 } },
      defining: true,
      parseDOM: [3, 4].map(level => ({ tag: `h${level}`, attrs: { level } })),
      toDOM: ({ attrs }) => [`h${attrs.level}`, 0],
    },
    bullet_list: { group: "block", content: "list_item+", ...shown("ul") },
    ordered_list: {
      group: "block",
      content: "list_item+",
      attrs: { order: { default: 1 } },
      parseDOM: [{ tag: "ol", getAttrs: ({ start }) => ({ order: Math.max(start, 0) }) }],
      toDOM: ({ attrs: { order } }) => ["ol", order === 1 ? {} : { start: order }, 0],
    },
    list_item: { content: "block+", defining: true, ...shown("li") },
    blockquote: { group: "block", content: "block+", defining: true, ...shown("blockquote") },
    table: {
      group: "block", content: "table_row+", isolating: true, parseDOM: [{ tag: "table" }], toDOM: () => ["table", ["tbody", 0]],
    },
    table_row: { content: "(table_header | table_cell)+", ...shown("tr") },
    table_header: { content: "paragraph", isolating: true, ...shown("th") },
    table_cell: { content: "paragraph", isolating: true, ...shown("td") },
    text: { group: "inline" },
    hard_break: { group: "inline", inline: true, selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
  },
  marks: {
    link: {
      attrs: { href: {} },
      inclusive: false,
      parseDOM: [{ tag: "a[href]", getAttrs: link => { const href = target(link.getAttribute("href")); return href !== null && { href }; } }],
      toDOM: ({ attrs: { href } }) => ["a", { href }, 0],
    },
    em: { parseDOM: [{ tag: "em" }, { tag: "i" }], toDOM: () => ["em", 0] },
    strong: { parseDOM: [{ tag: "strong" }, { tag: "b" }], toDOM: () => ["strong", 0] },
  },
});
