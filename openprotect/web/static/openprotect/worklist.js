// A quicker list, never a necessary one: it says when there is more, and listens to a few keys.
const LOOK_EVERY = 30000;

const pulse = document.getElementById("pulse");
if (pulse) {
  setInterval(async () => {
    if (document.hidden) return;
    const answer = await fetch(pulse.dataset.from, { headers: { Accept: "text/plain" } });
    if (!answer.ok || answer.redirected) return;
    if ((await answer.text()) !== pulse.dataset.seen && !pulse.textContent) {
      const link = document.createElement("a");
      link.href = "";
      link.textContent = "Show it as it is now";
      pulse.append("The list has changed. ", link);
    }
  }, LOOK_EVERY);
}

// Single keys work only while the keyboard is in the table, so that they surprise nobody.
const rows = [...document.querySelectorAll(".op-table tbody tr")];
const linkOf = (row) => row.querySelector("th a");
const at = () => rows.findIndex((row) => row.contains(document.activeElement));

document.querySelector(".op-table tbody")?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const here = at();
  const acts = {
    j: () => linkOf(rows[Math.min(here + 1, rows.length - 1)])?.focus(),
    k: () => linkOf(rows[Math.max(here - 1, 0)])?.focus(),
    o: () => linkOf(rows[here])?.click(),
    a: () => rows[here].querySelector("form.op-inline button")?.click(),
    x: () => rows[here].querySelector("input.op-tick")?.click(),
  };
  if (here >= 0 && acts[event.key]) {
    event.preventDefault();
    acts[event.key]();
  }
});
