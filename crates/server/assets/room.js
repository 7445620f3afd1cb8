// The doctor's console, besides what baari.js and live.js do: the running clock of the visit, a moment of rest after the one
// button has become another one (so that a double press does one thing), the focus that goes back to it after every other button,
// the dialog to call somebody out of order, and what happens to whom when the doctor leaves.
"use strict";

(() => {
  const REST_MS = 800;
  const stream = document.getElementById("stream");
  const primary = () => document.getElementById("primary");

  // The clock of the visit: 4:07.
  const tick = () => {
    const visit = document.getElementById("visit");
    if (!visit) return;
    const seconds = Math.max(0, Math.floor((BaariLive.now() - Date.parse(visit.dataset.since)) / 1000));
    const minutes = Math.floor(seconds / 60), rest = String(seconds % 60).padStart(2, "0");
    visit.textContent = minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
  };
  tick();
  setInterval(tick, 1000);

  // The button that was pressed is another one a moment later: the second press of a double one is not meant for it.
  let state = primary()?.dataset.state, restsUntil = 0;
  stream.addEventListener("baari:news", () => {
    tick();
    const now = primary()?.dataset.state;
    if (now !== state) restsUntil = performance.now() + REST_MS;
    state = now;
  });
  document.addEventListener("click", (event) => {
    if (performance.now() < restsUntil && event.target.closest("#primary")) { event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);

  // What was pressed is done: the space bar is the one button's again, not that of a button that stays under the focus and is
  // another one a moment later. A button that somebody goes to by the keyboard is pressed once more by going there once more.
  const rests = (scrolls) => {
    const one = primary();
    if (one && !one.disabled) one.focus({ preventScroll: !scrolls });
    else if (document.activeElement?.matches("button")) document.activeElement.blur();
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[hx-post], button[hx-patch]");
    // By the keyboard: what has the focus has to be in sight.
    if (button && !button.closest("dialog")) rests(event.detail === 0);
  });
  document.addEventListener("baari:done", ({ target, detail }) => {
    const dialog = target.closest("dialog");
    if (!dialog) { if (target.matches("form")) rests(false); }
    // A dialog that closes gives the focus back to what has opened it.
    else if (!detail?.preview) dialog.addEventListener("close", () => rests(false), { once: true });
  });

  // Without its stream the page shows an old queue; the server has just said that there is a new one.
  document.addEventListener("baari:refused", (event) => {
    if (event.detail.status === 412 && document.body.classList.contains("lost")) location.reload();
  });

  // Out of order: whom, and whether a visit is finished by it.
  const dialog = document.getElementById("out-of-order");
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-opens='#out-of-order']");
    if (!row) return;
    dialog.querySelector("[name=token_id]").value = row.dataset.token;
    dialog.querySelector("[name=finish]").value = row.dataset.finish;
    dialog.querySelector("#whom").textContent = `${row.dataset.label} ${row.dataset.name}`;
  }, true);

  // Leave: first what would happen, then, by another button, that it does.
  const form = document.getElementById("leave-form"), plan = document.getElementById("plan"), now = document.getElementById("leave-now");
  const line = (text, kind) => Object.assign(document.createElement(kind), { textContent: text });
  const where = ({ doctor, room, slot }) => form.dataset.to.replace("{doctor}", doctor).replace("{room}", room || "–")
    .replace("{from}", slot?.start_time ?? "").replace("{to}", slot?.end_time ?? "");
  // The label that the token had, which is what is known here, and whose it is.
  const whose = ({ token }) => {
    const row = document.getElementById(`t${token.id}`);
    const current = document.querySelector(`[data-token="${token.id}"] #current`)?.textContent;
    return row ? `${row.querySelector(".token").textContent} ${row.querySelector(".name").textContent}` : current ?? token.label;
  };
  const list = (title, rows) => {
    if (rows.length === 0) return;
    plan.append(line(rows.length > 1 ? `${title} (${rows.length})` : title, "h3"));
    const all = document.createElement("ul");
    all.append(...rows.map((text) => line(text, "li")));
    plan.append(all);
  };
  const forget = () => { plan.replaceChildren(); now.hidden = true; };
  const show = ({ cancelled, moved, waitlisted }) => {
    forget();
    list(form.dataset.slots, cancelled.length ? [cancelled.map((slot) => `${slot.start_time}–${slot.end_time}`).join(", ")] : []);
    list(form.dataset.moved, moved.map((one) => `${whose(one)} → ${one.token.label}, ${where(one)}`));
    list(form.dataset.stays, waitlisted.map(whose));
    if (moved.length + waitlisted.length === 0) plan.append(line(form.dataset.nobody, "p"));
    now.hidden = false;
  };
  // What was asked for before it was filled in otherwise is not shown: it is not what would happen.
  let touched = false;
  form?.addEventListener("submit", () => { touched = false; });
  form?.addEventListener("baari:done", ({ detail }) => {
    if (detail?.preview) { if (!touched) show(detail); return; }
    form.closest("dialog").close();
    form.reset();
    forget();
  });
  form?.addEventListener("input", () => { touched = true; forget(); });
  form?.addEventListener("baari:refused", forget);
})();
