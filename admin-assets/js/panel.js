// What every page of the panel loads. It adds to pages that work without it; what a page needs is imported when the page
// holds it.
import "./fragment.js";

document.documentElement.dataset.scripted = "";
if (document.querySelector("#editor[data-person]")) import("./presence.js");
// Who signs out leaves nothing behind, wherever the browser does not clear it by itself.
document.addEventListener("submit", ({ target }) => target.matches('[action="/admin/sign-out"]') && indexedDB.deleteDatabase("rolebook"));
