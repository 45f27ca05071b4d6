// Lists: j and k move, Enter opens, x selects, Shift selects a range; the bulk bar follows what is selected.
import { isTyping } from "./hotkeys.js";

const rows = () => [...document.querySelectorAll("[data-list] [data-row]")].filter((row) => row.checkVisibility());
const boxes = () => [...document.querySelectorAll("[data-select-row]")];
let now = -1;
let last = null;

function move(step) {
  const all = rows();
  if (!all.length) return;
  const found = all.findIndex((row) => row.classList.contains("row-now"));
  now = Math.min(Math.max((found === -1 ? (step > 0 ? -1 : all.length) : found) + step, 0), all.length - 1);
  for (const row of all) row.classList.toggle("row-now", row === all[now]);
  all[now].scrollIntoView({ block: "nearest" });
  (all[now].querySelector("[data-row-link]") ?? all[now].querySelector("a"))?.focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "j" || event.key === "k") {
    move(event.key === "j" ? 1 : -1);
  } else if (event.key === "x") {
    const box = document.querySelector(".row-now [data-select-row]");
    if (!box) return;
    box.checked = !box.checked;
    changed(box, event.shiftKey);
  } else {
    return;
  }
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const box = event.target.closest("[data-select-row]");
  if (box) {
    changed(box, event.shiftKey);
    return;
  }
  if (event.target.closest("[data-bulk-clear]")) {
    for (const each of boxes()) each.checked = false;
    refresh();
  } else if (event.target.closest("[data-select-matching]")) {
    matchAll(true);
  }
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-select-all]")) return;
  for (const box of boxes()) box.checked = event.target.checked;
  refresh();
});

function changed(box, ranged) {
  const all = boxes();
  if (ranged && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const each of all.slice(from, to + 1)) each.checked = box.checked;
  }
  last = box;
  refresh();
}

/** Bring the bar, the head's box and the offer to select everything in line with the rows. */
export function refresh() {
  const all = boxes();
  const chosen = all.filter((box) => box.checked);
  const bar = document.querySelector("[data-bulk-bar]");
  const head = document.querySelector("[data-select-all]");
  if (head) {
    head.checked = all.length > 0 && chosen.length === all.length;
    head.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
  if (!bar) return;
  bar.hidden = chosen.length === 0;
  bar.querySelector("[data-bulk-count]").textContent = chosen.length.toLocaleString(document.documentElement.lang);
  matchAll(false);
  const offer = bar.querySelector("[data-select-matching]");
  // On a phone the head is out of sight, and with it the box for the whole page: one row is enough there.
  if (offer) offer.hidden = !(head?.checked || (chosen.length > 0 && !head?.checkVisibility()));
}

function matchAll(yes) {
  const field = document.querySelector("[data-all-matching]");
  if (!field) return;
  field.value = yes ? "1" : "";
  document.querySelector("[data-matching-note]").hidden = !yes;
  document.querySelector("[data-bulk-bar] .bulk-count").hidden = yes;
  if (yes) document.querySelector("[data-select-matching]").hidden = true;
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.querySelector?.("[data-select-row]") || event.target.closest?.("[data-list]")) refresh();
});
refresh();
