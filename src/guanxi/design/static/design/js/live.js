// Live updates. Elements name topics in data-live-topic="a b"; what the server tells about a topic becomes the DOM event
// guanxi:<topic> on the document, so that hx-trigger="guanxi:progress.7 from:document" suffices in a template.

const FIRST_WAIT = 1000; // milliseconds; doubled after each failure
const LONGEST_WAIT = 30000;

let source = null;
let open = "";
let wait = FIRST_WAIT;
let timer;

function wanted() {
  const topics = new Set();
  for (const element of document.querySelectorAll("[data-live-topic]")) {
    for (const topic of element.dataset.liveTopic.split(/\s+/)) if (topic) topics.add(topic);
  }
  return [...topics].sort().join(",");
}

function tell(topic, detail) {
  document.dispatchEvent(new CustomEvent(`guanxi:${topic}`, { detail }));
}

function close() {
  clearTimeout(timer);
  source?.close();
  source = null;
  open = "";
}

function connect() {
  const topics = wanted();
  // A hidden tab holds no connection: a browser allows six to one host over HTTP/1.1, for all tabs together.
  if (document.hidden || !topics) return close();
  if (source && topics === open) return undefined;
  const again = wait > FIRST_WAIT;
  close();
  open = topics;
  source = new EventSource(`/live?topics=${encodeURIComponent(topics)}`);
  source.onopen = () => {
    wait = FIRST_WAIT;
    if (again) for (const topic of topics.split(",")) tell(topic, { missed: true });
  };
  source.onmessage = (event) => heard(event.data);
  for (const topic of topics.split(",")) source.addEventListener(topic, (event) => heard(event.data, topic));
  source.onerror = () => {
    close();
    timer = setTimeout(connect, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };
  return undefined;
}

function heard(text, named) {
  let message = null;
  try {
    message = JSON.parse(text);
  } catch {
    message = { payload: text };
  }
  const topic = named ?? message?.topic;
  if (topic) tell(topic, message?.payload ?? message);
}

let queued = 0;
function soon() {
  cancelAnimationFrame(queued);
  queued = requestAnimationFrame(connect);
}

document.addEventListener("visibilitychange", () => {
  const missed = !document.hidden && wanted();
  connect();
  if (missed) for (const topic of missed.split(",")) tell(topic, { missed: true });
});
document.addEventListener("htmx:afterSettle", soon);
addEventListener("pagehide", close);
connect();
