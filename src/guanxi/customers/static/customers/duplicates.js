// Walking the queue of duplicates: n and p make another pair the current one, to which m, c and d then belong.
const pairs = () => [...document.querySelectorAll("[data-pair]")];

function choose(pair) {
  for (const each of pairs()) {
    each.toggleAttribute("data-current", each === pair);
    for (const action of each.querySelectorAll("[data-key]")) {
      if (each === pair) action.dataset.hotkey = action.dataset.key;
      else delete action.dataset.hotkey;
    }
  }
  pair.focus({ preventScroll: true });
  pair.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const walk = event.target.closest("[data-walk]");
  if (!walk) return;
  const all = pairs();
  const at = all.findIndex((each) => each.hasAttribute("data-current"));
  const next = all[at + Number(walk.dataset.walk)];
  if (next) choose(next);
});
