// The bar of a demonstration: its clock runs as fast as the server's, and its buttons change how fast that is without the page
// being loaded anew. Every few seconds it asks what time it is there: somebody may have changed the speed in another window, and
// when a day is over the clock jumps to the next morning.
"use strict";

(() => {
  const EVERY_MS = 5_000;
  const bar = document.querySelector(".demo-bar");
  if (!bar) return;
  const face = document.getElementById("demo-clock");
  const offset = Number(bar.dataset.offsetMinutes) * 60_000, format = bar.dataset.time;
  let at = Date.parse(bar.dataset.now), speed = Number(document.body.dataset.speed), since = performance.now();

  const tick = () => {
    const local = new Date(at + (performance.now() - since) * speed + offset);
    const hours = local.getUTCHours(), minutes = String(local.getUTCMinutes()).padStart(2, "0");
    const told = { "%H": String(hours).padStart(2, "0"), "%-I": hours % 12 || 12, "%M": minutes };
    face.textContent = format.replace(/%(?:-I|[HM])/g, (mark) => told[mark]);
  };

  const ask = async () => {
    const answer = await fetch("/demo/clock").catch(() => null);
    if (!answer?.ok) return;
    const clock = await answer.json();
    [at, speed, since] = [clock.now, clock.speed, performance.now()];
    document.body.dataset.speed = speed;
    for (const button of bar.querySelectorAll("[name=speed]")) button.setAttribute("aria-pressed", Number(button.value) === speed);
    if (typeof BaariLive !== "undefined") BaariLive.set(at, speed);
    tick();
  };

  bar.querySelector("form").addEventListener("submit", async (event) => {
    if (!event.submitter) return;
    event.preventDefault();
    const body = new URLSearchParams({ speed: event.submitter.value, back: "/demo/clock" });
    await fetch("/demo/speed", { method: "POST", body }).catch(() => null);
    await ask();
  });

  tick();
  setInterval(tick, 500);
  setInterval(() => document.hidden || ask(), EVERY_MS);
})();
