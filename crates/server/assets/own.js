// The patient's page, where there is JavaScript: what moves is brought by live.js. This says a new state aloud, in the title and
// by a buzz when one should come, and fetches the rest of the page (the story, the buttons) when it has become another.
"use strict";

(() => {
  const moving = document.getElementById("moving"), said = document.getElementById("said"), rest = document.getElementById("rest");
  const BUZZ = { wait: [300, 150, 300], come: [300, 150, 300], turn: [600, 200, 600, 200, 600] };
  const of = (name) => document.getElementById("turn").dataset[name] || "";
  let state = of("state"), fits = of("changed");

  // An open story stays open; nothing is taken away from under a finger or the keyboard. What could not be had now, the next news
  // tries again.
  const refresh = () => {
    const changed = of("changed");
    if (changed === fits) return;
    fetch(location.href, { headers: { Accept: "text/html" } }).then((answer) => (answer.ok ? answer.text() : "")).then((text) => {
      const page = new DOMParser().parseFromString(text, "text/html").getElementById("rest");
      if (!page || rest.contains(document.activeElement)) return;
      const isOpen = document.getElementById("why").open;
      rest.innerHTML = page.innerHTML;
      document.getElementById("why").open = isOpen;
      fits = changed;
    }).catch(() => { /* The line says that there is no connection. */ });
  };

  moving.addEventListener("baari:news", () => {
    document.title = of("title") || document.title;
    refresh();
    if (of("state") === state) return;
    state = of("state");
    said.textContent = of("advice");
    // Only phones buzz, and only when the page was touched before.
    const touched = navigator.userActivation && navigator.userActivation.hasBeenActive;
    if (BUZZ[state] && touched && navigator.vibrate) navigator.vibrate(BUZZ[state]);
  });
})();
