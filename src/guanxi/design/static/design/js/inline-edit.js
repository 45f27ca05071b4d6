// Editing in place: Escape or the cross brings the value back without asking the server again.

const values = new WeakMap();

// Before the form takes its place, remember what stood there.
document.addEventListener("htmx:beforeSwap", (event) => {
  const place = event.detail.target;
  if (place?.matches?.("[data-inline-edit]") && !place.querySelector("[data-inline-form]")) {
    values.set(place, [...place.childNodes]);
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  const form = event.detail.target?.querySelector?.("[data-inline-form]");
  form?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
});

function cancel(form) {
  const place = form.closest("[data-inline-edit]");
  const value = values.get(place);
  if (!value) return;
  place.replaceChildren(...value);
  place.querySelector(".detail-edit")?.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-inline-cancel]");
  if (button) cancel(button.closest("[data-inline-form]"));
});
document.addEventListener("keydown", (event) => {
  const form = event.key === "Escape" && !event.isComposing && event.target.closest("[data-inline-form]");
  if (!form) return;
  event.stopPropagation();
  cancel(form);
});
