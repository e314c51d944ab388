// Keeps the note of a call while it is written; without it, every button of the page keeps it too.
const WAIT = 3000;

const note = document.querySelector("textarea[name=note]");
const keeper = document.getElementById("keeper");
if (note && keeper) {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
  let timer = 0;
  let kept = note.value;

  const keep = async () => {
    if (note.value === kept) return;
    const text = note.value;
    const body = new URLSearchParams({ note: text, csrfmiddlewaretoken: token });
    try {
      const answer = await fetch(keeper.dataset.to, { method: "POST", body, keepalive: true });
      keeper.textContent = answer.ok && !answer.redirected
        ? "Your note is kept."
        : "Your note could not be kept. Copy it before you leave this page.";
      if (answer.ok && !answer.redirected) kept = text;
    } catch {
      keeper.textContent = "No connection: your note is only on this screen.";
    }
  };

  note.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, WAIT);
  });
  // A closed laptop or another tab: what was typed until now goes at once.
  document.addEventListener("visibilitychange", () => document.hidden && keep());
}
