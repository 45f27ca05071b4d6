// Writing notes: colleagues suggested after @, the names of chosen files, and Ctrl+Enter to send.

const MOST = 8;
const BEFORE = /(?:^|[\s(（，。,])@([^\s@]{0,20})$/;

let box = null; // the list of suggestions, one at a time
let area = null;
let asked = 0;

function close() {
  box?.remove();
  box = null;
  area?.removeAttribute("aria-activedescendant");
  area = null;
}

function typed(field) {
  const match = BEFORE.exec(field.value.slice(0, field.selectionStart));
  return match ? match[1] : null;
}

function select(index) {
  const all = [...box.children];
  all.forEach((option, place) => option.setAttribute("aria-selected", String(place === (index + all.length) % all.length)));
  const chosen = box.querySelector("[aria-selected=true]");
  chosen?.scrollIntoView({ block: "nearest" });
  if (chosen) area.setAttribute("aria-activedescendant", chosen.id);
}

function put(option) {
  const end = area.selectionStart;
  const start = area.value.lastIndexOf("@", end - 1);
  area.setRangeText(`@${option.dataset.name} `, start, end, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  const field = area;
  close();
  field.focus();
}

function show(field, colleagues) {
  close();
  if (!colleagues.length) return;
  area = field;
  box = document.createElement("ul");
  box.className = "mention-choices";
  box.role = "listbox";
  for (const [place, each] of colleagues.slice(0, MOST).entries()) {
    const option = document.createElement("li");
    option.role = "option";
    option.id = `mention-choice-${place}`;
    option.dataset.name = each.text;
    option.textContent = each.text;
    const detail = document.createElement("span");
    detail.textContent = each.detail ?? "";
    option.append(detail);
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      put(option);
    });
    box.append(option);
  }
  field.insertAdjacentElement("afterend", box);
  select(0);
}

async function suggest(field) {
  const letters = typed(field);
  const mine = ++asked;
  if (letters === null) return close();
  const address = `${field.dataset.mentions}?q=${encodeURIComponent(letters)}`;
  const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
  if (mine !== asked || !answer?.ok || document.activeElement !== field) return undefined;
  return show(field, await answer.json());
}

let timer;
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-mentions]")) return;
  clearTimeout(timer);
  timer = setTimeout(suggest, 120, event.target);
});

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.isComposing || !field.matches?.("[data-mentions]")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    field.form.requestSubmit();
    return;
  }
  if (!box || area !== field) return;
  const at = [...box.children].findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") select(at + (event.key === "ArrowDown" ? 1 : -1));
  else if (event.key === "Enter" || event.key === "Tab") put(box.children[Math.max(at, 0)]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("focusout", (event) => event.target === area && close());

document.addEventListener("change", (event) => {
  const names = event.target.closest?.(".composer-files")?.querySelector("[data-file-names]");
  if (names) names.textContent = [...event.target.files].map((file) => file.name).join(", ");
});
