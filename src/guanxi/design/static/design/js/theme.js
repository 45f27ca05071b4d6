// Runs before anything is drawn, so that a dark page never flashes white. A classic script: modules come too late.
(() => {
  const KEY = "guanxi-theme";
  const device = matchMedia("(prefers-color-scheme: dark)");

  const chosen = () => {
    try {
      return localStorage.getItem(KEY) || "auto";
    } catch {
      return "auto"; // storage may be forbidden; the device decides then
    }
  };

  const apply = () => {
    const choice = chosen();
    const dark = choice === "dark" || (choice === "auto" && device.matches);
    document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      const active = button.dataset.themeChoice === choice;
      button.classList.toggle("active", active);
      button.setAttribute("aria-pressed", String(active));
    }
  };

  apply();
  device.addEventListener("change", apply);
  addEventListener("storage", (event) => event.key === KEY && apply());
  document.addEventListener("DOMContentLoaded", apply);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    try {
      localStorage.setItem(KEY, button.dataset.themeChoice);
    } catch {
      // without storage the choice lasts for this page only
    }
    apply();
  });
})();
