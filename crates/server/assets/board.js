// The board in the corridor, besides what live.js does. A new call turns its tile yellow for a while and is spoken, one call
// after the other. What was spoken stays known through a reload and a lost connection; what is called when the page is opened
// is old news. The page loads itself anew when there is another program, at night, and when its clock went wrong; never while
// it speaks. It runs for weeks on old televisions: what it keeps is one number for each doctor.
"use strict";

(function () {
  var YELLOW_MS = 8000, NEWS_MS = 3 * 60000, QUIET_HOUR = 3, DAY_MS = 20 * 3600000, CLOCK_MINUTES = 2;
  var SPOKEN = "baari-board-spoken", PROGRAM = "baari-board-program";
  var body = document.body, stream = document.getElementById("stream"), said = document.getElementById("said"), button = document.getElementById("sound");
  // Of a doctor: which call the tile is yellow for, and until when. In milliseconds since the page was opened, as everything
  // here: a television may be told hours later what time it is.
  var yellow = {};
  // Without its script the board is silent.
  function nothing() {}
  var voice = window.BaariVoice || { languages: [], say: nothing, only: nothing, busy: nothing, locked: nothing, unlock: nothing };

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

  voice.version = body.getAttribute("data-voice") || "";
  // In these languages, as far as it has them.
  var wanted = (body.getAttribute("data-voices") || "").split(",").filter(function (code) { return voice.languages.indexOf(code) >= 0; });
  if (wanted.length > 0) voice.languages = wanted;

  function sentence(call) {
    return said.getAttribute(call.room ? "data-say" : "data-say-anywhere").split("{label}").join(call.label).split("{room}").join(call.room);
  }

  function speak(calls) {
    said.textContent = calls.map(sentence).join(". ");
    try { voice.say(calls); } catch (_) { /* The tile is yellow all the same. */ }
  }

  function showButton() { button.hidden = !voice.locked(); }

  // In a click or a key it always works; at other times on screens that were set up to play by themselves.
  function unlock() {
    voice.unlock();
    setTimeout(showButton, 300);
  }

  function colour() {
    var now = performance.now();
    Array.prototype.forEach.call(stream.querySelectorAll(".tile"), function (tile) {
      var of = yellow[tile.getAttribute("data-doctor")];
      tile.classList.toggle("new", Boolean(of) && now < of.until && tile.getAttribute("data-called") === of.called);
    });
  }

  // What is called and was not known. Whoever opens the page hears nothing old.
  function look(isFirst) {
    var known = {}, calls = [], stand = [], changed = false, now = BaariLive.now().getTime();
    Array.prototype.forEach.call(stream.querySelectorAll(".tile"), function (tile) {
      var doctor = tile.getAttribute("data-doctor"), called = Number(tile.getAttribute("data-called") || 0);
      var before = spoken[doctor], id = doctor + "." + called, isCalled = tile.getAttribute("data-status") === "called";
      known[doctor] = Math.max(called, before || 0);
      if (known[doctor] !== before) changed = true;
      if (isCalled) stand.push(id);
      var isNew = isCalled && called > (before || 0) && now - called < NEWS_MS;
      if (!isNew || (isFirst && before === undefined)) return;
      yellow[doctor] = { called: String(called), until: performance.now() + YELLOW_MS };
      setTimeout(colour, YELLOW_MS + 50);
      calls.push({ id: id, label: tile.getAttribute("data-label"), room: tile.getAttribute("data-room"), at: called });
    });
    calls.sort(function (one, other) { return one.at - other.at; });
    voice.only(stand);
    if (calls.length > 0) speak(calls);
    spoken = known;
    if (changed || isFirst) keep(SPOKEN, JSON.stringify(spoken));
    colour();
  }

  function isIdle() {
    return !voice.busy() && Object.keys(yellow).every(function (doctor) { return yellow[doctor].until < performance.now(); }) && !body.classList.contains("lost");
  }

  // Only from a server that answers: a screen that shows the browser's own "can't be reached" may stay so until somebody comes.
  var asking = false;
  function loadAnew(before) {
    if (asking || !isIdle()) return;
    asking = true;
    fetch(location.href).then(function (answer) {
      asking = false;
      if (!answer.ok || !isIdle()) return;
      if (before) before();
      location.reload();
    }).catch(function () { asking = false; });
  }

  // Another program serves this page by now. Where two take turns, it is loaded anew once for each.
  function renew() {
    var tiles = stream.querySelector(".tiles");
    var program = tiles && tiles.getAttribute("data-program");
    if (!program || program === body.getAttribute("data-program") || program === kept(PROGRAM)) return;
    loadAnew(function () { keep(PROGRAM, program); });
  }

  // At night, when nothing is called; and when this page's clock stood still while the screen slept.
  function refresh() {
    renew();
    var now = BaariLive.now(), offset = Number(body.getAttribute("data-offset-minutes") || 0);
    var hour = new Date(now.getTime() + offset * 60000).getUTCHours();
    if (hour === QUIET_HOUR && performance.now() > DAY_MS) loadAnew();
  }

  function setClock() {
    var tiles = stream.querySelector(".tiles");
    var minute = tiles && Number(tiles.getAttribute("data-minute"));
    var wrong = minute && Math.abs(minute - Math.floor(BaariLive.now().getTime() / 60000)) > CLOCK_MINUTES;
    if (wrong && performance.now() > 60000) loadAnew();
  }

  look(true);
  stream.addEventListener("baari:news", function () { look(false); setClock(); renew(); });
  button.addEventListener("click", unlock);
  document.addEventListener("keydown", function (event) { if (event.key === "Enter" && !button.hidden) unlock(); });
  setInterval(refresh, 30000);
  setInterval(showButton, 2000);
  unlock();
})();
