// The board keeps itself up to date, unless somebody is at work in it. Without script one looks again.
const LOOK_EVERY = 15000;
const floor = document.getElementById("floor");

const inUse = () => floor.contains(document.activeElement) && document.activeElement.tagName === "SELECT";

async function look() {
  if (document.hidden || inUse()) return;
  const answer = await fetch(floor.dataset.from, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected || inUse()) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
  const shown = floor.firstElementChild;
  if (!fresh?.dataset.pulse) return;
  if (fresh.dataset.pulse === shown.dataset.pulse) {
    shown.querySelector(".op-source").replaceWith(fresh.querySelector(".op-source"));
  } else {
    const token = shown.querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (token) fresh.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((each) => (each.value = token));
    floor.replaceChildren(fresh);
  }
}

if (floor) setInterval(look, LOOK_EVERY);
