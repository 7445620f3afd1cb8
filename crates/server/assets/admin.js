// The pages where the facility is set up. Beside what baari.js does:
//
// - data-said="… {name} …": what happened, in words, in #done; {name} is filled from the API's answer. data-said-cancelled: the
//   same, of what is cancelled now.
// - What the server has against one field is shown at that field, in the words of its data-wrong if it has one, and the field
//   gets the focus.
// - hx-confirm asks in #ask, once, what is hard to take back. Who says no to a change has the form as it was. With
//   data-asks-if-same="#list tr" it asks only if one of these has the same name and room already.
// - What was fetched into #edit-body opens as a dialog.
// - data-secret="password": that part of the answer is shown once, in #secret.
// - data-least="max_count" data-few="…": this number is at least that one, else this is said.
// - data-ticks, data-fills: choices and numbers proposed; data-onto: so many more than that field has.
// - form[data-days]: one call for each day that is ticked, one after the other; it stops at the first that is refused, says which
//   are done, and leaves the others ticked.
"use strict";

(() => {
  const by = (id) => document.getElementById(id);
  const part = (answer, path) => path.split(".").reduce((value, name) => value?.[name], answer);
  const filled = (text, answer) => text.replace(/\{([\w.]+)\}/g, (_, path) => part(answer, path) ?? "");

  // What happened
  const secret = (element, answer) => {
    const text = part(answer, element.dataset.secret);
    if (!text) return;
    by("secret-title").textContent = filled(element.dataset.secretTitle, answer);
    by("secret-words").textContent = element.dataset.secretWords;
    by("secret-text").textContent = text;
    const path = answer.scopes?.includes("kiosk_use") ? "kiosk" : answer.scopes?.includes("board_read") && "board";
    by("secret-board").hidden = !path;
    by("secret-looks").hidden = path !== "board";
    if (path === "board") htmx.ajax("GET", `/admin/key/far?doctors=${answer.doctor_ids.length}`, { target: "#secret-far", swap: "innerHTML" });
    if (path) address(path);
    by("secret").showModal();
  };

  // The address of a screen: how a board is shown, then its key, which stays behind the # and is sent to nobody.
  const address = (path) => {
    const fields = path === "board" ? [...document.querySelectorAll("[data-screen]")] : [];
    const chosen = fields.map((field) => [field.dataset.screen, field.value.trim()]).filter(([, value]) => value);
    const query = chosen.length > 0 ? `?${new URLSearchParams(chosen)}` : "";
    by("secret-address").textContent = `${location.origin}/${path}${query}#${by("secret-text").textContent}`;
  };
  for (const field of document.querySelectorAll("[data-screen]")) field.addEventListener("input", () => address("board"));

  document.addEventListener("baari:done", (event) => {
    const element = event.target, answer = event.detail;
    unsay(element);
    const said = (answer?.status === "cancelled" && element.dataset.saidCancelled) || element.dataset.said;
    if (said) by("done").textContent = filled(said, answer);
    // The dialog that asked for it closes first.
    if (element.dataset.secret) setTimeout(() => secret(element, answer));
  });

  by("secret")?.addEventListener("close", () => {
    for (const id of ["secret-text", "secret-address"]) by(id).textContent = "";
    for (const field of document.querySelectorAll("input[data-screen]")) field.value = "";
  });

  // What is against it, at its field
  const unsay = (element) => {
    for (const wrong of (element.form ?? element).querySelectorAll?.(".wrong") ?? []) {
      const field = document.querySelector(`[aria-describedby~="${wrong.id}"]`);
      field?.removeAttribute("aria-invalid");
      field?.setAttribute("aria-describedby", field.getAttribute("aria-describedby").replace(` ${wrong.id}`, ""));
      wrong.remove();
    }
  };

  const fieldOf = (form, name) => {
    const all = [...form.elements].filter((field) => field.type !== "hidden" && field.name);
    const fits = [(field) => field.name, (field) => field.name.split(/[.[]/)[0], (field) => field.name.split(".").at(-1)];
    return fits.map((part) => all.find((field) => part(field) === name)).find(Boolean);
  };

  document.addEventListener("baari:refused", (event) => {
    const form = event.target.closest("form"), { problem } = event.detail;
    by("done").textContent = "";
    if (!form) return;
    unsay(form);
    const field = problem?.field && fieldOf(form, problem.field);
    if (!field) return;
    const wrong = document.createElement("p");
    wrong.className = "wrong";
    wrong.id = "wrong";
    wrong.setAttribute("role", "alert");
    const place = field.closest("fieldset, .field") ?? field.parentElement;
    wrong.textContent = field.dataset.wrong ?? place.dataset.wrong ?? problem.detail;
    place.append(wrong);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} wrong`);
    const general = form.querySelector("[data-trouble]");
    if (general) general.hidden = true;
    field.focus();
  });

  // One call for each day
  const answered = (form) => new Promise((resolve) => {
    const kinds = { "baari:done": true, "baari:refused": false, "htmx:error": false };
    for (const [kind, worked] of Object.entries(kinds)) form.addEventListener(kind, () => resolve(worked), { once: true });
  });
  const PAUSE_MS = 50;

  const eachDay = async (form) => {
    const boxes = [...form.querySelectorAll("[data-day]")], trouble = form.querySelector("[data-trouble]");
    const chosen = () => boxes.filter((box) => box.checked), names = (list) => list.map((box) => box.parentElement.textContent.trim()).join(", ");
    const done = [];
    trouble.textContent = chosen().length > 0 ? "" : form.dataset.daysNone;
    trouble.hidden = chosen().length > 0;
    if (chosen().length === 0) return boxes[0].focus();
    for (const box of chosen()) {
      // A form that is being sent can't be sent: the one before is over when its own listeners are.
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      const answer = answered(form);
      form.elements.weekday.value = box.dataset.day;
      form.baariDay = true;
      form.requestSubmit();
      form.baariDay = false;
      if (!await answer) break;
      box.checked = false;
      done.push(box);
    }
    const left = chosen(), said = [];
    if (done.length > 0) said.push(form.dataset.daysDone.replace("{days}", names(done)));
    if (left.length > 0) said.push(form.dataset.daysNot.replace("{days}", names(left)));
    else said.push(form.dataset.said);
    by("done").textContent = said.join(" ");
  };

  document.addEventListener("change", ({ target: { form } }) => {
    const trouble = form?.dataset.daysNone && form.querySelector("[data-trouble]");
    if (trouble && trouble.textContent === form.dataset.daysNone) trouble.hidden = true;
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-days]") || form.baariDay) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.baariRuns) return;
    form.baariRuns = eachDay(form).finally(() => { form.baariRuns = null; });
  }, true);

  const isThere = (form, lines) => {
    const plain = (text) => text.trim().replace(/\s+/g, " ").toLowerCase();
    const isSame = (name) => ({ dataset }) => name in dataset && plain(dataset[name]) === plain(form.elements[name].value);
    return [...document.querySelectorAll(lines)].filter(isSame("name")).some(isSame("room"));
  };

  // Asked once
  document.addEventListener("htmx:confirm", (event) => {
    const { ctx, issueRequest, dropRequest } = event.detail, dialog = by("ask");
    if (!ctx.confirm || !dialog) return;
    event.preventDefault();
    const { asksIfSame } = ctx.sourceElement.dataset;
    if (asksIfSame && !isThere(ctx.sourceElement, asksIfSame)) return issueRequest();
    by("ask-words").textContent = ctx.confirm;
    const yes = by("ask-yes");
    yes.textContent = ctx.sourceElement.dataset.yes ?? yes.dataset.words;
    dialog.returnValue = "";
    yes.onclick = () => dialog.close("yes");
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "yes") return issueRequest();
      if (ctx.sourceElement.matches("form[data-changes]")) ctx.sourceElement.reset();
      dropRequest();
    }, { once: true });
    dialog.showModal();
  });

  // What was fetched opens
  document.addEventListener("htmx:after:swap", (event) => {
    const { target } = event.detail.ctx;
    if (target?.id === "edit-body" && !by("edit").open) by("edit").showModal();
    if (target?.id === "plan") {
      unsay(target.closest("form"));
      target.closest("form").querySelector("[data-trouble]").hidden = true;
      target.scrollIntoView({ block: "nearest" });
    }
  });

  document.addEventListener("input", ({ target: { form } }) => {
    // What was looked at is not what would be done any more.
    form?.querySelector("#plan")?.replaceChildren();
    for (const field of form?.querySelectorAll("[data-least]") ?? []) {
      const least = form.elements[field.dataset.least];
      const few = field.value && least.value && Number(field.value) < Number(least.value);
      field.setCustomValidity(few ? field.dataset.few : "");
    }
  });

  document.addEventListener("click", async (event) => {
    const copier = event.target.closest("[data-copies]"), ticker = event.target.closest("[data-ticks]");
    const filler = event.target.closest("[data-fills]");
    if (copier) {
      const text = document.querySelector(copier.dataset.copies);
      getSelection().selectAllChildren(text);
      // Without https the browser keeps the clipboard to itself; what is selected can be copied by hand.
      await navigator.clipboard?.writeText(text.textContent).then(() => { copier.textContent = copier.dataset.copied; }, () => {});
    }
    if (ticker) {
      const wanted = ticker.dataset.ticks.split(" ");
      for (const box of ticker.form.querySelectorAll("[name='scopes[]']")) box.checked = wanted.includes(box.value);
    }
    if (filler) {
      const field = document.querySelector(filler.dataset.fills);
      const onto = filler.dataset.onto ? Number(document.querySelector(filler.dataset.onto).value) : 0;
      field.value = onto + Number(filler.dataset.value);
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    }
  });
})();
