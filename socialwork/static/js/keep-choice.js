// What a person chooses while a part of the page is being fetched stays chosen when the fetched part arrives.
(function () {
  "use strict";
  function controls(root) {
    return Array.prototype.slice.call(root.querySelectorAll("input[name], select[name], textarea[name]"));
  }
  function mark(control) {
    return control.name + "\u0000" + (control.type === "radio" || control.type === "checkbox" ? control.value : "");
  }
  document.addEventListener("htmx:oobBeforeSwap", function (event) {
    var fragment = event.detail.fragment;
    var target = event.detail.target;
    if (!fragment || !target) { return; }
    var old = {};
    controls(target).forEach(function (control) { old[mark(control)] = control; });
    controls(fragment).forEach(function (control) {
      var before = old[mark(control)];
      if (!before || control.type === "hidden") { return; }
      if (control.type === "radio" || control.type === "checkbox") {
        // The attribute, because a fragment is copied as markup.
        if (before.checked) { control.setAttribute("checked", ""); } else { control.removeAttribute("checked"); }
        control.checked = before.checked;
      } else {
        control.value = before.value;
      }
    });
  });
}());
