/* form[data-once]: a second click while the first is under way does nothing. The server's key stays the truth:
   this only spares the person a puzzling answer. */
(function () {
  "use strict";
  var words = document.getElementById("kit-words");

  function release(form) {
    form.removeAttribute("data-sent");
    form.querySelectorAll("button[aria-disabled]").forEach(function (button) {
      button.removeAttribute("aria-disabled");
      if (button.hasAttribute("data-label")) {
        button.textContent = button.getAttribute("data-label");
        button.removeAttribute("data-label");
      }
    });
    form.dispatchEvent(new CustomEvent("kit:released"));
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.hasAttribute("data-once") || event.defaultPrevented) { return; }
    if (form.hasAttribute("data-sent")) { event.preventDefault(); return; }
    form.setAttribute("data-sent", "");
    var used = event.submitter || form.querySelector("button[type=submit]");
    // aria-disabled, not disabled: a disabled button would not send its own name and value, and would lose the focus.
    form.querySelectorAll("button[type=submit]").forEach(function (button) { button.setAttribute("aria-disabled", "true"); });
    if (used && used.classList.contains("btn-primary") && !used.children.length && words) {
      used.setAttribute("data-label", used.textContent);
      used.textContent = words.dataset.working;
    }
    // A download answers without leaving the page; a lost network leaves it standing. Both must be able to try again.
    window.setTimeout(function () { release(form); }, 15000);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(release);
  });
})();
