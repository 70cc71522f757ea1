// What every page of the panel loads. It adds to pages that work without it; what a page needs is imported when the page
// holds it.
import "./fragment.js";
import "./dialog.js";
import "./keys.js";

const { documentElement: root } = document;
root.dataset.scripted = "";
const when = (selector, module) => document.querySelector(selector) && import(module);
when("[data-palette]", "./palette.js");
when("#editor", "./desk.js");
when("[data-drop], [data-focal]", "./image-drop.js");
when("rich-text, #editor", "./rich-text.js");
