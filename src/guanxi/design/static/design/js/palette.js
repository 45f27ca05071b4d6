// The command palette: a combobox whose answers come from the server, with places to go below them.
import { isTyping } from "./hotkeys.js";

const palette = document.getElementById("palette");
const input = document.getElementById("palette-input");

if (palette && input) {
  const results = () => document.getElementById("search_results");
  const places = palette.querySelector("[data-palette-places]");
  const none = palette.querySelector("[data-palette-none]");

  const options = () => [...palette.querySelectorAll(".palette-option")].filter((option) => option.checkVisibility());
  const selected = () => options().findIndex((option) => option.ariaSelected === "true");

  const select = (index) => {
    const all = options();
    for (const option of palette.querySelectorAll(".palette-option")) option.ariaSelected = "false";
    const option = all[(index + all.length) % all.length];
    if (!option) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    option.ariaSelected = "true";
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  };

  // Places are narrowed here, as the words are on the page already; customers come from the server.
  const narrow = () => {
    const words = input.value.trim().toLowerCase();
    let left = 0;
    for (const place of places?.querySelectorAll(".palette-option") ?? []) {
      place.hidden = !place.textContent.toLowerCase().includes(words);
      left += place.hidden ? 0 : 1;
    }
    if (places) places.hidden = left === 0;
    if (!words) results().replaceChildren();
  };

  const settle = () => {
    none.hidden = !input.value.trim() || options().length > 0;
    select(0);
  };

  const open = () => {
    if (palette.open) return;
    palette.showModal();
    input.select();
    narrow();
    settle();
  };

  document.addEventListener("keydown", (event) => {
    const chord = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !isTyping(event.target);
    if (!chord && !(slash && !document.querySelector("dialog[open]"))) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("click", (event) => event.target.closest("[data-palette]") && open());

  input.addEventListener("input", () => {
    narrow();
    none.hidden = true;
    select(0);
  });
  palette.addEventListener("htmx:afterSettle", settle);
  document.addEventListener("htmx:oobAfterSwap", settle);

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // Enter and the arrows belong to the input method while it composes Chinese
    if (event.key === "Escape") {
      event.preventDefault(); // a search field would only empty itself
      palette.close();
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      select(selected() + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      const option = options()[Math.max(selected(), 0)];
      if (!option) return;
      if (event.ctrlKey || event.metaKey) window.open(option.href, "_blank", "noopener");
      else option.click();
    }
  });
  palette.addEventListener("click", (event) => event.target.closest("a") && palette.close());
}
