// The inbox says when reports have come in since it was drawn; the list stays as it is until somebody asks for them.
import { load } from "./fragment.js";

async function look() {
  const place = document.querySelector("[data-arrivals]");
  if (!place || document.hidden) return;
  const page = await load(place.dataset.arrivals).catch(() => null);
  const fresh = page?.document?.getElementById("arrived");
  if (fresh && fresh.textContent !== place.textContent) place.replaceChildren(fresh);
}

setInterval(look, 20000);
addEventListener("focus", look);
