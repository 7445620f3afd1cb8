// The desk by keyboard and scanner. Everything is declared in the templates; this moves the focus, chooses among what was found,
// goes on from one answer to the next question, prints, and understands a scanner that types.
"use strict";

(() => {
  const at = (id) => document.getElementById(id);
  const q = at("q"), found = at("found"), offer = at("offer"), receipt = at("receipt"), dialog = at("dialog"), slip = at("slip");
  // A scanner types faster than anybody: what comes within this time of the key before is scanned.
  const SCAN_MS = 45, SCAN_LEAST = 6;

  const fetched = (address, target) => htmx.ajax("GET", address, { source: target, target, swap: "innerHTML" });
  const empty = (element) => element.replaceChildren();
  const hush = () => { document.querySelector("#counter > .trouble").hidden = true; };

  // Styles that have to last although the queue is replaced by every message: which doctor is shown, which token is new.
  const sheet = (text = "") => {
    const made = new CSSStyleSheet();
    made.replaceSync(text);
    document.adoptedStyleSheets.push(made);
    return made;
  };
  const only = sheet(), fresh = sheet();
  const ONLY = "baari-desk-only";
  const show = (doctor) => {
    at("only").value = doctor;
    keep(ONLY, doctor);
    only.replaceSync(doctor ? `#rows tbody:not([data-doctor="${doctor}"]) { display: none; } .tile#d${CSS.escape(doctor)} { border-color: var(--accent); box-shadow: inset 0 3px var(--accent); }` : "");
  };
  const flash = (token) => fresh.replaceSync(
    `@media (prefers-reduced-motion: no-preference) { #t${token} td { animation: desk-new 2s; } } #t${token} { box-shadow: inset 4px 0 var(--accent); }`);

  // Slips: by this browser on paper of so many millimetres, on a printer of the hospital's, or not at all. It is chosen in the help,
  // or by the page's address, and remembered here; the width is for the day on which the printer is not there any more.
  const prints = at("prints"), KEPT = ["baari-desk-prints", "baari-desk-mm"];
  const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* For as long as the page is there. */ } };
  const onto = (where) => {
    if (!where || ![...prints.options].some((option) => option.value === where)) return false;
    prints.value = where;
    keep(KEPT[0], where);
    if (/^\d+$/.test(where)) keep(KEPT[1], where);
    return true;
  };
  const { printer, mm } = prints.dataset, width = mm ?? kept(KEPT[1]) ?? "80";
  if (mm) keep(KEPT[1], mm);
  onto((printer && `printer ${printer}`) ?? mm) || onto(kept(KEPT[0])) || onto(width);
  prints.addEventListener("change", () => onto(prints.value));

  // Each job is a call of its own: printed again is printed twice.
  const print = (token, wanted = false) => {
    const where = prints.value, name = where.startsWith("printer ") && where.slice(8);
    // Who asks for it all the same is shown where it is chosen.
    if (where === "none") return wanted && at("help").showModal();
    if (!name) { slip.src = `/slip/${token}?print=${Date.now()}&mm=${where}`; return; }
    const job = at("job").content.firstElementChild.cloneNode();
    job.dataset.job = token;
    job.setAttribute("hx-post", `/api/token/${token}/print`);
    job.setAttribute("hx-vals", JSON.stringify({ printer: name }));
    at("jobs").append(job);
    htmx.process(job);
  };

  // The search
  const options = () => [...found.querySelectorAll("[role=option]")];
  const chosen = () => found.querySelector("[role=option][aria-selected=true]");
  const choose = (option) => {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    if (option) { q.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
    else q.removeAttribute("aria-activedescendant");
  };
  const forget = () => { empty(found); q.setAttribute("aria-expanded", "false"); choose(null); };
  // Enter came before the answer: what it would have been pressed on is not there yet.
  let early = false;
  const search = () => {
    if (books()) return;
    early = false;
    waitsNot(found, offer, dialog);
    forget();
    empty(offer);
    q.value = "";
    q.focus();
  };
  const known = () => found.querySelector("[data-q]")?.dataset.q;
  const enter = () => {
    if (!q.value.trim()) return;
    if (known() !== q.value.trim()) { early = true; htmx.trigger(q, "desk:find"); return; }
    const option = chosen();
    if (option) option.click();
    // They are there and not yet what can be pressed.
    else if (options().length) early = true;
    else at("register")?.querySelector("input:invalid, button")?.focus();
  };
  const sought = () => {
    const all = options();
    q.setAttribute("aria-expanded", String(all.length > 0));
    choose(all[0] ?? null);
    if (document.activeElement !== q && found.querySelector("#register") && !early) found.querySelector("input:invalid, button").focus();
    if (!early) return;
    early = false;
    // The slip of another day waits for what is said to it: the search is left, so that its keys are keys.
    if (at("other-day")) return at("leave-it").focus();
    // Unseen only what can't be somebody else is taken: the token of a slip or label, or the only one found.
    const scanned = found.querySelectorAll("[data-scanned]"), people = all.filter((one) => one.id !== "hit-new");
    if (scanned.length === 1 || (people.length === 1 && !at("kin"))) people[0].click();
    else if (!all.length) at("register")?.querySelector("input:invalid, button")?.focus();
  };

  // An answer that takes long is not taken for one that there is nobody. One that comes when something else was asked for, or when
  // the next one has begun, is not shown any more.
  const SLOW_MS = 2000, slow = at("slow"), asking = new Map(), awaited = new Map();
  const waitsNot = (...targets) => targets.forEach((target) => awaited.delete(target));
  // While somebody is being booked nothing else begins: there will be a slip.
  const books = () => [...asking.keys()].some(({ request, sourceElement }) => request.method !== "GET" && offer.contains(sourceElement));
  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    if (ctx.request.method === "GET") {
      if (ctx.target === offer && books()) return event.preventDefault();
      awaited.set(ctx.target, ctx);
    }
    if (!ctx.sourceElement.closest("#counter")) return;
    asking.set(ctx, setTimeout(() => { slow.textContent = slow.dataset.text; }, SLOW_MS));
  });
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    if (ctx.request?.method === "GET" && awaited.get(ctx.target) !== ctx) event.preventDefault();
  });
  // What is offered gives way to another offer: it is not what Enter is meant for.
  for (const kind of ["submit", "click"]) {
    document.addEventListener(kind, (event) => {
      if (!asking.has(awaited.get(offer)) || !event.target.closest("#offer form, #offer #book")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    }, true);
  }
  const answered = ({ detail: { ctx } }) => {
    clearTimeout(asking.get(ctx));
    asking.delete(ctx);
    if (!asking.size) slow.textContent = "";
  };
  // Before anybody else hears of it: what comes next may begin.
  for (const name of ["htmx:after:request", "htmx:error", "htmx:finally:request"]) document.addEventListener(name, answered, true);

  // A scan, wherever the focus is
  const scan = (text) => { document.querySelector("dialog[open]")?.close(); q.value = text; q.focus(); early = true; htmx.trigger(q, "desk:find"); };
  let burst = "", last = 0;
  const scans = (event) => {
    const gap = event.timeStamp - last, letter = event.key.length === 1;
    last = event.timeStamp;
    if (gap > SCAN_MS || event.repeat) burst = "";
    if (event.key === "Enter" && burst.length >= SCAN_LEAST) { const text = burst; burst = ""; scan(text); return true; }
    if (!letter) return event.key === "Shift" && burst.length > 0;
    burst += event.key;
    return burst.length > 1;
  };

  // The queue
  const rows = () => [...document.querySelectorAll("#rows tr[data-token]")].filter((row) => row.checkVisibility());
  const step = (by) => {
    const all = rows(), now = all.indexOf(document.activeElement.closest?.("#rows tr[data-token]"));
    const next = all[now < 0 ? 0 : Math.min(all.length - 1, Math.max(0, now + by))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };

  const keyInSearch = (event) => {
    const all = options();
    // Pressed out of habit where the search has the focus already.
    if (event.key === "/" && !q.value) return true;
    if (event.key === "Enter") enter();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const by = event.key === "ArrowDown" ? 1 : -1;
      if (all.length) choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
      else if (by > 0) step(0);
    } else if (event.key === "Escape" && (q.value || offer.firstElementChild)) search();
    else return false;
    return true;
  };
  const keyInRow = (event, row) => {
    const button = row.querySelector(`[data-row-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!button) return false;
    button.click();
    return true;
  };
  const keyElsewhere = (event) => {
    const row = event.target.closest("#rows tr[data-token]");
    if (scans(event)) return true;
    if (event.key.length === 1 && keysOff()) return false;
    if (row && event.key.length === 1 && keyInRow(event, row)) return true;
    if (event.key === "j" || (event.key === "ArrowDown" && !event.target.matches("select"))) { step(1); return true; }
    if (event.key === "k" || (event.key === "ArrowUp" && !event.target.matches("select"))) { step(-1); return true; }
    if (event.key === "Escape") { search(); return true; }
    return false;
  };
  const keysOff = () => document.documentElement.classList.contains("keys-off");
  const isField = (element) => element.matches("input, textarea, select");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const done = document.querySelector("dialog[open]") ? !isField(event.target) && scans(event)
      : event.target === q ? keyInSearch(event)
      : isField(event.target) ? event.key === "Escape" && (search(), true)
      : keyElsewhere(event);
    if (done) { event.preventDefault(); event.stopPropagation(); }
  }, true);
  // Capital letters are the same keys.
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isField(event.target) || event.ctrlKey || event.altKey || event.metaKey || keysOff() || !/^[A-Z]$/.test(event.key)) return;
    const button = [...document.querySelectorAll(`[data-key="${event.key.toLowerCase()}"]`)].find((one) => one.checkVisibility());
    if (button) { event.preventDefault(); button.click(); }
  });

  // From one answer to the next question
  document.addEventListener("htmx:after:swap", () => {
    if (!found.firstElementChild) forget();
    if (found.querySelector("[data-q], [role=alert]") && !found.firstElementChild.shown) { found.firstElementChild.shown = true; sought(); }
    const card = offer.firstElementChild;
    if (card && !card.shown) {
      card.shown = true;
      forget();
      // It says itself what stands in the way now.
      if (card.querySelector(".trouble")) hush();
      card.querySelector(".offers [aria-pressed=true]")?.scrollIntoView({ block: "nearest" });
      // Another day is booked by its own key only.
      (at("book") ?? (at("later") ? card : at("wait")) ?? offer.querySelector("button"))?.focus();
      if (card.hasAttribute("data-go")) at("book-form")?.requestSubmit();
    }
    const asked = dialog.firstElementChild;
    if (asked && !asked.shown) { asked.shown = true; if (!dialog.open) dialog.showModal(); dialog.querySelector("[autofocus]")?.focus(); }
  });
  dialog.addEventListener("close", () => {
    empty(dialog);
    // What had it before may be gone by now.
    setTimeout(() => document.activeElement === document.body && q.focus(), 300);
  });

  const done = {
    "book-form": (answer, form) => form.dataset.next ? fetched(form.dataset.next + answer.id, offer) : booked(answer),
    "wait-form": (answer) => booked(answer),
    "override-form": (answer) => booked(answer),
    register: (answer, form) => fetched(form.dataset.next + answer.id, offer),
    leave: (answer, form) => answer.preview && form.touched || plan(answer),
  };
  const booked = (token) => {
    search();
    flash(token.id);
    print(token.id);
    tell(token.id, "?booked=1");
  };
  // What was done last, with what can be done about it: printing it again, for one.
  let told = { token: null, shown: Promise.resolve() };
  const tell = (token, how = "") => { told = { token, shown: fetched(`/desk/token/${token}/receipt${how}`, receipt) }; };
  document.addEventListener("baari:done", (event) => {
    const element = event.target, answer = event.detail;
    if (element.dataset.job) return element.remove();
    if (done[element.id]) return done[element.id](answer, element);
    if (!answer?.label) return;
    if (element.hasAttribute("data-scanned")) search();
    if (element.closest("#receipt")) q.focus();
    if (at("other-day") || offer.querySelector(`[data-coming="${answer.id}"]`)) search();
    flash(answer.id);
    if (element.hasAttribute("data-scanned")) tell(answer.id, scanned(answer));
    else if (element.matches("#receipt *")) tell(answer.id, answer.status === "cancelled" ? "?did=cancelled" : "");
    else if (element.matches("[data-did]")) tell(answer.id, `?did=${element.dataset.did}`);
  });
  // A scan says what it did: the second one of a slip nothing.
  const DID = { rejoined: "rejoined", unchanged: "was_here", became: "checked_in" };
  const scanned = ({ reasons }) => {
    const code = Object.keys(DID).find((one) => reasons?.some((reason) => reason.code === one));
    return code ? `?did=${DID[code]}` : "";
  };
  // Somebody has that phone: they are shown first, and whoever is none of them is registered by a choice of its own.
  document.addEventListener("baari:refused", ({ target, detail: { problem } }) => {
    if (target.id !== "register" || problem?.type !== "/problem/phone_known") return;
    hush();
    q.focus();
    const form = new URLSearchParams(new FormData(target));
    form.set("q", q.value);
    fetched(`/desk/find?${form}`, found);
  });
  // No paper, or no power: the sentence stands above already, and one key prints it again.
  document.addEventListener("baari:refused", async (event) => {
    const token = event.target.dataset.job;
    if (!token) return;
    event.target.remove();
    if (told.token !== token) tell(token);
    await told.shown;
    if (document.activeElement === document.body || (document.activeElement === q && !q.value)) receipt.querySelector("[data-prints]")?.focus();
  });
  // The offer was made before somebody else was quicker: it is made anew, and what was said against it stays.
  document.addEventListener("baari:refused", (event) => {
    // Where it is not known what became of it, the same form asks the same again.
    const form = event.detail.status < 500 && event.target.closest("#offer form");
    const again = form && offer.querySelector(".offers [aria-pressed=true]");
    if (again) fetched(again.getAttribute("hx-get"), offer);
  });

  // What happens to whom when a doctor leaves; and, once it has, what did: whom to call, on paper too. Those to be called come first.
  let rowsBefore = new Map();
  const plan = (answer) => {
    const element = at("plan"), body = element.querySelector("tbody"), counts = at("plan-counts");
    if (answer.preview) rowsBefore = new Map();
    const before = (token) => {
      const row = at(`t${token.id}`);
      if (row && !rowsBefore.has(token.id)) {
        rowsBefore.set(token.id, [row.dataset.label, row.querySelector(".name").textContent, row.dataset.phone, `${row.dataset.with} ${row.dataset.slot}`]);
      }
      return rowsBefore.get(token.id) ?? [token.label, "", "", ""];
    };
    const hours = (slot) => slot ? `${slot.start_time}–${slot.end_time}`.replace(/^(\d\d):00–(\d\d):00$/, "$1–$2") : "";
    const line = ({ token, doctor, slot }, place) => {
      const made = document.createElement("tr");
      for (const text of [...before(token), place ?? `${token.label} · ${doctor} ${hours(slot)}`]) made.insertCell().textContent = text;
      return made;
    };
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

  document.addEventListener("click", (event) => {
    if (event.target.closest("#leave-it")) search();
    if (event.target.closest("#plan-print")) window.print();
    const slips = event.target.closest("[data-prints]"), doctor = event.target.closest("[data-only]");
    if (slips) { print(slips.dataset.prints, true); if (slips.id === "book") search(); }
    if (doctor) show(at("only").value === doctor.dataset.only ? "" : doctor.dataset.only);
  });
  document.addEventListener("submit", ({ target }) => { target.touched = false; });
  document.addEventListener("change", (event) => {
    if (event.target.id === "only") show(event.target.value);
    // What was shown is not what would happen any more.
    const leave = event.target.closest("#leave");
    if (leave) { leave.touched = true; at("plan").hidden = true; }
    // The places of another date are on their way: none of the one before is taken instead.
    if (event.target.id === "move-on") at("move-to").value = "";
    // One list of places: what is chosen says which field it is.
    if (event.target.matches("[data-names]")) event.target.name = event.target.selectedOptions[0].dataset.name ?? "slot_id";
  });
  // Whose queue is shown is whom one books for, as long as nobody else is chosen.
  if ([...at("only").options].some((one) => one.value === kept(ONLY))) show(kept(ONLY));
  document.addEventListener("htmx:before:request", ({ detail: { ctx: { request } } }) => {
    if (at("only").value && request.action.startsWith("/desk/offer?")) request.action += `&prefer=${at("only").value}`;
  });
  // Digits in a name are asked about: they may be left over of a phone number. Another number may be somebody's again.
  found.addEventListener("input", ({ target: { name, value } }) => {
    const asks = at("digits");
    if (name === "name" && asks) asks.hidden = !(asks.firstElementChild.required = /\d/.test(value));
    if (name === "phone") found.querySelector("[name=only_if_new]").disabled = false;
  });
  // With the next one, what was said against the last is over, and what was still to come for them.
  q.addEventListener("input", () => {
    hush();
    early = false;
    waitsNot(offer, dialog);
  });
  q.focus();
})();
