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
  const hush = () => { for (const trouble of document.querySelectorAll("#counter > .trouble, .desk-bar > .trouble")) trouble.hidden = true; };

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
    const tile = `.tiles .tile#d${CSS.escape(doctor)}`;
    only.replaceSync(doctor ? `#rows tbody:not([data-doctor="${doctor}"]) { display: none; } ${tile} { border-color: var(--accent); box-shadow: inset 0 3px var(--accent); } ${tile} .slots li.slot { display: flex; }` : "");
  };
  // The row that is meant: where the focus was last among them, or what was done last. It is brought into view once it is there.
  let meant = null, unseen = null;
  const flash = (token) => {
    fresh.replaceSync(`@media (prefers-reduced-motion: no-preference) { #t${token} td { animation: desk-new 2s; } } #t${token} { box-shadow: inset 4px 0 var(--accent); }`);
    meant = unseen = token;
    reveal();
  };
  // Neither the focus nor the page moves: only what the rows show of themselves.
  const reveal = () => {
    const row = unseen && at(`t${unseen}`);
    if (!row?.checkVisibility()) return;
    unseen = null;
    const box = at("rows"), seen = box.getBoundingClientRect(), it = row.getBoundingClientRect();
    if (it.top < seen.top + it.height || it.bottom > seen.bottom) box.scrollTop += it.top - seen.top - seen.height / 2;
  };

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
    choose((at("kin")?.hasAttribute("data-other") && at("hit-new")) || (all[0] ?? null));
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
  // The offer of another date takes the place of a part of it.
  const place = (target) => offer.contains(target) ? offer : target;
  // While somebody is being booked nothing else begins: there will be a slip.
  const books = () => [...asking.keys()].some(({ request, sourceElement }) => request.method !== "GET" && offer.contains(sourceElement));
  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    if (ctx.request.method === "GET") {
      if (place(ctx.target) === offer && books()) return event.preventDefault();
      if (ctx.sourceElement.id === "on" && !ctx.sourceElement.checkValidity()) return event.preventDefault();
      awaited.set(place(ctx.target), ctx);
    }
    if (!ctx.sourceElement.closest("#counter")) return;
    asking.set(ctx, setTimeout(() => { slow.textContent = slow.dataset.text; }, SLOW_MS));
  });
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    if (ctx.request?.method === "GET" && awaited.get(place(ctx.target)) !== ctx) event.preventDefault();
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
  const rowOf = (element) => element.closest?.("#rows tr[data-token]");
  const step = (by) => {
    const all = rows(), now = all.indexOf(rowOf(document.activeElement));
    const next = now < 0 ? all.find((row) => row.dataset.token === meant) ?? all[0] : all[Math.min(all.length - 1, Math.max(0, now + by))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("focusin", ({ target }) => { meant = rowOf(target)?.dataset.token ?? meant; });
  // Escape goes one way: what was begun is left for the empty search, the empty search for the rows. There it stays.
  const leaves = () => {
    if (q.value || found.firstElementChild || offer.firstElementChild) search();
    else if (!rowOf(document.activeElement)) step(0);
  };

  const keyInSearch = (event) => {
    const all = options();
    // Pressed out of habit where the search has the focus already.
    if (event.key === "/" && !q.value) return true;
    // No name begins with it.
    if (event.key === "?" && !q.value && !keysOff()) at("help").showModal();
    else if (event.key === "Enter") enter();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const by = event.key === "ArrowDown" ? 1 : -1;
      if (all.length) choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
      else if (by > 0) step(0);
    } else if (event.key === "Escape") leaves();
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
    const row = rowOf(event.target);
    if (scans(event)) return true;
    if (event.key.length === 1 && keysOff()) return false;
    if (row && event.key.length === 1 && keyInRow(event, row)) return true;
    if (event.key === "j" || (event.key === "ArrowDown" && !event.target.matches("select"))) { step(1); return true; }
    if (event.key === "k" || (event.key === "ArrowUp" && !event.target.matches("select"))) { step(-1); return true; }
    if (event.key === "Escape") { leaves(); return true; }
    return false;
  };
  // The receipt's keys are letters with Alt, so that they act in the search too, where letters are typed. Where another alphabet
  // is typed, or Alt makes another sign of it, the key's place says which letter is meant.
  const keyOfReceipt = (event) => {
    const letter = /^[a-z]$/i.test(event.key) ? event.key : event.code.replace("Key", "");
    const button = receipt.querySelector(`[data-alt-key="${CSS.escape(letter.toLowerCase())}"]`);
    if (!button?.checkVisibility() || document.querySelector("dialog[open]")) return false;
    if (!event.repeat) button.click();
    return true;
  };
  // In the field of the date one chooses a day, and goes on by Enter to what there is on it, once that is known.
  let onward = false, lost = false;
  const keyInField = (event) => {
    if (event.key === "Escape") leaves();
    else if (event.key === "Enter" && event.target.id === "on") {
      if (event.target.reportValidity()) { onward = true; goOn(); }
    } else return false;
    return true;
  };
  const goOn = () => {
    if (!onward || asking.has(awaited.get(offer))) return;
    onward = false;
    // Another day that was not asked for is booked by its own key only. Where there is nothing to book, another date may be chosen.
    // Where somebody else was quicker, nothing is pressed by a hasty second Enter: what stands there is another question.
    const next = lost ? null : at("book") ?? (at("later") ? null : at("wait"));
    lost = false;
    if (next || document.activeElement !== at("on")) (next ?? offer.firstElementChild)?.focus();
  };
  const keysOff = () => document.documentElement.classList.contains("keys-off");
  const isField = (element) => element.matches("input, textarea, select");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.isComposing) return;
    const done = event.altKey ? keyOfReceipt(event)
      : document.querySelector("dialog[open]") ? !isField(event.target) && scans(event)
      : event.target === q ? keyInSearch(event)
      : isField(event.target) ? keyInField(event)
      : keyElsewhere(event);
    if (done) { event.preventDefault(); event.stopPropagation(); }
  }, true);
  // Capital letters are the same keys.
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isField(event.target) || event.ctrlKey || event.altKey || event.metaKey || keysOff() || !/^[A-Z]$/.test(event.key)) return;
    const button = [...document.querySelectorAll(`[data-key="${event.key.toLowerCase()}"]`)].find((one) => one.checkVisibility());
    if (button) { event.preventDefault(); button.click(); }
  });

  // What is typed into a field takes the place of what was proposed.
  const begins = (field) => { field?.focus(); field?.select?.(); };

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
      onward = true;
      if (card.hasAttribute("data-go")) at("book-form")?.requestSubmit();
    }
    goOn();
    const asked = dialog.firstElementChild;
    if (asked && !asked.shown) { asked.shown = true; if (!dialog.open) dialog.showModal(); begins(dialog.querySelector("[autofocus]")); }
  });
  at("help").addEventListener("close", () => q.focus());
  dialog.addEventListener("close", () => {
    // What is not about a row was a break in what one does at the counter.
    if (at("leave")) q.focus();
    empty(dialog);
    // What had it before may be gone by now.
    setTimeout(() => document.activeElement === document.body && q.focus(), 300);
  });

  const done = {
    "book-form": (answer, form) => form.dataset.next ? fetched(form.dataset.next + answer.id, offer) : booked(answer),
    "wait-form": (answer) => booked(answer),
    "override-form": (answer) => booked(answer),
    register: (answer, form) => fetched(form.dataset.next + answer.id, offer),
  };
  const booked = (token) => {
    search();
    flash(token.id);
    print(token.id);
    tell(token.id, "?booked=1");
  };
  // What was done last, with what can be done about it: printing it again, for one.
  let told = { token: null, how: "", shown: Promise.resolve() };
  const tell = (token, how = "") => { told = { token, how, shown: fetched(`/desk/token/${token}/receipt${how}`, receipt) }; };
  // What it says holds until something happens to that token, at another desk or in the room.
  const isStale = () => {
    const shown = receipt.querySelector("[data-token]"), row = at(`t${told.token}`);
    if (shown?.dataset.token !== told.token) return false;
    const now = row ? `${row.classList[0]} ${row.dataset.with} ${row.dataset.slot}` : "", before = told.row;
    told.row = now;
    return before === undefined ? Boolean(row) && row.classList[0] !== shown.dataset.status : before !== now;
  };
  document.addEventListener("baari:news", async () => {
    reveal();
    if (!isStale()) return;
    const { row } = told, was = receipt.contains(document.activeElement);
    tell(told.token, told.how);
    told.row = row;
    await told.shown;
    if (was && document.activeElement === document.body) q.focus();
  });
  document.addEventListener("baari:done", (event) => {
    const element = event.target, answer = event.detail;
    if (element.dataset.job) return element.remove();
    if (done[element.id]) return done[element.id](answer, element);
    if (!answer?.label) return;
    if (element.hasAttribute("data-scanned")) search();
    if (element.closest("#receipt")) q.focus();
    if (at("other-day") || offer.querySelector(`[data-coming="${answer.id}"]`)) search();
    flash(answer.id);
    if (element.hasAttribute("data-scanned")) tell(answer.id, did(answer) ? `?did=${did(answer)}` : "");
    else if (element.matches("#receipt *")) {
      const again = told.token === answer.id ? told.how : "";
      tell(answer.id, answer.status === "cancelled" ? "?did=cancelled" : again);
    }
    else if (element.matches("[data-did]")) tell(answer.id, `?did=${element.dataset.did}`);
  });
  // A scan says what it did: the second one of a slip nothing.
  const DID = { rejoined: "rejoined", unchanged: "was_here", became: "checked_in" };
  const did = ({ reasons }) => DID[Object.keys(DID).find((one) => reasons?.some((reason) => reason.code === one))];
  // Somebody has that phone: they are shown first, and whoever is none of them is registered by a choice of its own.
  document.addEventListener("baari:refused", ({ target, detail: { problem } }) => {
    if (target.id !== "register" || problem?.type !== "/problem/phone_known") return;
    hush();
    q.focus();
    const form = new URLSearchParams([...new FormData(target), ["q", q.value]]);
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
    if (!again) return;
    lost = true;
    fetched(again.getAttribute("hx-get"), offer);
  });

  // Whatever is done next: what was said against the last is over.
  document.addEventListener("click", ({ target }) => { if (target.closest("button, [role=option]")) hush(); }, true);
  document.addEventListener("click", (event) => {
    if (event.target.closest("#leave-it")) search();
    const slips = event.target.closest("[data-prints]"), doctor = event.target.closest("[data-only]");
    if (slips) { print(slips.dataset.prints, true); if (slips.id === "book") search(); }
    if (doctor) show(at("only").value === doctor.dataset.only ? "" : doctor.dataset.only);
  });
  document.addEventListener("change", (event) => {
    if (event.target.id === "only") show(event.target.value);
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
    // The keys of a card are for whom it shows, not for who is looked for.
    if (!books()) empty(offer);
  });
  q.focus();
})();
