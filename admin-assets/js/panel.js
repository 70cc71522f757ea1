// What every page of the panel loads. It adds to pages that work without it; what a page needs is imported when the page
// holds it.
import "./fragment.js";
import "./dialog.js";
import "./keys.js";

const imports = [];
const when = (selector, module) => document.querySelector(selector) && imports.push(import(module));
when("[data-palette]", "./palette.js");
when("[data-arrivals], [data-ahead]", "./inbox.js");
when("#editor", "./desk.js");
when("[data-drop], [data-focal]", "./image-drop.js");
when("#editor[data-person]", "./presence.js");
// Who signs out leaves nothing behind, wherever the browser does not clear it by itself.
document.addEventListener("submit", ({ target }) => {
  if (!target.matches('[action="/admin/sign-out"]')) return;
  indexedDB.deleteDatabase("rolebook");
  localStorage.clear();
});
// A Mac calls it by another name.
if (/^(Mac|iP)/.test(navigator.platform)) for (const key of document.querySelectorAll(".bar kbd")) key.textContent = "⌘ K";
when("rich-text, #editor", "./rich-text.js");
// What works with scripts alone is shown when they have come.
await Promise.allSettled(imports);
document.documentElement.dataset.scripted = "";
