// A form with passwords: a box [data-shows] shows what is typed into them, and after a refusal the focus is in the one at fault.
// Before it is sent they are hidden again, or the browser would offer what was typed to the next one who types there.
"use strict";

for (const box of document.querySelectorAll("[data-shows]")) {
  const { form } = box, fields = [...form.querySelectorAll("[type=password]")];
  const show = (shown) => { for (const field of fields) field.type = shown ? "text" : "password"; };
  box.closest("[hidden]").hidden = false;
  box.addEventListener("change", () => show(box.checked));
  form.addEventListener("submit", () => { box.checked = false; show(false); });
  form.addEventListener("baari:refused", ({ detail: { problem } }) => {
    const field = fields.find(({ name }) => name === problem?.field) ?? fields[0];
    field.focus();
    field.select();
  });
}
