// Toasts: those the page brought, and those htmx answers bring in HX-Trigger as guanxi:toast.

const STAYS = 6000; // milliseconds; with Undo longer, and never while pointed at or focused
const STAYS_WITH_UNDO = 12000;

const shelf = document.getElementById("toasts");
const template = document.getElementById("toast-template");

export function show({ text, level = "info", undo = "" }) {
  const note = template.content.firstElementChild.cloneNode(true);
  note.classList.add(`toast-${level}`);
  for (const sign of note.querySelectorAll("[data-sign]")) sign.hidden = sign.dataset.sign !== level;
  note.querySelector(".toast-text").textContent = text;
  const form = note.querySelector("[data-toast-undo]");
  form.hidden = !undo;
  form.action = undo;
  form.elements.namedItem("next").value = location.pathname + location.search;
  // Above an open dialog only what is inside it, or in the top layer, can be seen.
  shelf.append(note);
  lift();
  leaveLater(note, Boolean(undo));
}

/** Say one of the sentences the frame carries: offline, failed, forbidden, signedOut, missing, tooLarge. */
export function say(sentence, level = "danger") {
  show({ text: shelf.dataset[sentence], level });
}

function lift() {
  if (!shelf.popover) shelf.popover = "manual";
  if (shelf.matches(":popover-open")) shelf.hidePopover();
  shelf.showPopover();
}

function leaveLater(note, hasUndo) {
  let timer;
  const start = () => {
    timer = setTimeout(() => note.remove(), hasUndo ? STAYS_WITH_UNDO : STAYS);
  };
  const stop = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) note.addEventListener(name, stop);
  for (const name of ["pointerleave", "focusout"]) note.addEventListener(name, start);
  start();
}

if (shelf) {
  shelf.addEventListener("click", (event) => {
    if (event.target.closest("[data-toast-close]")) event.target.closest("[data-toast]").remove();
  });
  document.addEventListener("guanxi:toast", (event) => {
    for (const each of event.detail.toasts ?? [event.detail]) show(each);
  });
  const brought = shelf.querySelectorAll("[data-toast]");
  for (const note of brought) leaveLater(note, !note.querySelector("[data-toast-undo]").hidden);
}
