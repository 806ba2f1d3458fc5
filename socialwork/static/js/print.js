/* details[data-prints]: what is folded on the screen and belongs on paper is unfolded while the page is printed. */
(function () {
  "use strict";
  function all(state) { return document.querySelectorAll("details[data-prints]" + state); }

  window.addEventListener("beforeprint", function () {
    all(":not([open])").forEach(function (part) {
      part.open = true;
      part.setAttribute("data-opened", "");
    });
  });
  window.addEventListener("afterprint", function () {
    all("[data-opened]").forEach(function (part) {
      part.open = false;
      part.removeAttribute("data-opened");
    });
  });
})();
