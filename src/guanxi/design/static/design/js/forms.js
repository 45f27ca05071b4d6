// Forms: searchable selects, drop zones, sent once only, and a warning before unsaved words are lost.
/* global TomSelect */

function searchable(select) {
  if (select.tomselect) return;
  const url = select.dataset.tomSelectUrl;
  const remote = url && {
    valueField: "value",
    labelField: "text",
    searchField: [], // the server has searched already, by pinyin too
    load: (words, done) =>
      fetch(`${url}${url.includes("?") ? "&" : "?"}q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } })
        .then((answer) => (answer.ok ? answer.json() : []))
        .then(done, () => done()),
  };
  const noMatch = select.dataset.noMatch ?? "";
  const control = new TomSelect(select, {
    plugins: select.multiple ? ["remove_button"] : [],
    maxOptions: 200,
    allowEmptyOption: !select.multiple,
    hidePlaceholder: true,
    create: "tomSelectCreate" in select.dataset,
    render: { no_results: (_, escape) => `<div class="no-results">${escape(noMatch)}</div>` },
    ...remote,
  });
  select.ariaHidden = "true"; // out of sight already; the label now belongs to the field that is typed into
  // So do the help and the error.
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (select.hasAttribute(name)) control.control_input.setAttribute(name, select.getAttribute(name));
  }
}

function dropZone(zone) {
  const input = zone.querySelector("input[type=file]");
  const name = zone.querySelector("[data-drop-zone-name]");
  const show = () => {
    name.textContent = [...input.files].map((file) => file.name).join(", ");
  };
  input.addEventListener("change", show);
  for (const event of ["dragenter", "dragover"]) zone.addEventListener(event, () => zone.classList.add("dragging"));
  for (const event of ["dragleave", "drop"]) zone.addEventListener(event, () => zone.classList.remove("dragging"));
  zone.dataset.ready = "true";
  show();
}

function prepare(root) {
  const within = (selector) => [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];
  within("select[data-tom-select]").forEach(searchable);
  within("[data-drop-zone]:not([data-ready])").forEach(dropZone);
  within("[data-form-errors]").at(0)?.focus();
}

prepare(document.body);
document.addEventListener("htmx:load", (event) => event.detail.elt !== document.body && prepare(event.detail.elt));

// Sent once: a second press while the first is under way does nothing.
const sent = new WeakSet();
document.addEventListener("submit", (event) => {
  const form = event.target;
  unsaved.delete(form);
  if (event.defaultPrevented || !form.matches("[data-submit-once]") || form.hasAttribute("hx-post")) return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
  event.submitter?.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:beforeRequest", (event) => busy(event, true));
document.addEventListener("htmx:afterRequest", (event) => busy(event, false));

function busy(event, yes) {
  const form = event.target.closest?.("form[data-submit-once]");
  const button = form?.querySelector("button[type=submit]");
  if (!button || event.target !== form) return;
  button.disabled = yes;
  if (yes) button.setAttribute("aria-busy", "true");
  else button.removeAttribute("aria-busy");
}

// Coming back with the browser's own arrow shows the form as it was left: let it be sent again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const button of document.querySelectorAll("[aria-busy=true][type=submit]")) {
    button.removeAttribute("aria-busy");
    sent.delete(button.form);
  }
});

const unsaved = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-warn-unsaved]");
  if (form) unsaved.add(form);
});
addEventListener("beforeunload", (event) => {
  if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
});
