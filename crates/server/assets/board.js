// The board in the corridor, besides what live.js does. A new call turns its tile yellow for a while and is spoken, one call
// after the other. What was spoken stays known through a reload and a lost connection; what is called when the page is opened
// is old news. The page loads itself anew when there is another program, at night, and when its clock went wrong; never while
// it speaks. It runs for weeks on old televisions: what it keeps is one number for each doctor.
"use strict";

(function () {
  var YELLOW_MS = 8000, NEWS_MS = 3 * 60000, QUIET_HOUR = 3, DAY_MS = 20 * 3600000, CLOCK_MINUTES = 2;
  var SPOKEN = "baari-board-spoken", PROGRAM = "baari-board-program";
  var body = document.body, stream = document.getElementById("stream"), said = document.getElementById("said"), button = document.getElementById("sound");
  // Until when the tile of a doctor is yellow.
  var begun = Date.now(), yellow = {};
  var voice = window.BaariVoice || null;
  var audio = null;

  // A key in the address has done what it was there for, or was not needed: nobody should read it from the screen.
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);

  function kept(name) {
    try { return sessionStorage.getItem(name); } catch (_) { return null; }
  }

  function keep(name, value) {
    try { sessionStorage.setItem(name, value); } catch (_) { /* It is known until the page is loaded anew. */ }
  }

  // By doctor, when the last call was that is known here.
  var spoken = {};
  try { spoken = JSON.parse(kept(SPOKEN)) || {}; } catch (_) { spoken = {}; }

  if (voice) voice.version = body.getAttribute("data-voice") || "";
  // The voice speaks one call after the other, in these languages, each call once. Without it there is a chime.
  if (voice && Array.isArray(voice.languages)) {
    var there = voice.languages.slice();
    var wanted = (body.getAttribute("data-voices") || "").split(",").filter(function (code) { return there.indexOf(code) >= 0; });
    if (wanted.length > 0) voice.languages = wanted;
  }

  function tone(pitch, at) {
    var sound = audio.createOscillator(), volume = audio.createGain();
    sound.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.5, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 1.1);
    sound.connect(volume);
    volume.connect(audio.destination);
    sound.start(at);
    sound.stop(at + 1.2);
  }

  function chime() {
    if (!audio || audio.state !== "running") return;
    tone(659.25, audio.currentTime + 0.05);
    tone(523.25, audio.currentTime + 0.4);
  }

  function speak(calls) {
    var sentence = said.getAttribute("data-say");
    said.textContent = calls.map(function (call) { return sentence.replace("{label}", call.label).replace("{room}", call.room); }).join(". ");
    try {
      if (voice) voice.say(calls);
      else chime();
    } catch (_) { /* The tile is yellow all the same. */ }
  }

  function isReady() {
    return voice ? voice.ready() : Boolean(audio) && audio.state === "running";
  }

  function showButton() {
    button.hidden = !(window.AudioContext || window.webkitAudioContext) || isReady();
  }

  // In a click or a key it always works; at other times on screens that were set up to play by themselves.
  function unlock() {
    var Context = window.AudioContext || window.webkitAudioContext;
    try {
      if (voice) voice.unlock();
      else if (Context) {
        audio = audio || new Context();
        Promise.resolve(audio.resume()).catch(function () { /* The button stays. */ });
      }
    } catch (_) { /* A screen without sound. */ }
    setTimeout(showButton, 300);
  }

  function colour() {
    var now = Date.now();
    Array.prototype.forEach.call(stream.querySelectorAll(".tile"), function (tile) {
      tile.classList.toggle("new", now < (yellow[tile.getAttribute("data-doctor")] || 0));
    });
  }

  // What is called and was not known. Whoever opens the page hears nothing old.
  function look(isFirst) {
    var known = {}, calls = [], changed = false, now = BaariLive.now().getTime();
    Array.prototype.forEach.call(stream.querySelectorAll(".tile"), function (tile) {
      var doctor = tile.getAttribute("data-doctor"), called = Number(tile.getAttribute("data-called") || 0);
      var before = spoken[doctor];
      known[doctor] = Math.max(called, before || 0);
      if (known[doctor] !== before) changed = true;
      var isNew = called > (before || 0) && tile.getAttribute("data-status") === "called" && now - called < NEWS_MS;
      if (!isNew || (isFirst && before === undefined)) return;
      yellow[doctor] = Date.now() + YELLOW_MS;
      setTimeout(colour, YELLOW_MS + 50);
      var label = tile.getAttribute("data-label"), room = tile.getAttribute("data-room");
      calls.push({ id: doctor + "." + called, label: label, room: room, at: called });
    });
    calls.sort(function (one, other) { return one.at - other.at; });
    if (calls.length > 0) speak(calls);
    spoken = known;
    if (changed || isFirst) keep(SPOKEN, JSON.stringify(spoken));
    colour();
  }

  function isIdle() {
    return !(voice && voice.busy && voice.busy()) && Object.keys(yellow).every(function (doctor) { return yellow[doctor] < Date.now(); }) && !body.classList.contains("lost");
  }

  // Another program serves this page by now. Where two take turns, it is loaded anew once for each.
  function renew() {
    var tiles = stream.querySelector(".tiles");
    var program = tiles && tiles.getAttribute("data-program");
    if (!program || program === body.getAttribute("data-program") || program === kept(PROGRAM) || !isIdle()) return;
    keep(PROGRAM, program);
    location.reload();
  }

  // At night, when nothing is called; and when this page's clock stood still while the screen slept.
  function refresh() {
    renew();
    if (!isIdle()) return;
    var now = BaariLive.now(), offset = Number(body.getAttribute("data-offset-minutes") || 0);
    var hour = new Date(now.getTime() + offset * 60000).getUTCHours();
    if (hour === QUIET_HOUR && Date.now() - begun > DAY_MS) location.reload();
  }

  function setClock() {
    var tiles = stream.querySelector(".tiles");
    var minute = tiles && Number(tiles.getAttribute("data-minute"));
    var wrong = minute && Math.abs(minute - Math.floor(BaariLive.now().getTime() / 60000)) > CLOCK_MINUTES;
    if (wrong && isIdle() && Date.now() - begun > 60000) location.reload();
  }

  look(true);
  stream.addEventListener("baari:news", function () { look(false); setClock(); renew(); });
  button.addEventListener("click", unlock);
  document.addEventListener("keydown", function (event) { if (event.key === "Enter" && !button.hidden) unlock(); });
  setInterval(refresh, 30000);
  setInterval(showButton, 2000);
  unlock();
})();
