// Guanxi's snippet: tells what visitors do on this site. See docs/tracking.md.
(() => {
  const tag = document.currentScript;
  const site = tag.dataset.site;
  const endpoint = new URL("/v1/track", tag.src).href;
  const refuses = navigator.globalPrivacyControl === true || navigator.doNotTrack === "1";
  let waiting = []; // told before consent: neither stored nor sent
  let sending = false;
  let pause = 2000;
  let shown = "";
  let referrer = document.referrer;

  const store = (() => {
    try {
      return localStorage.length >= 0 && localStorage;
    } catch {
      return {};
    }
  })();
  const at = (name) => `guanxi.${site}.${name}`;
  const read = (name) => store[at(name)];
  const write = (name, value) => (value === null ? delete store[at(name)] : (store[at(name)] = value));
  const random = () =>
    [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const asked = "consent" in tag.dataset;
  const allowed = () => !refuses && read("consent") !== "no" && (!asked || read("consent") === "yes");
  const here = () => location.href.split("#")[0];
  const queue = () => JSON.parse(read("queue") ?? "[]");
  const add = (entry) => {
    if (!read("visitor")) write("visitor", random());
    write("queue", JSON.stringify([...queue(), { ...entry, visitor: read("visitor") }].slice(-300)));
    send();
  };
  const tell = (name, properties, more = {}) => {
    const entry = { at: Date.now(), event: { name, key: random(), properties, ...more } };
    if (allowed()) add(entry);
    else if (!refuses && read("consent") !== "no") waiting = [...waiting, entry].slice(-50);
  };

  const later = () => {
    sending = false;
    setTimeout(send, pause);
    pause = Math.min(pause * 2, 300000);
  };

  // One visitor's events at a time. Sent twice they count once: each has a key of its own.
  const send = () => {
    const first = queue()[0];
    if (sending || !first || !allowed()) return;
    sending = true;
    let batch = queue().filter((each) => each.visitor === first.visitor).slice(0, 50);
    const written = () =>
      JSON.stringify({
        site,
        visitor: first.visitor,
        consent: true,
        events: batch.map((each) => ({ ...each.event, age: Date.now() - each.at })),
      });
    while (batch.length > 1 && written().length > 20000) batch = batch.slice(0, batch.length >> 1);
    fetch(endpoint, { method: "POST", body: written(), keepalive: true, credentials: "omit" })
      .then((answer) => {
        if (answer.status === 429 || answer.status >= 500) throw answer;
        const told = batch.map((each) => each.event.key);
        write("queue", JSON.stringify(queue().filter((each) => !told.includes(each.event.key))));
        pause = 2000;
        sending = false;
        send();
      })
      .catch(later);
  };

  const forget = () => {
    waiting = [];
    for (const name of ["visitor", "queue", "subject", "told"]) write(name, null);
  };

  const verbs = {
    page(properties) {
      const url = here();
      tell("web.page_viewed", { url, title: document.title, referrer, ...properties });
      shown = referrer = url;
    },
    product: (product) => tell("web.product_viewed", { url: here(), product }),
    cart: (cart) => tell("web.cart_updated", cart),
    purchase({ amount, currency, ...order }) {
      const key = order.order ? { key: `order:${order.order}` } : {};
      tell("shop.purchase_made", order, { amount: String(amount), currency, ...key });
    },
    identify(who, signature) {
      const claims = typeof who === "string" ? who : JSON.stringify(who);
      const { expires, ...said } = JSON.parse(claims);
      const subject = String(said.external ?? said.email ?? said.phone ?? "");
      const told = JSON.stringify(said) + (signature ? "+" : "");
      if (!allowed()) return void tell("web.visitor_identified", {}, { claims, signature });
      if (read("told") === told && read("visitor")) return;
      if (read("subject") && read("subject") !== subject) write("visitor", null); // somebody else at this browser
      write("subject", subject);
      write("told", told);
      tell("web.visitor_identified", {}, { claims, signature });
    },
    consent(given) {
      write("consent", given ? "yes" : "no");
      const held = waiting;
      waiting = [];
      if (!given || refuses) return forget();
      held.forEach(add);
    },
    forget,
  };

  const run = (verb, ...told) => {
    try {
      verbs[verb](...told);
    } catch (error) {
      console.warn("guanxi", verb, error);
    }
  };
  const moved = () => setTimeout(() => here() !== shown && run("page"), 0);
  const held = window.guanxi?.q ?? [];
  window.guanxi = run;
  if (!("manual" in tag.dataset)) {
    for (const name of ["pushState", "replaceState"]) {
      const change = history[name];
      history[name] = function (...given) {
        change.apply(this, given);
        moved();
      };
    }
    addEventListener("popstate", moved);
    run("page");
  }
  for (const told of held) run(...told);
  addEventListener("online", send);
  send();
})();
