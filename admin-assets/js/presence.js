// Who else has this editor open, and where: a line at the top and a word in the header of the part. It listens while the page
// is in view; nobody is told to wait.
import { form, page, place } from "./auto-save.js";
import { load } from "./fragment.js";

let stream = null, told = [], last = "";
const address = () => `${form().getAttribute("action")}/presence`;

function show() {
  for (const old of document.querySelectorAll(".somebody")) old.remove();
  const lines = told.map(({ said, place }) => {
    const part = place && document.getElementById(place), heading = part?.querySelector("h2, h3");
    const line = document.createElement("p");
    line.textContent = heading ? `${said}, in ${heading.firstChild.textContent.replace(/^\d+\. /, "")}` : said;
    const mark = document.createElement("span");
    mark.className = "badge somebody";
    mark.textContent = said.replace(" also", "");
    heading?.after(mark);
    return line;
  });
  document.getElementById("presence")?.replaceChildren(...lines);
}

function listen() {
  if (document.hidden || !form()) stream = stream?.close() ?? null;
  else if (!stream) {
    stream = new EventSource(`${address()}?${new URLSearchParams({ page, place: last = place() })}`);
    stream.onmessage = ({ data }) => { told = JSON.parse(data); show(); };
  }
}
document.addEventListener("visibilitychange", listen);
document.addEventListener("rolebook:morphed", ({ detail }) => form() && detail.element.contains(form()) && show());
document.addEventListener("focusin", () => {
  if (!form() || !place() || place() === last) return;
  last = place();
  load(address(), { method: "POST", body: new URLSearchParams({ page, place: last }), fragment: "presence" }).catch(() => {});
});
listen();
