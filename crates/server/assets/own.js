// The patient's page, where there is JavaScript: what moves is brought by live.js. This says a new state aloud, in the title and
// by a buzz when one should come, and fetches the rest of the page (the story, the buttons) when it has become another.
"use strict";

(() => {
  const moving = document.getElementById("moving"), said = document.getElementById("said"), rest = document.getElementById("rest");
  const BUZZ = { come: [300, 150, 300], turn: [600, 200, 600, 200, 600] };
  const of = (name) => document.getElementById("turn")?.dataset[name] ?? "";
  let state = of("state"), changed = of("changed");

  // An open story stays open; nothing is taken away from under a finger or the keyboard.
  const refresh = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || rest.contains(document.activeElement)) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("rest");
    if (!page) return;
    const open = document.getElementById("why")?.open;
    rest.replaceChildren(...page.childNodes);
    const why = document.getElementById("why");
    if (why && open) why.open = true;
  };

  moving.addEventListener("baari:news", () => {
    document.title = of("title") || document.title;
    if (of("changed") !== changed) { changed = of("changed"); refresh(); }
    if (of("state") === state) return;
    state = of("state");
    said.textContent = of("advice");
    // Only phones buzz, and only when the page was touched before.
    if (BUZZ[state] && navigator.userActivation?.hasBeenActive) navigator.vibrate?.(BUZZ[state]);
  });
})();
