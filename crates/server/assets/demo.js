// The bar of a demonstration: its clock, which is that of live.js, runs as fast as the server's, and its buttons change how fast
// that is without the page being loaded anew. Every few seconds it asks what time it is there: somebody may have changed the speed
// in another window, and when a day is over the clock jumps to the next morning.
"use strict";

(() => {
  const EVERY_MS = 5_000;
  const bar = document.querySelector(".demo-bar");
  if (!bar) return;
  const face = document.getElementById("demo-clock");
  const tick = () => { face.textContent = BaariLive.clockOf(BaariLive.now(), bar); };

  const ask = async () => {
    const answer = await fetch("/demo/clock").catch(() => null);
    if (!answer?.ok) return;
    const clock = await answer.json();
    BaariLive.set(clock.now, clock.speed);
    document.body.dataset.speed = clock.speed;
    for (const button of bar.querySelectorAll("[name=speed]")) button.setAttribute("aria-pressed", Number(button.value) === clock.speed);
    tick();
  };

  bar.querySelector("form").addEventListener("submit", async (event) => {
    if (!event.submitter) return;
    event.preventDefault();
    const body = new URLSearchParams({ speed: event.submitter.value, back: "/demo/clock" });
    await fetch("/demo/speed", { method: "POST", body }).catch(() => null);
    await ask();
  });

  BaariLive.set(Date.parse(bar.dataset.now), Number(document.body.dataset.speed));
  tick();
  setInterval(tick, 500);
  setInterval(() => document.hidden || ask(), EVERY_MS);
})();
