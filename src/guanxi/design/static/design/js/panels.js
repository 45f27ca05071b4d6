// Panels that load themselves: the skeleton gives way to the answer, or to a sentence and a way to try again.

function failed(event) {
  const panel = event.target.closest("[data-panel]");
  if (!panel || event.target !== panel) return;
  panel.setAttribute("aria-busy", "false");
  panel.querySelector("[data-skeleton]").hidden = true;
  panel.querySelector("[data-panel-error]").hidden = false;
}

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, failed);

document.addEventListener("click", (event) => {
  const retry = event.target.closest("[data-panel-retry]");
  if (!retry) return;
  const panel = retry.closest("[data-panel]");
  panel.setAttribute("aria-busy", "true");
  panel.querySelector("[data-skeleton]").hidden = false;
  panel.querySelector("[data-panel-error]").hidden = true;
  htmx.trigger(panel, "retry");
});
