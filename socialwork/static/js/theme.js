/* Light or dark before the first paint: the person's choice (cookie), else the device's. Runs in <head>, without defer. */
(function () {
  "use strict";
  var root = document.documentElement;
  var device = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    var found = document.cookie.match(/(?:^|; )theme=(light|dark)(?:;|$)/);
    return found ? found[1] : "";
  }

  function apply() {
    root.setAttribute("data-bs-theme", chosen() || (device.matches ? "dark" : "light"));
    var buttons = document.querySelectorAll("[data-theme-choice] button");
    for (var i = 0; i < buttons.length; i += 1) {
      buttons[i].setAttribute("aria-pressed", String(buttons[i].value === chosen()));
    }
  }

  function choose(value) {
    var age = value ? 31536000 : 0;
    var secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = "theme=" + value + "; path=/; max-age=" + age + "; samesite=lax" + secure;
    apply();
  }

  apply();
  device.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", function () {
    var group = document.querySelector("[data-theme-choice]");
    if (!group) { return; }
    group.hidden = false;
    group.addEventListener("click", function (event) {
      var button = event.target.closest("button");
      if (button) { choose(button.value); }
    });
    apply();
  });
})();
