// Copies what is shown once, and says so; tells of passkeys that did not work.
// <button data-copy="id-of-input" data-copied="Copied">…</button>
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const input = document.getElementById(button.dataset.copy);
  input.select();
  try {
    await navigator.clipboard.writeText(input.value);
  } catch {
    document.execCommand("copy"); // an address without https has no clipboard of its own
  }
  const words = button.querySelector("span");
  const before = words.textContent;
  words.textContent = button.dataset.copied;
  setTimeout(() => { words.textContent = before; }, 2000);
});

document.addEventListener("allauth.error", () => {
  const note = document.getElementById("passkey-note");
  if (note) note.hidden = false;
});
