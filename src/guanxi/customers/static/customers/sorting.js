// Lines put in order by hand: dragged by their grip, or moved with arrow buttons that keep the focus.
// Inside a form the order of the lines is the order that is sent. A list with data-sorting-url sends it at once.
/* global Sortable */

function send(list) {
  const url = list.dataset.sortingUrl;
  if (!url) return;
  const ids = [...list.querySelectorAll(":scope > [data-sorting-item]")].map((line) => line.dataset.sortingItem);
  window.htmx.ajax("POST", url, { values: { ids }, swap: "none", source: list });
}

for (const list of document.querySelectorAll("[data-sorting]")) {
  Sortable.create(list, { handle: "[data-sorting-grip]", draggable: "[data-sorting-item]", animation: 120, onEnd: () => send(list) });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sorting] [data-sorting-up], [data-sorting] [data-sorting-down]");
  if (!button) return;
  const line = button.closest("[data-sorting-item]");
  const up = button.matches("[data-sorting-up]");
  const other = up ? line.previousElementSibling : line.nextElementSibling;
  event.preventDefault();
  if (!other) return;
  if (up) other.before(line);
  else other.after(line);
  button.focus();
  send(line.closest("[data-sorting]"));
});
