/* form[data-dirty-guard]: asks before leaving only while something typed is saved nowhere.
   autosave.js takes data-unsaved away when the server has the text. */
(function () {
  "use strict";
  function mark(event) {
    var form = event.target.closest ? event.target.closest("form[data-dirty-guard]") : null;
    if (form && event.isTrusted) { form.setAttribute("data-unsaved", ""); }
  }

  document.addEventListener("input", mark);
  document.addEventListener("change", mark);
  document.addEventListener("submit", function (event) {
    if (!event.defaultPrevented) { event.target.removeAttribute("data-unsaved"); }
  });
  window.addEventListener("beforeunload", function (event) {
    if (!document.querySelector("form[data-unsaved]")) { return; }
    event.preventDefault();
    event.returnValue = "";
  });
})();
