// A doctor leaves: what would happen to whom; and, once it has, what did: whom to call, on paper too. Those to be called come first.
"use strict";

(() => {
  const at = (id) => document.getElementById(id);
  // As the queue showed them before: afterwards they are somewhere else. Who is in no queue of this page is asked for.
  let before = new Map();
  const note = async ({ token }) => {
    const row = at(`t${token.id}`);
    if (before.has(token.id)) return;
    if (row) return before.set(token.id, [row.dataset.label, row.querySelector(".name").textContent, row.dataset.phone, `${row.dataset.with} ${row.dataset.slot}`]);
    const answer = await fetch(`/api/patient/${token.patient_id}`).catch(() => null);
    const { name = "", phone = "" } = answer?.ok ? await answer.json() : {};
    before.set(token.id, [token.label, name, phone, ""]);
  };

  const hours = (slot) => slot ? `${slot.start_time}–${slot.end_time}`.replace(/^(\d\d):00–(\d\d):00$/, "$1–$2") : "";
  const line = ({ token, doctor, slot }, place) => {
    const made = document.createElement("tr");
    for (const text of [...before.get(token.id), place ?? `${token.label} · ${doctor} ${hours(slot)}`]) made.insertCell().textContent = text;
    return made;
  };

  const show = async (answer, form) => {
    const element = at("plan"), body = element.querySelector("tbody"), counts = at("plan-counts");
    if (answer.preview) before = new Map();
    await Promise.all([...answer.waitlisted, ...answer.moved].map(note));
    if (answer.preview && form.touched) return;
    body.replaceChildren(...answer.waitlisted.map((one) => line(one, body.dataset.waiting)), ...answer.moved.map((one) => line(one)));
    const text = counts.dataset.text.replace("{moved}", answer.moved.length).replace("{waiting}", answer.waitlisted.length);
    const said = body.firstElementChild ? text : element.dataset.none;
    counts.textContent = answer.preview ? said : `${element.dataset.done} ${said}`;
    at("late").hidden = at("leave").hidden = at("plan-do").hidden = !answer.preview;
    at("plan-print").hidden = answer.preview;
    element.hidden = false;
    at("plan-rows").hidden = !body.firstElementChild;
    // It is read before it is confirmed: Enter does nothing here.
    counts.focus();
  };

  // What was shown, or is still to come, is not what would happen any more.
  document.addEventListener("submit", ({ target }) => { target.touched = false; });
  document.addEventListener("change", (event) => {
    const leave = event.target.closest("#leave");
    if (leave) { leave.touched = true; at("plan").hidden = true; }
  });
  document.addEventListener("baari:done", ({ target, detail }) => {
    if (target.id === "leave" && !(detail.preview && target.touched)) show(detail, target);
  });
  document.addEventListener("click", (event) => { if (event.target.closest("#plan-print")) window.print(); });
})();
