// What every page of the panel loads. It adds to pages that work without it; what a page needs is imported when the page
// holds it.
import "./fragment.js";

document.documentElement.dataset.scripted = "";
