// The pages renew what changed and leave alone what somebody is just typing.
"use strict";
let seen = document.body.dataset.changes;

const down = () => document.querySelectorAll("#posts, #thread").forEach((part) => { if (!part.classList.contains("home")) part.scrollTop = part.scrollHeight; });
const busy = (part) => part.querySelector("details[open], .now:focus") !== null;

async function renew() {
  const answer = await fetch(location.href, { headers: { "X-Looking": "1" } });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["posts", "thread", "rooms"]) {
    const old = document.getElementById(id), next = fresh.getElementById(id);
    if (!old || !next || busy(old)) continue;
    const atEnd = old.scrollHeight - old.scrollTop - old.clientHeight < 80;
    if (old.innerHTML !== next.innerHTML) old.innerHTML = next.innerHTML;
    if (atEnd && !old.classList.contains("home")) old.scrollTop = old.scrollHeight;
  }
  const old = document.getElementById("modal"), next = fresh.getElementById("modal");
  const shown = (part) => part.querySelector("dialog")?.dataset.view ?? "";
  if (shown(old) !== shown(next)) { old.innerHTML = next.innerHTML; focus(); }
}

const focus = () => document.querySelector("dialog input:not([type=hidden]), dialog textarea, dialog select, dialog button.quiet")?.focus();

setInterval(async () => {
  try {
    const now = await (await fetch("/changes")).text();
    if (now !== seen && !document.hidden) { seen = now; await renew(); }
  } catch { /* It is not running any more; the page stays as it was. */ }
}, 600);

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.id === "who") { location.href = field.value; return; }
  if (field.matches(".now") && field.value) { field.form.requestSubmit(); return; }
  if (field.dataset.press) {
    const button = Object.assign(document.createElement("button"), { name: "press", value: field.dataset.press, hidden: true });
    button.formNoValidate = true;
    field.form.append(button);
    field.form.requestSubmit(button);
  }
  if (field.type === "file") field.closest("label").classList.toggle("has", field.files.length > 0);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.confirm && !confirm(button.dataset.confirm)) event.preventDefault();
  if (button?.dataset.mention) {
    const field = button.form.elements.text;
    field.value = button.dataset.mention + field.value;
    field.focus();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && event.target.matches(".composer textarea")) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});

down();
focus();
