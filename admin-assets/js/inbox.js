// The inbox says when reports have come in since it was drawn; the list stays as it is until somebody asks for them. The
// case that comes next is fetched ahead: that of the row with the focus, or the one after the case in view. It is shown at
// once, and asked for again, so that what changed meanwhile stands there too.
import { announce, isDirty, isPlain, load, show } from "./fragment.js";

const find = selector => document.querySelector(selector);
const fetched = (address, options) => load(address, options).catch(() => null);
let address, page, soon;

async function look() {
  const place = find("[data-arrivals]");
  if (!place || document.hidden) return;
  const fresh = (await fetched(place.dataset.arrivals))?.document?.getElementById("arrived");
  if (fresh && fresh.textContent !== place.textContent) place.replaceChildren(fresh);
}

function ahead(link) {
  address = link?.href;
  page = link && fetched(address, { fragment: "ahead" });
}

setInterval(look, 20000);
addEventListener("focus", look);
// A row may have got the focus before this came.
ahead(find("a[data-ahead]:is(:focus, :not(tr *))"));

document.addEventListener("focusin", ({ target }) => {
  clearTimeout(soon);
  if (target.matches("tr a[data-ahead]")) soon = setTimeout(ahead, 150, target);
});

document.addEventListener("click", async event => {
  const link = event.target.closest("a[data-ahead]");
  // What somebody has typed or ticked is for the browser to keep.
  if (!link || link.href !== address || !isPlain(event) || [...document.querySelectorAll("main :is(input, select, textarea)")].some(isDirty)) return;
  event.preventDefault();
  const { href } = link;
  const got = await page;
  if (got?.status !== 200 || got.url.href !== href) return location.assign(href);
  // Who comes back finds the row.
  const row = link.closest("tr");
  if (row) history.replaceState(null, "", `#${row.id}`);
  show(got, { push: true, whole: true });
  scrollTo(0, 0);
  announce(document.title);
  const fresh = await fetched(href);
  if (fresh?.status === 200 && location.href === href) show(fresh);
  ahead(find("a[data-ahead]:not(tr *)"));
});
