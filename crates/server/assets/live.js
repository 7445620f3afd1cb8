// What moves on a page: streams, whose every message is the whole of what is shown, and the clock.
//
// <div data-stream="/desk/live">: its content is replaced by each message, and then gets the event `baari:news`. The stream of a
// page that has none for 40 seconds is taken for lost, and opened again after 1, 2, 4 … 15 seconds for as long as the page is
// there. #line says whether all are there, and else since when not; so does the body's class `lost`. When what the page is about
// is not there any more, or one has to sign in again, the page is loaded anew, and says so. A page stays open over night: the day
// that a message is of (data-today) is said on top (#today).
//
// Televisions and old phones run it too: nothing that browsers learned after 2017, here and in the scripts of those pages.
"use strict";

const BaariLive = (() => {
  const SILENCE_MS = 40000, PAUSE_MAX_MS = 15000, ANEW = [401, 403, 404, 410];
  const streams = [];

  const swap = (element, text) => {
    if (window.htmx) return htmx.swap({ sourceElement: element, target: element, text, swap: "innerMorph" });
    element.innerHTML = text;
    return Promise.resolve();
  };

  class Stream {
    constructor(element) {
      this.element = element;
      this.pause = 0;
      this.heard = Date.now();
      this.lost = null;
      streams.push(this);
      this.open();
    }

    open() {
      if (this.source) this.source.close();
      clearTimeout(this.again);
      if (!this.element.isConnected) return this.forget();
      this.source = new EventSource(this.element.dataset.stream);
      this.source.onopen = () => this.hears();
      this.source.onmessage = (event) => {
        this.hears();
        swap(this.element, event.data).then(() => {
          const dated = this.element.querySelector("[data-today]"), today = document.getElementById("today");
          if (dated && today) today.textContent = dated.dataset.today;
          this.element.dispatchEvent(new CustomEvent("baari:news", { bubbles: true }));
        });
      };
      this.source.addEventListener("beat", () => this.hears());
      this.source.onerror = () => this.loses();
    }

    hears() {
      this.heard = Date.now();
      this.pause = 0;
      if (this.lost) { this.lost = null; show(); }
    }

    loses() {
      this.source.close();
      if (!this.lost) { this.lost = new Date(); show(); }
      this.pause = Math.min(PAUSE_MAX_MS, Math.max(1000, this.pause * 2));
      clearTimeout(this.again);
      this.again = setTimeout(() => this.open(), this.pause * (0.75 + Math.random() / 2));
      this.ask();
    }

    // A stream does not say why it can't be opened; we do, in a problem document.
    ask() {
      if (this.asks) return;
      this.asks = true;
      const over = () => { this.asks = false; };
      fetch(this.element.dataset.stream, { headers: { Accept: "application/json" } }).then((answer) => {
        if (answer.body) answer.body.cancel();
        const isOurs = (answer.headers.get("content-type") || "").startsWith("application/problem+json");
        if (isOurs && ANEW.includes(answer.status)) location.reload();
      }).then(over, over);
    }

    forget() { streams.splice(streams.indexOf(this), 1); show(); }
  }

  // How long ago, by the server's clock, the page was made; the browser's own clock may be wrong. That of a demonstration runs
  // faster (data-speed), and is set anew when it has jumped.
  let begun = performance.now(), madeAt = Date.parse(document.body.dataset.now) || Date.now();
  let speed = Number(document.body.dataset.speed || 1);
  const set = (at, faster) => { [begun, madeAt, speed] = [performance.now(), at, faster]; };
  const now = () => new Date(madeAt + (performance.now() - begun) * speed);
  // As the server tells times: by the same format, with the same words for the parts of the day ("4 morning,12 …"; before the first
  // it is the last), which `of` has in its attributes: the page's body, or a bar with a clock of its own.
  const clockOf = (date, of = document.body) => {
    const { time = "%H:%M", dayParts = "", offsetMinutes = 0 } = of.dataset;
    const parts = dayParts.split(",").map((part) => part.split(" "));
    const local = new Date(date.getTime() + Number(offsetMinutes) * 60000), hours = local.getUTCHours();
    const two = (number) => String(number).padStart(2, "0");
    const part = parts.filter(([from]) => hours >= Number(from)).pop() || parts[parts.length - 1];
    const told = { "%p": part[1] || "", "%H": two(hours), "%-I": hours % 12 || 12, "%M": two(local.getUTCMinutes()) };
    return time.replace(/%(?:-I|[pHM])/g, (mark) => told[mark]);
  };

  const show = () => {
    const since = streams.map((stream) => stream.lost).filter(Boolean).sort((a, b) => a - b)[0];
    document.body.classList.toggle("lost", Boolean(since));
    const line = document.getElementById("line");
    if (!line) return;
    line.hidden = streams.length === 0;
    const ago = since && new Date(now() - (Date.now() - since) * speed);
    line.textContent = since ? line.dataset.lost.split("{time}").join(clockOf(ago)) : line.dataset.live;
  };

  const begin = (root) => {
    for (const element of root.querySelectorAll("[data-stream]")) {
      if (!streams.some((stream) => stream.element === element)) new Stream(element);
    }
    show();
  };

  const tick = () => {
    const clock = document.getElementById("clock");
    if (clock) clock.textContent = clockOf(now());
    for (const stream of [...streams]) {
      if (!stream.element.isConnected) { if (stream.source) stream.source.close(); stream.forget(); }
      else if (!stream.lost && Date.now() - stream.heard > SILENCE_MS) stream.loses();
    }
  };

  begin(document);
  tick();
  setInterval(tick, 1000);
  // A phone that was asleep, a network that is back: at once, not after the pause.
  addEventListener("online", () => streams.forEach((stream) => stream.lost && stream.open()));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) streams.forEach((stream) => stream.lost && stream.open());
  });
  return { begin, now, set, clockOf };
})();
