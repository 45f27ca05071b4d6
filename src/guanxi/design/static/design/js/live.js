// Live updates. Elements name topics in data-live-topic="a b"; what the server tells about a topic becomes the DOM event
// guanxi:<topic> on the document, so that hx-trigger="guanxi:progress:7 from:document" suffices in a template.

const FIRST_WAIT = 1000; // milliseconds; doubled after each failure
const LONGEST_WAIT = 60000;

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
    if (again) missed(topics);
  };
  source.addEventListener("resync", () => missed(topics)); // the server forgot what came meanwhile
  for (const topic of topics.split(",")) source.addEventListener(topic, (event) => tell(topic, read(event.data)));
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED) return; // the browser reconnects and says what it heard last
    close();
    timer = setTimeout(connect, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };
  return undefined;
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
}

/** Something may have been told while nobody listened: whoever follows asks the server again. */
function missed(topics) {
  for (const topic of topics.split(",")) tell(topic, { missed: true });
}

let queued = 0;
function soon() {
  cancelAnimationFrame(queued);
  queued = requestAnimationFrame(connect);
}

document.addEventListener("visibilitychange", () => {
  connect();
  if (!document.hidden && wanted()) missed(wanted());
});
document.addEventListener("htmx:afterSettle", soon);
addEventListener("pagehide", close);
connect();
