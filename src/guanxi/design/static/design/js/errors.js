// What to say when an htmx request fails. Refusals (400, 409, 422) carry their own page part and are swapped in.
import { say } from "./toasts.js";

const SENTENCES = { 401: "signedOut", 403: "forbidden", 404: "missing", 410: "missing", 413: "tooLarge" };

// Panels say it in their own place; what asks again by itself need not complain each time.
const QUIET = "[data-panel], [data-live-topic]";

document.addEventListener("htmx:responseError", (event) => {
  if (event.target.closest(QUIET)) return;
  say(SENTENCES[event.detail.xhr.status] ?? "failed");
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    if (!event.target.closest(QUIET)) say("offline");
  });
}

// After the session ended, a part of a page would be replaced by the sign-in page: go there instead.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.responseURL && new URL(xhr.responseURL).pathname.startsWith("/accounts/login")) {
    event.detail.shouldSwap = false;
    location.assign(`/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
});
