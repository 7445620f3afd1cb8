// The corridor board's voice: chime, then each call in each language, from recorded words (assets/voice, made by
// xtask/voice/make.py). One announcement at a time, in the order of the calls; a clip that does not load holds nobody up.
//
// A board stands for weeks, so everything here is bounded: one AudioContext, each clip decoded once, a queue of calls that
// still stand (`only`), the last ids and the last log lines. Written for a television's browser, like the page's other scripts.
(function (root) {
  "use strict";

  var GAP = 0.35; // seconds between two languages
  var PAUSE = 0.22; // seconds before the room, where a speaker takes a breath
  var PATIENCE = 5; // seconds until a clip counts as not loadable
  var IDS = 500, LINES = 50;

  var context = null, clips = {}, queue = [], known = [], speaking = false;

  function now() { return root.performance.now() / 1000; }
  function wait(seconds) { return new Promise(function (done) { root.setTimeout(done, seconds * 1000); }); }

  // "112" → ["1", "hundred", "12"]; from a thousand on digit by digit, as people read out long numbers.
  function number(digits) {
    var n = parseInt(digits, 10);
    if (digits.length > 3) { return n < 1000 ? number(String(n)) : String(n).split(""); }
    if (n < 100) { return [String(n)]; }
    return [String(Math.floor(n / 100)), "hundred"].concat(n % 100 ? [String(n % 100)] : []);
  }

  // Letters one by one, digits as numbers; null when it can't be said that way ("Cardiology", "हृदय").
  function spelt(text) {
    var plain = String(text === null || text === undefined ? "" : text).replace(/[०-९]/g, function (digit) {
      return String(digit.charCodeAt(0) - 0x966);
    }).toLowerCase();
    if (/[^a-z0-9\s\-./#]/.test(plain)) { return null; }
    var parts = plain.match(/[a-z]+|[0-9]+/g) || [], said = [];
    for (var i = 0; i < parts.length; i++) {
      if (parts[i].length > (/[a-z]/.test(parts[i]) ? 3 : 6)) { return null; }
      said = said.concat(/[a-z]/.test(parts[i]) ? parts[i].split("") : number(parts[i]));
    }
    return said.length && said.length <= 8 ? said : null;
  }

  // The clips of one announcement. All languages share one order of words so far; `lang` is there for one that doesn't.
  function words(lang, label, room) {
    var token = spelt(label);
    if (!token) { return []; }
    var place = spelt(String(room === null || room === undefined ? "" : room).replace(/^\s*(room|कमरा)(?![a-z])/i, ""));
    return ["token"].concat(token, place ? ["room"].concat(place) : []);
  }

  function load(path) {
    if (clips[path]) { return clips[path]; }
    var stop = root.AbortController ? new root.AbortController() : null;
    var fetched = root.fetch(api.base + path + ".mp3" + (api.version ? "?v=" + api.version : ""), stop ? { signal: stop.signal } : {}).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.arrayBuffer();
    }).then(function (bytes) {
      return new Promise(function (done, fail) { context.decodeAudioData(bytes, done, fail); });
    });
    var late = wait(PATIENCE).then(function () { return null; });
    clips[path] = Promise.race([fetched.catch(function () { return null; }), late]).then(function (clip) {
      if (!clip) { delete clips[path]; if (stop) { stop.abort(); } } // the next call tries again
      return clip;
    });
    return clips[path];
  }

  // Plays clips without a gap; done when the last one is over, or when its time is up although the device sleeps.
  function play(names, prefix, line) {
    return Promise.all(names.map(function (name) { return load(prefix + name); })).then(function (sounds) {
      // A sentence with a word missing misleads; it is left out whole.
      if (!sounds.length || sounds.indexOf(null) >= 0) { return undefined; }
      var at = context.currentTime + 0.05, begin = at, sources = [];
      line.begun = now() * 1000;
      api.log.push(line);
      if (api.log.length > LINES) { api.log.shift(); }
      sounds.forEach(function (sound, i) {
        if (names[i] === "room") { at += PAUSE; }
        var source = context.createBufferSource();
        source.buffer = sound;
        source.connect(context.destination);
        source.start(at);
        at += sound.duration;
        sources.push(source);
      });
      var over = new Promise(function (done) { sources[sources.length - 1].onended = done; });
      return Promise.race([over, wait(at - begin + 1.5)]).then(function () {
        sources.forEach(function (source) { source.onended = null; source.stop(); source.disconnect(); });
        line.ended = now() * 1000;
      });
    });
  }

  function announce(call) {
    var line = function (lang) { return { id: call.id, label: call.label, lang: lang, begun: 0, ended: 0 }; };
    var said = play(["chime"], "", line("chime"));
    api.languages.forEach(function (lang) {
      said = said.then(function () {
        return play(words(lang, call.label, call.room), lang + "/", line(lang)).then(function () { return wait(GAP); });
      });
    });
    return said;
  }

  function next() {
    if (speaking || !queue.length) { return; }
    speaking = true;
    var go = function () { speaking = false; next(); };
    // A television may put sound to sleep between two calls; if it doesn't wake, the call is dropped, not kept for later.
    var call = queue.shift();
    Promise.race([context.resume(), wait(1)]).then(function () { return api.ready() ? announce(call) : undefined; }).then(go, go);
  }

  function remember(id) {
    if (known.indexOf(id) >= 0) { return false; }
    known.push(id);
    if (known.length > IDS) { known.shift(); }
    return true;
  }

  var api = root.BaariVoice = {
    base: "/assets/voice/",
    version: "", // of all clips: with it in their addresses they are loaded once, until there are others
    languages: ["hi", "en"],
    log: [], // the last announcements: {id, label, lang ("chime" or a language), begun, ended}, in ms since the page opened
    words: words,
    // Announces calls [{id, label, room}]; each id once. Calls that come while sound is locked are not kept for later.
    say: function (calls) {
      calls.forEach(function (call) {
        if (remember(call.id) && context) { queue.push(call); }
      });
      if (context) { next(); }
    },
    // Of the calls that wait, only these still stand: nobody is sent to a door by a call that was taken back, or after they
    // have gone in. What is being said is said to its end.
    only: function (ids) { queue = queue.filter(function (call) { return ids.indexOf(call.id) >= 0; }); },
    waiting: function () { return queue.length; },
    busy: function () { return speaking || queue.length > 0; },
    ready: function () { return !!context && context.state === "running"; },
    // There could be sound, but the browser wants a person to ask for it.
    locked: function () { return !!(root.AudioContext || root.webkitAudioContext) && !api.ready(); },
    // To be called in a click or key handler; harmless at any other time and as often as one likes.
    unlock: function () {
      var Context = root.AudioContext || root.webkitAudioContext;
      if (!Context || !root.fetch || !root.Promise) { return; }
      // At the rate of the clips: less than half of the memory that the screen's own rate would take.
      try { context = context || new Context({ sampleRate: 22050 }); } catch (refused) { return; }
      Promise.resolve(context.resume()).catch(function () {});
    }
  };
})(typeof window === "undefined" ? globalThis : window);
