// The palette of commands: what can be done on this page, where one can go, and what a search finds, in one list that
// narrows while one types. The focus stays in the field, as in the combobox of ARIA 1.2; the arrows choose. The pages
// that one was at last are known without a search, so that they are offered without a connection, too.
import { announce, isPlain, leave, load } from "./fragment.js";

const MOST = 8;
const REMEMBERED = 10;
const RECENT = `rolebook-recent ${document.querySelector(".bar-person summary").textContent}`;
const THING = /^\/admin\/(?:role-pages|requirement-sections|cases|media)\/[\da-f-]{36}$/;
const dialog = document.getElementById("palette");
const [field, list] = [dialog.querySelector("input"), dialog.querySelector("[role=listbox]")];
let [own, found, rows, at, pause, lost] = [[], [], [], 0, 0, false];

const wordsOf = one => one.textContent.replace(/\s+/g, " ").trim();
const pick = (group, selector) => [...document.querySelectorAll(selector)]
  .map(one => ({ group, words: wordsOf(one), go: () => one.click() }));

const recent = JSON.parse(localStorage.getItem(RECENT) ?? "[]").filter(one => one.path !== location.pathname);
if (THING.test(location.pathname) && document.querySelector("main h1")) {
  const here = { path: location.pathname, words: wordsOf(document.querySelector("main h1")) };
  localStorage.setItem(RECENT, JSON.stringify([here, ...recent].slice(0, REMEMBERED)));
}

document.addEventListener("click", event => {
  if (!event.target.closest("[data-palette]") || !isPlain(event)) return;
  event.preventDefault();
  const all = [
    ...pick("On this page", "main .actions a, main .head a.button, main :is(a, button)[data-key]:not(td *)"),
    ...pick("Go to", "nav.wide a, .bar-person a, .foot a"),
    ...recent.map(({ path, words }) => ({ group: "Recent", words, go: () => leave(path) })),
  ];
  own = all.filter(({ words }, place) => words && all.findIndex(other => other.words === words) === place);
  field.value = "";
  found = [];
  dialog.showModal();
  draw();
});

field.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(search, 120);
  at = 0;
  draw();
});

async function search() {
  const words = field.value.trim();
  const page = words && await load(`/admin/search?${new URLSearchParams({ q: words })}`).catch(() => null);
  if (words !== field.value.trim()) return;
  lost = page === null;
  const sections = page?.document ? [...page.document.querySelectorAll("section")] : [];
  found = sections.flatMap(section => [...section.querySelectorAll("li")].slice(0, MOST).map(line => {
    const link = line.querySelector("a");
    line.querySelector(".passage")?.remove();
    const shown = [...link.childNodes, line.textContent.slice(link.textContent.length)];
    return { group: section.querySelector("h2").textContent.replace(/ \(.*/, ""), words: wordsOf(line), shown, go: () => leave(link.href) };
  }));
  draw();
  announce(`${lost ? "No connection. " : ""}${rows.length} ${rows.length === 1 ? "thing fits" : "things fit"}.`);
}

function draw() {
  const words = field.value.trim();
  const sought = words.toLowerCase().split(/\s+/);
  const fits = own.filter(one => sought.every(word => one.words.toLowerCase().includes(word)));
  const few = group => fits.filter(one => one.group === group).slice(0, MOST);
  const before = few("Recent").map(one => ({ ...one, group: lost ? "No connection. Pages you had open" : "Recent" }));
  rows = [...few("On this page"), ...few("Go to"), ...found.length ? found : before];
  if (words && !lost) rows.push({ group: "Search", words: `Search everything for “${words}”`, go: () => leave(`/admin/search?${new URLSearchParams({ q: words })}`) });
  const make = (role, more) => Object.assign(document.createElement("div"), { role, ...more });
  const groups = new Map();
  rows.forEach(({ group, words, shown }, place) => {
    if (!groups.has(group)) groups.set(group, make("group", { ariaLabel: group }));
    const option = make("option", { id: `palette-${place}`, ariaSelected: String(place === at) });
    option.append(...shown ?? [words]);
    groups.get(group).append(option);
  });
  list.replaceChildren(...groups.values());
  field.setAttribute("aria-activedescendant", rows.length ? `palette-${at}` : "");
  document.getElementById(`palette-${at}`)?.scrollIntoView({ block: "nearest" });
}

function take() {
  const row = rows[at];
  dialog.close();
  row?.go();
}

field.addEventListener("keydown", event => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && rows.length) at = (at + step + rows.length) % rows.length;
  else if (event.key === "Escape" && field.value) [field.value, found] = ["", []];
  else if (event.key !== "Enter") return;
  event.preventDefault();
  if (event.key === "Enter") take();
  else draw();
});

list.addEventListener("click", event => {
  const option = event.target.closest("[role=option]");
  if (!option) return;
  at = Number(option.id.slice("palette-".length));
  take();
});
