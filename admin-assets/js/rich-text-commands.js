// What can be done to a rich text: commands, their keys, what typing turns into, and words for where the caret stands.
import {
  EditorState, Plugin, Selection, baseKeymap, chainCommands, history, inputRules, keymap, liftListItem, liftTarget, redo,
  setBlockType, sinkListItem, splitListItem, textblockTypeInputRule, toggleMark, undo, undoInputRule, wrapIn, wrapInList,
  wrappingInputRule,
} from "../vendor/dist/prosemirror.js";
import { schema } from "./rich-text-schema.js";

const { marks, nodes } = schema;
const { blockquote, bullet_list: bullets, heading, list_item: item, ordered_list: numbers, paragraph, table } = nodes;

/** The innermost node of one of these types that the selection begins in. */
export function around({ selection: { $from } }, ...types) {
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth);
    if (types.includes(node.type)) return { node, depth, pos: $from.before(depth), end: $from.after(depth) };
  }
}

/** Whether the selection has a mark, or what is typed next will have it. */
export function marked({ doc, selection: { empty, from, to, $from }, storedMarks }, type) {
  return empty ? Boolean(type.isInSet(storedMarks ?? $from.marks())) : doc.rangeHasMark(from, to, type);
}

/** Where the caret stands, in words. */
export function place(state) {
  const { $from } = state.selection;
  const words = [];
  let list;
  let level = 0;
  for (let depth = 1; depth <= $from.depth; depth += 1) {
    const node = $from.node(depth);
    if (node.type === bullets || node.type === numbers) {
      list = node.type;
      level += 1;
    } else if (node.type === blockquote) words.push("Quote");
    else if (node.type === table) words.push(`Table, row ${$from.index(depth) + 1}, column ${$from.index(depth + 1) + 1}`);
  }
  if (list) words.push(`${list === bullets ? "Bullet" : "Numbered"} list, level ${level}`);
  if ($from.parent.type === heading) words.push($from.parent.attrs.level === 3 ? "Heading" : "Subheading");
  return words.join(", ") || "Paragraph";
}

/** What a change did to the formatting, in words. */
export function changed(before, after) {
  const said = [["Bold", marks.strong], ["Italic", marks.em]].flatMap(([name, mark]) => {
    const on = marked(after, mark);
    return on === marked(before, mark) ? [] : `${name} ${on ? "on" : "off"}`;
  });
  const here = place(after);
  return [...said, ...(here === place(before) ? [] : [here])].join(". ");
}

export const isHeading = (state, level) => {
  const { parent } = state.selection.$from;
  return parent.type === heading && parent.attrs.level === level;
};
export const toggleHeading = level => (state, dispatch) => (
  isHeading(state, level) ? setBlockType(paragraph) : setBlockType(heading, { level }))(state, dispatch);

export const toggleList = type => (state, dispatch) => {
  const list = around(state, bullets, numbers);
  if (!list) return wrapInList(type)(state, dispatch);
  if (list.node.type === type) return liftListItem(item)(state, dispatch);
  dispatch?.(state.tr.setNodeMarkup(list.pos, type));
  return true;
};

export function toggleQuote(state, dispatch) {
  if (!around(state, blockquote)) return wrapIn(blockquote)(state, dispatch);
  const { $from, $to } = state.selection;
  const range = $from.blockRange($to, node => node.type === blockquote);
  const depth = range && liftTarget(range);
  if (depth == null) return false;
  dispatch?.(state.tr.lift(range, depth).scrollIntoView());
  return true;
}

/** Whether the caret is in a table. */
export const inTable = state => Boolean(around(state, table));

const empty = nodes.table_cell.createAndFill();
const tableOf = rows => table.create(null, rows.map(cells => nodes.table_row.create(null, cells)));

/** Puts the caret into a cell of the table that begins at `pos`. */
function goTo(tr, pos, row, column) {
  const found = tr.doc.nodeAt(pos);
  let at = pos + 3;
  for (const above of found.children.slice(0, row)) at += above.nodeSize;
  for (const before of found.child(row).children.slice(0, column)) at += before.nodeSize;
  return tr.setSelection(Selection.near(tr.doc.resolve(at))).scrollIntoView();
}

/** A table of two columns below the caret's paragraph, or in its place if it is empty. */
export function insertTable(state, dispatch) {
  const { $from } = state.selection;
  if (inTable(state) || !$from.parent.isTextblock) return false;
  const at = $from.parent.content.size ? $from.after() : $from.before();
  dispatch?.(goTo(state.tr.replaceWith(at, $from.after(), tableOf(Array(3).fill([empty, empty]))), at, 0, 0));
  return true;
}

/** A command that changes the rows of a table, arrays of cells, and answers with the row and column to go to. */
const editTable = edit => (state, dispatch) => {
  const found = around(state, table);
  if (!found) return false;
  const { $from } = state.selection;
  const rows = found.node.children.map(({ children }) => [...children]);
  const to = edit(rows, $from.index(found.depth), $from.index(found.depth + 1));
  if (to) dispatch?.(goTo(state.tr.replaceWith(found.pos, found.end, tableOf(rows)), found.pos, ...to));
  return Boolean(to);
};

export const addRow = editTable((rows, row, column) => rows.splice(row + 1, 0, rows[row].map(() => empty)) && [row + 1, column]);
export const addColumn = editTable((rows, row, column) => {
  for (const cells of rows) cells.splice(column + 1, 0, empty);
  return [row, column + 1];
});
export const removeRow = editTable((rows, row, column) => (
  rows.length > 1 && rows.splice(row, 1) && [Math.min(row, rows.length - 1), column]));
export const removeColumn = editTable((rows, row, column) => {
  for (const cells of rows) cells.splice(column, 1);
  return rows[0].length > 0 && [row, Math.min(column, rows[0].length - 1)];
});

export function removeTable(state, dispatch) {
  const found = around(state, table);
  if (found && dispatch) {
    const tr = state.tr.replaceWith(found.pos, found.end, paragraph.create());
    dispatch(tr.setSelection(Selection.near(tr.doc.resolve(found.pos + 1))).scrollIntoView());
  }
  return Boolean(found);
}

/** Goes to the cell below; from the last row out of the table. */
function nextRow(state, dispatch) {
  const found = around(state, table);
  if (!found) return false;
  const { $from } = state.selection;
  const row = $from.index(found.depth) + 1;
  if (row === found.node.childCount) return leaveTable(1)(state, dispatch);
  dispatch?.(goTo(state.tr, found.pos, row, $from.index(found.depth + 1)));
  return true;
}

/** Goes to what stands before or after the table; where there is nothing, a paragraph is made. */
const leaveTable = direction => (state, dispatch) => {
  const { pos, end } = around(state, table);
  const at = direction > 0 ? end : pos;
  const $at = state.doc.resolve(at);
  const { tr } = state;
  if (!(direction > 0 ? $at.nodeAfter : $at.nodeBefore)) tr.insert(at, paragraph.create());
  dispatch?.(tr.setSelection(Selection.near(tr.doc.resolve(tr.docChanged ? at + 1 : at), direction)).scrollIntoView());
  return true;
};

/** An arrow key at the edge of a table that nothing stands beyond. */
const beyondTable = direction => (state, dispatch, view) => {
  const found = around(state, table);
  if (!found || !view?.endOfTextblock(direction > 0 ? "down" : "up")) return false;
  const $edge = state.doc.resolve(direction > 0 ? found.end : found.pos);
  const edge = direction > 0 ? found.node.childCount - 1 : 0;
  const last = state.selection.$from.index(found.depth) === edge && !(direction > 0 ? $edge.nodeAfter : $edge.nodeBefore);
  return last && leaveTable(direction)(state, dispatch);
};

function breakLine(state, dispatch) {
  // Neither a heading nor a cell can hold a line break.
  if (state.selection.$from.parent.type === heading || inTable(state)) return true;
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
}

/** A key that does nothing elsewhere: the browser would go back a page. */
const only = command => chainCommands(command, () => true);

const KEYS = {
  "Mod-b": toggleMark(marks.strong),
  "Mod-i": toggleMark(marks.em),
  "Mod-z": undo,
  "Mod-y": redo,
  "Shift-Mod-z": redo,
  "Mod-[": only(liftListItem(item)),
  "Mod-]": only(sinkListItem(item)),
  "Shift-Mod-7": toggleList(numbers),
  "Shift-Mod-8": toggleList(bullets),
  Enter: chainCommands(nextRow, splitListItem(item)),
  "Mod-Enter": addRow,
  "Shift-Enter": breakLine,
  Backspace: undoInputRule,
  ArrowUp: beyondTable(-1),
  ArrowDown: beyondTable(1),
};

const TYPED = inputRules({
  rules: [
    wrappingInputRule(/^\s*[-+*]\s$/, bullets),
    wrappingInputRule(/^(\d{1,2})[.)]\s$/, numbers, ([, order]) => ({ order: Number(order) }),
      ([, order], list) => list.childCount + list.attrs.order === Number(order)),
    wrappingInputRule(/^\s*>\s$/, blockquote),
    textblockTypeInputRule(/^(#{1,4})\s$/, heading, ([, marks]) => ({ level: Math.max(marks.length, 3) })),
  ],
});

/** The first row of a table is its head, no other is, and all are as long: Markdown knows nothing else. */
const EVEN_TABLES = new Plugin({
  appendTransaction(transactions, _, state) {
    if (!transactions.some(({ docChanged }) => docChanged)) return null;
    const { tr } = state;
    state.doc.descendants((node, pos) => {
      if (node.type !== table) return !node.isTextblock;
      const width = Math.max(...node.children.map(({ childCount }) => childCount));
      node.forEach((row, above, index) => {
        const type = index ? nodes.table_cell : nodes.table_header;
        row.forEach((cell, before) => cell.type === type || tr.setNodeMarkup(tr.mapping.map(pos + above + before + 2), type));
        const missing = Array(width - row.childCount).fill(type.createAndFill());
        if (missing.length) tr.insert(tr.mapping.map(pos + above + row.nodeSize), missing);
      });
      return false;
    });
    return tr.docChanged ? tr : null;
  },
});

/** A state of the editor; `keys` come before those of every editor. */
export function stateOf(doc, keys) {
  const plugins = [TYPED, keymap(keys), keymap(KEYS), keymap(baseKeymap), EVEN_TABLES, history()];
  return EditorState.create({ doc, plugins });
}
