// Pictures: files may be dropped on the form that uploads them and go one after the other, each with its progress; the
// focal point of a picture is where one clicks. The forms do the same without script.
import { announce, parse } from "./fragment.js";

const form = document.querySelector("[data-drop]");
const input = form?.querySelector("input[type=file]");
const list = document.createElement("ul");
let busy = false;

for (const name of ["dragover", "dragleave", "drop"]) {
  form?.addEventListener(name, event => {
    event.preventDefault();
    form.toggleAttribute("data-over", name === "dragover");
    if (name !== "drop" || busy) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
}

form?.addEventListener("submit", async event => {
  if (!input.files.length) return;
  event.preventDefault();
  if (busy) return;
  busy = true;
  const again = new FormData(form).get("again");
  const found = { ids: [], there: [] };
  let refused = 0;
  list.replaceChildren();
  form.after(list);
  for (const file of input.files) {
    const [line, progress, said] = ["li", "progress", "span"].map(name => document.createElement(name));
    progress.ariaLabel = file.name;
    line.append(`${file.name} `, progress, said);
    list.append(line);
    const answer = await post(file, again, progress);
    const place = answer.getResponseHeader("X-Location");
    const asked = new URLSearchParams(place?.split("?")[1]);
    for (const name in found) found[name].push(...(asked.get(name) ?? "").split(",").filter(Boolean));
    const why = place || !answer.response ? "" : parse(answer.response).querySelector(".summary li")?.textContent;
    if (!place) refused += 1;
    said.textContent = place ? (asked.get("ids") ? " Added" : " The library has it already") : ` ${why || "It could not be sent."}`;
    progress.remove();
  }
  busy = false;
  const { ids, there } = found;
  if (!refused) return location.assign(`/admin/media/describe?ids=${ids}&there=${there}`);
  announce(`${refused} of ${input.files.length} were not added.`, true);
  if (ids.length + there.length) {
    const link = document.createElement("a");
    link.href = `/admin/media/describe?ids=${ids}&there=${there}`;
    link.textContent = "Describe the others";
    list.after(link);
  }
});

/** One file, as the form would send it. */
function post(file, again, progress) {
  const data = new FormData();
  data.append("files", file);
  if (again) data.append("again", again);
  return new Promise(done => {
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => { progress.value = loaded / total; });
    request.addEventListener("loadend", () => done(request));
    request.open("POST", form.action);
    request.setRequestHeader("X-Fragment", "main");
    request.send(data);
  });
}

const picture = document.querySelector("[data-focal] img");
picture?.addEventListener("click", ({ offsetX, offsetY }) => {
  const fields = ["x", "y"].map(axis => document.getElementById(`f-focal_${axis}`));
  if (!fields[0]) return;
  const point = [offsetX / picture.clientWidth, offsetY / picture.clientHeight].map(part => Math.round(part * 100));
  fields.forEach((field, number) => { field.value = point[number]; });
  announce(`Focal point: ${point[0]} per cent from the left, ${point[1]} from the top. Save to keep it.`, true);
});
