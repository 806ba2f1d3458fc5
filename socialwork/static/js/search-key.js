/* [data-search-key]: "/" moves to the search box, unless somebody is writing or choosing. Escape leaves it. */
(function () {
  "use strict";
  document.addEventListener("keydown", function (event) {
    var box = document.querySelector("[data-search-key]");
    if (!box) { return; }
    if (event.key === "Escape" && event.target === box && !box.value) { box.blur(); return; }
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) { return; }
    if (event.target.closest("input, textarea, select, [contenteditable]")) { return; }
    event.preventDefault();
    box.focus();
    box.select();
  });
})();
