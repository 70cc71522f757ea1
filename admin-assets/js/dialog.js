// Dialogs: a link or button with `data-dialog` shows the main part of the page that it leads to over the one in view. Every
// such page stands on its own as well. A dialog closes by Escape, by its button, and by links back to the page below it.
import { emit, focus, isDirty, isPlain, load, morph, send } from "./fragment.js";

const dialog = document.getElementById("dialog");
const NAMES = ["id", "for", "aria-describedby", "aria-labelledby", "aria-controls"];

/** Shows an address in the dialog, once what was typed below is saved. */
export async function open(url) {
  await emit("leaving");
  const form = document.getElementById("editor");
  const unsaved = () => form && [...form.querySelectorAll("input, select, textarea, rich-text")].some(isDirty);
  if (unsaved()) await send(form, form.querySelector("button"));
  const page = unsaved() ? null : await load(url).catch(() => location.assign(url));
  if (!page?.document) return;
  dialog.firstElementChild.replaceChildren();
  fill(page);
  if (!dialog.open) dialog.showModal();
  focus(dialog.firstElementChild);
}

/** Puts a page into the dialog, without what belongs to the page below; its ids get names of their own. */
export function fill(page) {
  const main = page.document.querySelector("main");
  for (const one of main.querySelectorAll(".flash, .actions, .document-tabs, .crumbs")) one.remove();
  for (const name of NAMES) {
    for (const one of main.querySelectorAll(`[${name}]`)) one.setAttribute(name, one.getAttribute(name).replace(/\S+/g, "d-$&"));
  }
  for (const one of main.querySelectorAll('a[href^="#"]')) one.setAttribute("href", `#d-${one.hash.slice(1)}`);
  for (const one of main.querySelectorAll("form")) one.dataset.enhance = "";
  const title = main.querySelector("h1, h2");
  dialog.ariaLabel = title.textContent;
  title.tabIndex = -1;
  const body = dialog.firstElementChild;
  const fresh = body.cloneNode();
  fresh.append(...main.childNodes);
  if (!body.firstChild && !fresh.querySelector("[autofocus]")) title.toggleAttribute("autofocus", true);
  morph(body, fresh);
  if (dialog.open && body.querySelector("[role=alert]")) focus(body);
}

document.addEventListener("click", event => {
  const link = event.target.closest("a[href]");
  if (!link || !isPlain(event)) return;
  const isBack = link.closest("#dialog") && link.pathname === location.pathname && !link.getAttribute("href").startsWith("#");
  if (!isBack && !link.hasAttribute("data-dialog")) return;
  event.preventDefault();
  const menu = link.closest("details.more");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  if (!isBack) return void open(link.href);
  dialog.close();
  if (link.hash) focus(document.querySelector("main"), link.hash.slice(1));
});
