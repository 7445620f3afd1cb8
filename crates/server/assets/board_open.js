// A screen that comes with its key in the address, behind the #, which browsers send to nobody: the key goes to the server
// once, in a form, and stays neither in the address bar nor among the pages that the browser remembers.
"use strict";

(function () {
  function key() {
    var found = /^#(baari_k_[\w-]+)$/.exec(location.hash);
    if (!found) return;
    history.replaceState(null, "", location.pathname + location.search);
    var form = document.getElementById("open");
    if (!form) {
      form = document.createElement("form");
      form.method = "post";
      form.action = "/board/open";
      form.hidden = true;
      ["key", "next"].forEach(function (name) {
        var input = document.createElement("input");
        input.name = name;
        form.appendChild(input);
      });
      form.elements.next.value = location.pathname + location.search;
      document.body.appendChild(form);
    }
    form.elements.key.value = found[1];
    form.submit();
  }
  key();
  addEventListener("hashchange", key);
})();
