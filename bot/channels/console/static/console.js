// What a page cannot do by itself: watch a thread for its answer, count a segment while it is chosen, send by key.
"use strict";

const SOON = 1000;
const LATER = 5000;
const LIVE = 2000;

function watch(holder) {
  const announcer = document.getElementById("announcer");
  const trouble = document.getElementById("trouble");
  let failures = 0;

  const current = () => holder.querySelector(".thread");

  function show(next) {
    follow(next.dataset);
    const before = current();
    if (before && before.dataset.version === next.dataset.version) return;
    const seen = before ? before.querySelectorAll(".message").length : 0;
    const answers = Number(next.dataset.answers) - Number(before ? before.dataset.answers : 0);
    if (before) before.replaceWith(next); else holder.append(next);
    const messages = next.querySelectorAll(".message");
    [...messages].slice(seen).forEach((message) => message.classList.add("arrived"));
    if (answers > 0) tell(messages[messages.length - 1]);
  }

  // A message stands alone until it has been read; what is typed below it belongs into the thread it was found to be in.
  function follow({ thread, reply }) {
    const form = document.querySelector(".composer");
    if (!thread || !form || !form.elements.thread || form.elements.thread.value === thread) return;
    form.elements.thread.value = thread;
    (form.elements.thread_ts || form.elements.in_reply_to).value = reply;
    history.replaceState(null, "", holder.dataset.open + encodeURIComponent(thread));
  }

  function tell(message) {
    const author = message.querySelector(".author").textContent;
    const said = message.querySelector(".said").textContent;
    announcer.textContent = `Answer from ${author}: ${said.slice(0, 240)}`;
    message.scrollIntoView({ block: "nearest" });
  }

  async function look() {
    if (!document.hidden) {
      try {
        const answer = await fetch(holder.dataset.source, { headers: { "X-Partial": "1" }, cache: "no-store" });
        if (!answer.ok) throw new Error(String(answer.status));
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const next = page.querySelector(".thread");
        if (next) {
          failures = 0;
          trouble.hidden = true;
          if (next.dataset.thread && !document.querySelector(".composer")) {
            location.replace(holder.dataset.open + encodeURIComponent(next.dataset.thread));
            return;
          }
          show(document.importNode(next, true));
        }
      } catch {
        failures += 1;
        trouble.hidden = failures < 3;
      }
    }
    const waiting = current() && current().dataset.waiting === "yes";
    setTimeout(look, failures > 2 || !waiting ? LATER : SOON);
  }

  setTimeout(look, SOON);
}

function count(form) {
  const reach = document.getElementById("reach");
  let timer = 0;
  let asked = 0;

  async function ask() {
    const mine = ++asked;
    // Not `form.action`: the buttons of that name stand in its way. Texts and files do not count recipients.
    const chosen = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !/^(body|subject)-/.test(name));
    const body = new URLSearchParams(chosen);
    body.set("action", "look");
    try {
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { "X-Partial": "1" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine === asked) reach.replaceChildren(...document.importNode(page.body, true).childNodes);
    } catch {
      reach.textContent = "The recipients could not be counted. Use the preview button again in a moment.";
    }
  }

  form.addEventListener("change", (event) => {
    if (!event.target.matches("[type=checkbox], #partner, #not-partner, #words")) return;
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  form.querySelector("[data-preview]").addEventListener("click", (event) => {
    event.preventDefault();
    ask();
  });
}

// How far an announcement is, every two seconds while it moves; loaded anew when it has come to another state.
function follow(holder) {
  const trouble = document.getElementById("live-trouble");
  let failures = 0;

  async function look() {
    const before = holder.firstElementChild;
    if (before.dataset.live !== "yes") return;
    if (!document.hidden) {
      try {
        const answer = await fetch(holder.dataset.source, { headers: { "X-Partial": "1" }, cache: "no-store" });
        if (!answer.ok) throw new Error(String(answer.status));
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const next = page.querySelector(".progress");
        failures = 0;
        trouble.hidden = true;
        if (next.dataset.state !== before.dataset.state) {
          location.reload();
          return;
        }
        before.replaceWith(document.importNode(next, true));
      } catch {
        failures += 1;
        trouble.hidden = failures < 3;
      }
    }
    setTimeout(look, failures > 2 ? LATER : LIVE);
  }

  setTimeout(look, LIVE);
}

function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
  });
  // A page shown again by "back" must be able to send again.
  addEventListener("pageshow", () => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  });
}

function sendByKey(field) {
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    field.form.requestSubmit();
  });
}

const thread = document.getElementById("thread");
if (thread) {
  watch(thread);
  const all = thread.querySelectorAll(".message");
  if (all.length > 1) all[all.length - 1].scrollIntoView({ block: "nearest" });
}
document.querySelectorAll("form[data-reach]").forEach(count);
const live = document.getElementById("live");
if (live) follow(live);
document.querySelectorAll("form[data-once]").forEach(sendOnce);
document.querySelectorAll("[data-send]").forEach(sendByKey);
document.querySelectorAll("[data-close]").forEach((button) => {
  button.addEventListener("click", () => button.closest(".toast").remove());
});
// Good news leaves by itself; what went wrong stays until it is read.
setTimeout(() => document.querySelectorAll(".toast.is-done").forEach((toast) => toast.remove()), 10000);
addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelectorAll(".toast").forEach((toast) => toast.remove());
});
const first = document.querySelector("[aria-invalid], [data-focus]");
if (first && matchMedia("(hover: hover)").matches) first.focus();
