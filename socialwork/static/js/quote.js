/* [data-quote-source="form id"]: a passage selected in the text goes into the field "quote" of that form, so that the
   comment stands on exactly these words. Without scripts the passage is pasted into the same field. */
(function () {
  "use strict";
  function take(source) {
    var selection = window.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) { return; }
    if (!source.contains(selection.getRangeAt(0).commonAncestorContainer)) { return; }
    var form = document.getElementById(source.getAttribute("data-quote-source"));
    var field = form ? form.elements.quote : null;
    // The numbers of earlier comments stand in the text as links; they are not part of the passage.
    var part = selection.getRangeAt(0).cloneContents();
    part.querySelectorAll("sup").forEach(function (mark) { mark.remove(); });
    var text = part.textContent.trim();
    if (!field || !text || field.value === text) { return; }
    field.value = field.maxLength > 0 ? text.slice(0, field.maxLength) : text;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function takeAll() { document.querySelectorAll("[data-quote-source]").forEach(take); }

  document.addEventListener("mouseup", function () { window.setTimeout(takeAll, 0); });
  document.addEventListener("touchend", function () { window.setTimeout(takeAll, 300); });
  document.addEventListener("keyup", function (event) { if (event.shiftKey || event.key === "Shift") { takeAll(); } });
})();
