// What the pages of those who work here have in common. htmx does the asking (hx-get, hx-post …); this says what asking means
// here:
//
// - Every change is a call of the API: its body is JSON, made of the form's fields (numbers from type=number, booleans from
//   checkboxes, nothing from what was left empty unless it says data-empty="null") and of hx-vals. {name} in the address is
//   filled from the field of that name. What is typed into a field with data-since="2026" is an age: the year of birth is sent. A
//   field named a.b is b of the object a; ticked boxes named a[] are the list a.
// - form[data-changes] sends only the fields that were changed, so that what somebody else has changed meanwhile stays. What is said
//   where nothing was is its data-changes.
// - The same press of a button, repeated because the answer got lost, is the same request: it has the same Idempotency-Key. So is
//   that of a form that goes on to the next question (data-next). What is pressed again before the answer is there was pressed once.
// - What the server has against it is shown where the eye is: in the nearest [data-trouble], else on top.
// - data-then="/address" goes there when it was done, {name} filled from the answer; the event `baari:done` (detail: the answer) is for everything else.
// - data-key="n" presses, or goes to, what it stands on, unless somebody is typing. data-opens="#id" opens a dialog.
// - Keys that are one character (letters, digits, the space bar) can be turned off by a box [data-keys-switch]: who speaks to the
//   computer, or whose hand is not sure, presses them without meaning to. The browser remembers it; the page's class is `keys-off`.
// - data-match="7" holds only for version 7 of the queue (If-Match; "*" for any), and can't be pressed again before the answer,
//   and what the stream shows of it, are there. data-changed is what is said when the queue was another one by then.
"use strict";

(() => {
  const language = document.documentElement.lang;
  const API = /^\/api\//;

  const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  const typed = (field, value) => {
    if (value === "" || value === undefined) return { "null": null, "": "" }[field.dataset.empty];
    if (field.dataset.since) return Number(field.dataset.since) - Number(value);
    if (field.type === "number" || field.dataset.type === "number") return Number(value);
    if (field.dataset.type === "boolean") return value === "true";
    return value;
  };

  const put = (body, field, value) => {
    if (field.name.endsWith("[]")) {
      const list = body[field.name.slice(0, -2)] ??= [];
      if (field.checked) list.push(field.value);
      return;
    }
    if (value === undefined) return;
    const path = field.name.split("."), name = path.pop();
    path.reduce((object, part) => object[part] ??= {}, body)[name] = value;
  };

  const isChanged = (field) => {
    if (field.options) return !([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.selected;
    if (["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
    return field.value !== field.defaultValue;
  };

  // What was changed is what there is from now on.
  const settle = (form) => {
    for (const field of form.elements) {
      for (const option of field.options ?? []) option.defaultSelected = option.selected;
      if ("defaultChecked" in field) field.defaultChecked = field.checked;
      if ("defaultValue" in field && !["checkbox", "radio"].includes(field.type)) field.defaultValue = field.value;
    }
  };

  const fieldsOf = (form, submitter) => {
    const body = {}, { changes } = form.dataset;
    for (const field of form.elements) {
      if (!field.name || field.disabled || (field.tagName === "BUTTON" && field !== submitter)) continue;
      if (field.type === "radio" && !field.checked) continue;
      if (changes !== undefined && !isChanged(field)) continue;
      const value = field.type === "checkbox" ? field.checked : typed(field, field.value.trim?.() ?? field.value);
      put(body, field, value);
    }
    return body;
  };

  // What is held does not answer to a press: somebody who presses twice wants one thing.
  const HOLD_MAX_MS = 30_000, SHOWN_MS = 1500;
  const hold = (element, ms) => {
    clearTimeout(element.baariHeld);
    element.setAttribute("aria-disabled", "true");
    element.baariHeld = setTimeout(() => release(element), ms);
  };
  const release = (element) => {
    clearTimeout(element.baariHeld);
    element.baariHeld = null;
    element.removeAttribute("aria-disabled");
  };
  for (const kind of ["click", "submit"]) {
    document.addEventListener(kind, (event) => {
      const held = event.target.closest?.("button, [data-match]")?.baariHeld;
      if (held) { event.preventDefault(); event.stopImmediatePropagation(); }
    }, true);
  }
  // Spaces are nothing: where something is needed the browser says so.
  document.addEventListener("submit", (event) => {
    const isBlank = (field) => field.required && field.type === "text" && field.value && !field.value.trim();
    const blank = [...event.target.elements].find(isBlank);
    if (!blank) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    blank.value = "";
    blank.reportValidity();
  }, true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.changes || [...form.elements].some((field) => field.name && isChanged(field))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say(form, form.dataset.changes);
  }, true);
  document.addEventListener("baari:news", (event) => {
    for (const element of event.target.querySelectorAll("[aria-disabled]")) {
      if (element.baariAnswered) { element.baariAnswered = false; release(element); }
    }
  });

  // A double press is one: htmx would keep the second, and ask it once the first is answered.
  const changes = ({ request }) => API.test(request.action) && request.method !== "GET";
  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    if (changes(ctx) && ctx.sourceElement.baariAsks) event.preventDefault();
  });
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => { ctx.sourceElement.baariAsks = false; });

  // Between being put in and being known to htmx a form would be sent as browsers do: what is in it would stand in the address.
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[hx-post], [hx-patch], [hx-put]")) event.preventDefault();
  });

  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail, { request } = ctx;
    request.headers["Accept-Language"] = language;
    if (!changes(ctx)) return;
    ctx.sourceElement.baariAsks = true;
    const { match } = ctx.sourceElement.dataset;
    if (match) { ctx.sourceElement.baariMatch = match; hold(ctx.sourceElement, HOLD_MAX_MS); }
    if (match && match !== "*") request.headers["If-Match"] = `"${match}"`;
    const form = ctx.sourceElement.matches("form, [data-with-form]") ? request.form : null;
    const body = { ...(form ? fieldsOf(form, request.submitter) : {}), ...ctx.vals };
    request.action = request.action.split("?")[0].replace(/\{(\w+)\}/g, (_, name) => {
      const value = body[name];
      delete body[name];
      return encodeURIComponent(value ?? "");
    }) + (ctx.sourceElement.dataset.query ?? "");
    const text = JSON.stringify(body);
    request.body = request.method === "DELETE" ? null : text;
    if (request.body) request.headers["Content-Type"] = "application/json";
    if (request.method === "POST") {
      const element = ctx.sourceElement, same = `${request.action} ${text}`;
      if (element.baariSame !== same) { element.baariSame = same; element.baariKey = fresh(); }
      request.headers["Idempotency-Key"] = element.baariKey;
    }
  });

  const place = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const found = at.matches("[data-trouble]") ? at : at.querySelector(":scope > [data-trouble], :scope > * > [data-trouble]");
      if (found) return found;
    }
    return document.getElementById("trouble");
  };

  const say = (element, text) => {
    const where = place(element);
    if (!where) return;
    where.textContent = text;
    where.hidden = !text;
  };

  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail, element = ctx.sourceElement;
    const json = () => { try { return JSON.parse(ctx.text); } catch { return null; } };
    // Who is not signed in any more is sent there; a wrong password typed into a form is said.
    if (ctx.response.status === 401 && json()?.type !== "/problem/sign_in_wrong") return location.reload();
    if (ctx.response.status >= 400) {
      if (element.baariHeld) release(element);
      // The database or the network was away: pressed again, it is the same request.
      if (ctx.response.status < 500) element.baariSame = null;
      const problem = json();
      const changed = ctx.response.status === 412 && element.dataset.changed;
      say(element, changed || (problem?.detail ?? document.getElementById("trouble")?.dataset.offline ?? ""));
      const detail = { problem, status: ctx.response.status };
      return element.dispatchEvent(new CustomEvent("baari:refused", { bubbles: true, detail }));
    }
    if (!API.test(ctx.request.action)) return;
    if (!element.dataset.next) element.baariSame = null;
    const { match } = element.dataset;
    // The stream may have been faster than the answer, and the button another one by now.
    if (element.baariHeld && (match === "*" || match !== element.baariMatch)) release(element);
    else if (element.baariHeld) { element.baariAnswered = true; hold(element, SHOWN_MS); }
    say(element, "");
    // An answer of the API is data, and nothing to be shown as it is.
    ctx.swap = "none";
    if (element.matches("form[data-changes]")) settle(element);
    const { then } = element.dataset, answer = json();
    element.dispatchEvent(new CustomEvent("baari:done", { bubbles: true, detail: answer }));
    if (then) location.assign(then.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(answer?.[name] ?? "")));
    if (element.matches("form[data-clears]")) element.reset();
    if (element.hasAttribute("data-closes")) element.closest("dialog")?.close();
  });

  document.addEventListener("htmx:error", (event) => {
    const { ctx } = event.detail;
    if (ctx?.sourceElement.baariHeld) release(ctx.sourceElement);
    if (ctx) say(ctx.sourceElement, document.getElementById("trouble")?.dataset.offline ?? "");
  });

  // Keys. In a field one types; Escape leaves it.
  const types = (element) => element.matches("input:not([type=radio]):not([type=checkbox]):not([type=button]), textarea, select, [contenteditable]");
  const seen = (element) => !element.disabled && element.checkVisibility?.() !== false && element.offsetParent !== null;

  const KEYS = "baari-keys", root = document.documentElement;
  const kept = () => { try { return localStorage.getItem(KEYS); } catch { return null; } };
  const showKeys = () => {
    for (const box of document.querySelectorAll("[data-keys-switch]")) box.checked = !root.classList.contains("keys-off");
  };
  const setKeys = (on) => { root.classList.toggle("keys-off", !on); showKeys(); };
  setKeys(kept() !== "off");
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-keys-switch]")) return;
    const on = event.target.checked;
    try { localStorage.setItem(KEYS, on ? "on" : "off"); } catch { /* For as long as the page is there. */ }
    setKeys(on);
  });
  // Changed in another window of this browser, or gone back to a page that was kept.
  addEventListener("storage", (event) => { if (event.key === KEYS) setKeys(event.newValue !== "off"); });
  addEventListener("pageshow", () => setKeys(kept() !== "off"));

  // A key that is held down presses once.
  document.addEventListener("keydown", (event) => {
    const presses = event.key === "Enter" ? !event.target.matches("textarea") : event.key === " " && event.target.matches("button, summary");
    if (event.repeat && presses) { event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key.length === 1 && root.classList.contains("keys-off")) return;
    const dialog = document.querySelector("dialog[open]");
    if (types(event.target)) {
      if (event.key === "Escape" && !dialog) event.target.blur();
      return;
    }
    // What has the focus is pressed by the space bar anyway.
    if (event.key === " " && event.target.matches("button, a, summary, [role=button], [type=checkbox], [type=radio]")) return;
    const name = event.key === " " ? "space" : event.key;
    const all = [...(dialog ?? document).querySelectorAll(`[data-key~="${CSS.escape(name)}"]`)];
    const element = all.find(seen);
    if (!element) return;
    event.preventDefault();
    if (types(element)) { element.focus(); element.select?.(); } else { element.focus(); element.click(); }
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.querySelector(opener.dataset.opens)?.showModal();
    if (event.target.closest("[data-shuts]")) event.target.closest("dialog")?.close();
  });
})();
