// What js/ uses of ProseMirror; nothing else is bundled.
export { baseKeymap, chainCommands, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
export { closeHistory, history, redo, undo } from "prosemirror-history";
export { inputRules, textblockTypeInputRule, undoInputRule, wrappingInputRule } from "prosemirror-inputrules";
export { keymap } from "prosemirror-keymap";
export { DOMParser, Fragment, Node, Schema, Slice } from "prosemirror-model";
export { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
export { EditorState, Plugin, Selection } from "prosemirror-state";
export { liftTarget } from "prosemirror-transform";
export { EditorView } from "prosemirror-view";
