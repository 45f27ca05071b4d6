// Keys. An element with data-hotkey="n" or data-hotkey="g c" is clicked (or focused, if it is a field) by that key.
// `?` lists what this page offers: elements with data-hotkey, named by data-hotkey-label or by their own words.
import { open } from "./dialogs.js";

const SEQUENCE_WITHIN = 1200; // milliseconds between g and c
let pending = "";
let timer;

export function isTyping(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio|button)$/.test(target.type);
}

function find(keys) {
  const all = document.querySelectorAll(`[data-hotkey="${CSS.escape(keys)}"]`);
  return [...all].find((element) => element.checkVisibility()) ?? all[0];
}

function press(element) {
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName)) element.focus();
  else element.click();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "?") {
    event.preventDefault();
    help();
    return;
  }
  if (event.key.length !== 1) return;
  const keys = pending ? `${pending} ${event.key}` : event.key;
  pending = "";
  clearTimeout(timer);
  const found = find(keys) ?? find(event.key);
  if (found) {
    event.preventDefault();
    press(found);
  } else if (document.querySelector(`[data-hotkey^="${CSS.escape(event.key)} "]`)) {
    pending = event.key;
    timer = setTimeout(() => (pending = ""), SEQUENCE_WITHIN);
  }
});

function help() {
  const dialog = document.getElementById("shortcuts");
  if (dialog) open(dialog);
}

// Filled each time it opens, because htmx may have changed what the page offers.
document.getElementById("shortcuts")?.addEventListener("beforetoggle", (event) => {
  if (event.newState !== "open") return;
  const list = event.target.querySelector("[data-shortcuts-here]");
  const seen = new Set(["[", "]"]);
  list.replaceChildren();
  for (const element of document.querySelectorAll("[data-hotkey]")) {
    const keys = element.dataset.hotkey;
    if (seen.has(keys)) continue;
    seen.add(keys);
    list.append(line(keys, element.dataset.hotkeyLabel ?? element.querySelector("span")?.textContent ?? element.textContent));
  }
});

function line(keys, words) {
  const row = document.createElement("div");
  const term = document.createElement("dt");
  for (const key of keys.split(" ")) {
    const cap = document.createElement("kbd");
    cap.textContent = key;
    term.append(cap);
  }
  const meaning = document.createElement("dd");
  meaning.textContent = words.trim();
  row.append(term, meaning);
  return row;
}
