// The kiosk: its keypad, the scanner that types what it reads, where one goes from a token that was booked or checked in, and
// the way back to the start when nobody touches it (60 seconds, or as many as a step says). Ten seconds before it asks.
"use strict";

(() => {
  const IDLE_SECONDS = 60, WARN_SECONDS = 10, SCANNER_MS = 120, PHONE_LEAST = 8, FOREIGN_LEAST = 6, SHOWN_MS = 8000, SETTLE_MS = 500;
  const step = document.getElementById("step"), idle = document.getElementById("idle");
  const query = document.body.dataset.query;
  const show = (path) => htmx.ajax("GET", path + query, { target: "#step", swap: "innerHTML" });

  // The keypad
  const phone = () => document.getElementById("phone");
  const typed = (value) => { phone().value = value.slice(0, phone().maxLength); ready(); };
  const ready = () => {
    const next = document.getElementById("phone-next");
    if (next) next.disabled = phone().value.replace(/\D/g, "").length < PHONE_LEAST;
  };

  // Back to the number as it was typed.
  const start = step.cloneNode(true);
  const change = (digits) => {
    step.replaceChildren(...start.cloneNode(true).childNodes);
    htmx.process(step);
    typed(digits);
    shown();
  };

  step.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.change) change(button.dataset.change);
    if (button.dataset.digit) typed(phone().value + button.dataset.digit);
    if ("erase" in button.dataset) typed(phone().value.slice(0, -1));
    if (button.dataset.shows) number(button, button.dataset.shows, button.dataset.label);
  });
  step.addEventListener("input", ready);

  // Whoever touched one thing gets what it does, once: until it is known what came of it, nothing else of the step answers. What
  // the answer of a booking was lost of can only be touched again itself: then it is the same request. To ask changes nothing.
  const ONCE = "[data-patient], [data-books], [data-checks-in], [data-shows]";
  const asks = (element) => element.matches("[data-patient]");
  const moment = document.getElementById("moment"), again = document.getElementById("again"), trouble = document.getElementById("trouble");
  // What was switched off meanwhile, and the number that there is and is not on the screen yet.
  let off = [], got = null;

  const hold = (button) => {
    step.ariaBusy = "true";
    button.setAttribute("aria-disabled", "true");
    off = [...step.querySelectorAll("button:enabled")].filter((other) => other !== button);
    for (const other of off) other.disabled = true;
    for (const part of [trouble, again]) part.hidden = true;
    moment.hidden = false;
  };
  const release = (others) => {
    step.ariaBusy = null;
    moment.hidden = true;
    for (const button of step.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
    if (others) for (const other of off.splice(0)) other.disabled = false;
  };
  step.addEventListener("click", (event) => {
    if (step.ariaBusy) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    const button = event.target.closest(ONCE);
    if (button && !button.disabled) hold(button);
  }, true);

  const shown = () => {
    [off, got] = [[], null];
    release();
    step.dataset.step = step.querySelector("[data-step]")?.dataset.step ?? "phone";
    trouble.hidden = again.hidden = true;
    scrollTo(0, 0);
    step.focus();
    touched();
    settle();
  };

  // Hands that tap twice meant what was there: what has just come in its place does not answer yet.
  const settle = () => {
    step.classList.add("settles");
    setTimeout(() => step.classList.remove("settles"), SETTLE_MS);
  };

  // The number's own step; where that can't be had, what was answered is enough to go by.
  const number = (button, id, label) => {
    const mine = got = { label, where: button.dataset.where };
    setTimeout(() => { if (got === mine) tell(); }, SHOWN_MS);
    show(`/kiosk/token/${id}`);
  };
  // The sentence is on top, with a way to start again.
  const refused = () => { again.hidden = false; scrollTo(0, 0); };
  // The number is there and its slip is not: whose it is can keep it otherwise, which takes longer.
  const unprinted = (button) => {
    trouble.hidden = true;
    step.querySelector("#unprinted").hidden = false;
    for (const part of step.querySelectorAll("[data-slip]")) part.hidden = true;
    button.closest("[data-idle]").dataset.idle = IDLE_SECONDS;
    touched();
  };
  const tell = () => {
    const part = document.getElementById("given").content.cloneNode(true);
    part.querySelector(".number").textContent = got.label;
    part.querySelector(".where").textContent = got.where;
    step.replaceChildren(part);
    shown();
  };

  document.addEventListener("baari:done", (event) => {
    const button = event.target.closest(ONCE);
    if (button) return number(button, event.detail.id, event.detail.label);
    if (!event.target.matches("[data-prints]")) return;
    step.querySelector("#unprinted").hidden = true;
    for (const part of step.querySelectorAll("[data-slip]")) part.hidden = false;
  });
  document.addEventListener("baari:refused", (event) => {
    if (event.target.matches("[data-prints]")) return unprinted(event.target);
    if (got) return tell();
    const button = event.target.closest(ONCE), { problem, status } = event.detail;
    if (button && problem?.token?.id) return number(button, problem.token.id, problem.token.label);
    release(status < 500 || asks(event.target));
    refused();
  });
  document.addEventListener("htmx:error", (event) => {
    const { ctx } = event.detail;
    if (!ctx) return;
    if (ctx.sourceElement.matches("[data-prints]")) return unprinted(ctx.sourceElement);
    if (got) return tell();
    release(asks(ctx.sourceElement));
    refused();
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const { ctx } = event.detail;
    if (!ctx.request.action.startsWith("/kiosk/") || ctx.response?.status >= 400) return;
    // Something else was answered than a step: another page.
    if (got && !step.querySelector("[data-step=token]")) return tell();
    shown();
  });

  // A scanner types faster than anybody, and ends with Enter: the address of a patient's page.
  let read = "", last = 0, telling = 0;
  const foreign = () => {
    trouble.textContent = trouble.dataset.foreign;
    trouble.hidden = false;
    scrollTo(0, 0);
    clearTimeout(telling);
    telling = setTimeout(() => { if (trouble.textContent === trouble.dataset.foreign) trouble.hidden = true; }, SHOWN_MS);
  };
  document.addEventListener("keydown", (event) => {
    touched();
    if (event.timeStamp - last > SCANNER_MS) read = "";
    last = event.timeStamp;
    if (event.key.length === 1) { read += event.key; return; }
    if (event.key !== "Enter") { read = ""; return; }
    const code = /\/t\/([a-z2-7]{32})/i.exec(read)?.[1].toLowerCase();
    // A number may be typed as fast; a code that is none of ours has letters.
    const isForeign = !code && read.length >= FOREIGN_LEAST && /[^\d+]/.test(read);
    read = "";
    if (!(code || isForeign) || step.ariaBusy) return;
    event.preventDefault();
    if (phone()) typed("");
    if (isForeign) { foreign(); return; }
    htmx.ajax("GET", `/kiosk/scan?code=${code}`, { target: "#step", swap: "innerHTML" });
  }, true);

  // Nobody there?
  let since = Date.now();
  const touched = () => { since = Date.now(); idle.hidden = true; };
  addEventListener("pointerdown", touched);
  setInterval(() => {
    const begun = step.dataset.step !== "phone" || phone()?.value;
    if (!begun) return touched();
    const seconds = Number(step.querySelector("[data-idle]")?.dataset.idle ?? IDLE_SECONDS);
    const left = seconds - Math.floor((Date.now() - since) / 1000);
    if (left <= 0) return location.replace(`/kiosk${query}`);
    idle.hidden = left > WARN_SECONDS;
    if (!idle.hidden) idle.textContent = idle.dataset.text.replace("{n}", left);
  }, 1000);

  // Gone back to, the page would be as the one before left it.
  addEventListener("pageshow", (event) => { if (event.persisted) location.replace(`/kiosk${query}`); });

  ready();
})();
