/* [data-depends-on="field=value"] (values apart by "|", "field=*" for any, "field!=value" for the opposite): shown when
   the control of that name in the same form has the value. Hidden controls are disabled, so that nothing invisible is
   sent or checked by the browser; without scripts everything is visible. */
(function () {
  "use strict";
  function values(form, name) {
    return Array.from(form.elements).filter(function (control) {
      if (control.name !== name) { return false; }
      return control.type === "checkbox" || control.type === "radio" ? control.checked : true;
    }).map(function (control) { return control.value; });
  }

  function holds(form, rule) {
    var parts = rule.match(/^([^!=]+)(!?=)(.*)$/);
    if (!parts) { return true; }
    var wanted = parts[3].split("|");
    var has = values(form, parts[1].trim()).some(function (value) {
      return wanted[0] === "*" ? value !== "" : wanted.indexOf(value) !== -1;
    });
    return parts[2] === "=" ? has : !has;
  }

  function refresh(form) {
    var parts = Array.from(form.querySelectorAll("[data-depends-on]"));
    parts.forEach(function (part) { part.hidden = !holds(form, part.getAttribute("data-depends-on")); });
    parts.forEach(function (part) {
      part.querySelectorAll("input, select, textarea, button").forEach(function (control) {
        var off = Boolean(control.closest("[data-depends-on][hidden]"));
        if (off && !control.disabled) {
          control.disabled = true;
          control.setAttribute("data-depends-off", "");
        } else if (!off && control.hasAttribute("data-depends-off")) {
          control.disabled = false;
          control.removeAttribute("data-depends-off");
        }
      });
    });
  }

  function start(scope) {
    var forms = new Set();
    scope.querySelectorAll("[data-depends-on]").forEach(function (part) { if (part.closest("form")) { forms.add(part.closest("form")); } });
    forms.forEach(refresh);
  }
  document.addEventListener("change", function (event) { if (event.target.form) { refresh(event.target.form); } });
  document.addEventListener("DOMContentLoaded", function () { start(document); });
  window.addEventListener("pageshow", function () { start(document); });
  document.addEventListener("htmx:afterSwap", function () { start(document); });
})();
