// What js/ uses of ProseMirror; nothing else is bundled.
export { baseKeymap, chainCommands, exitCode, joinBackward, lift, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
export { closeHistory, history, redo, undo } from "prosemirror-history";
export { InputRule, inputRules, textblockTypeInputRule, undoInputRule, wrappingInputRule } from "prosemirror-inputrules";
export { keymap } from "prosemirror-keymap";
export { DOMParser, DOMSerializer, Fragment, Node, Schema, Slice } from "prosemirror-model";
export { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
export { EditorState, Plugin, PluginKey, Selection, TextSelection } from "prosemirror-state";
export {
    addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, fixTables, goToNextCell, isInTable, tableEditing,
    tableNodes,
} from "prosemirror-tables";
export { Decoration, DecorationSet, EditorView } from "prosemirror-view";
