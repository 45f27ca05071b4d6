// [data-dialog="id"] opens the <dialog> of that id; [data-dialog-close] closes the one around it; so does a click outside.

export function open(dialog) {
  if (dialog.open) return;
  dialog.showModal();
  const first = dialog.querySelector("[autofocus], .dialog-body :is(input:not([type=hidden]), select, textarea)");
  first?.focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog) open(dialog);
    return;
  }
  if (event.target.closest("[data-dialog-close]")) {
    event.target.closest("dialog")?.close();
  } else if (event.target instanceof HTMLDialogElement && isOutside(event)) {
    event.target.close();
  }
});

// A press on the dialog's own box also targets it; only outside that box is the backdrop.
function isOutside(event) {
  const box = event.target.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

// A view closes the dialog around the form it accepted by answering with HX-Trigger: guanxi:close-dialog.
document.addEventListener("guanxi:close-dialog", (event) => {
  const dialog = event.target.closest?.("dialog[open]") ?? document.querySelector("dialog[open]");
  dialog?.close();
});

for (const dialog of document.querySelectorAll("dialog[data-dialog-open]")) open(dialog);
