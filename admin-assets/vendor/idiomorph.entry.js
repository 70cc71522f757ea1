// Changes a part of the page into another without losing focus or caret.
export { Idiomorph } from "idiomorph";
