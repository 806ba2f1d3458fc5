/* details[data-menu]: closes on Escape (focus back to its summary), on a click outside and when the focus leaves it. */
(function () {
  "use strict";
  function open() { return document.querySelectorAll("details[data-menu][open]"); }

  document.addEventListener("click", function (event) {
    open().forEach(function (menu) { if (!menu.contains(event.target)) { menu.open = false; } });
  });
  document.addEventListener("focusin", function (event) {
    open().forEach(function (menu) { if (!menu.contains(event.target)) { menu.open = false; } });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    open().forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
})();
