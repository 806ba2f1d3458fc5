/* textarea[maxlength], input[data-counter][maxlength]: how many characters are left, announced near the end only. */
(function () {
  "use strict";
  var words = document.getElementById("kit-words");

  function attach(field) {
    if (field.hasAttribute("data-counted")) { return; }
    field.setAttribute("data-counted", "");
    var limit = Number(field.getAttribute("maxlength"));
    var shown = document.createElement("span");
    shown.className = "counter";
    shown.id = (field.id || field.name) + "_counter";
    field.insertAdjacentElement("afterend", shown);
    var described = field.getAttribute("aria-describedby");
    field.setAttribute("aria-describedby", (described ? described + " " : "") + shown.id);

    function show() {
      // A line break travels as two characters, and the server counts what travels.
      var left = limit - field.value.replace(/\n/g, "\r\n").length;
      var close = left <= Math.max(20, limit / 10);
      shown.textContent = (left < 0 ? words.dataset.tooMany : words.dataset.characters).replace("%s", Math.abs(left));
      shown.setAttribute("data-tone", close ? "warn" : "quiet");
      shown.setAttribute("aria-live", close ? "polite" : "off");
    }
    field.addEventListener("input", show);
    show();
  }

  function start(scope) {
    scope.querySelectorAll("textarea[maxlength], input[data-counter][maxlength]").forEach(attach);
  }
  document.addEventListener("DOMContentLoaded", function () { start(document); });
  document.addEventListener("kit:added", function (event) { start(event.target); });
  document.addEventListener("htmx:afterSwap", function (event) { start(event.detail.target); });
})();
