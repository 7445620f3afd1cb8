// The kiosk: its keypad, the scanner that types what it reads, where one goes from a token that was booked or checked in, and
// the way back to the start when nobody touches it (60 seconds; 20 with a number on the screen). Ten seconds before it says so.
"use strict";

(() => {
  const IDLE_SECONDS = 60, WARN_SECONDS = 10, SCANNER_MS = 120, PHONE_LEAST = 8;
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

  step.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.digit) typed(phone().value + button.dataset.digit);
    if ("erase" in button.dataset) typed(phone().value.slice(0, -1));
    if (button.dataset.shows) show(`/kiosk/token/${button.dataset.shows}`);
  });
  step.addEventListener("input", ready);

  // What was done
  document.addEventListener("baari:done", (event) => {
    if (event.target.closest("[data-books], [data-checks-in]")) show(`/kiosk/token/${event.detail.id}`);
  });
  document.addEventListener("baari:refused", (event) => {
    const there = event.detail.problem?.token?.id;
    if (there && event.target.closest("[data-books]")) show(`/kiosk/token/${there}`);
  });
  document.addEventListener("htmx:after:swap", () => {
    step.dataset.step = step.querySelector("[data-step]")?.dataset.step ?? "phone";
    const trouble = document.getElementById("trouble");
    if (!step.querySelector("[data-prints]")) trouble.hidden = true;
    scrollTo(0, 0);
    step.focus();
    touched();
  });

  // A scanner types faster than anybody, and ends with Enter: the address of a patient's page.
  let read = "", last = 0;
  document.addEventListener("keydown", (event) => {
    touched();
    if (event.timeStamp - last > SCANNER_MS) read = "";
    last = event.timeStamp;
    if (event.key.length === 1) { read += event.key; return; }
    const code = event.key === "Enter" && /\/t\/([a-z2-7]{32})/i.exec(read)?.[1].toLowerCase();
    read = "";
    if (!code) return;
    event.preventDefault();
    if (phone()) typed("");
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

  ready();
})();
