/* select[data-searchable] and [data-searchable] around checkboxes or radios: a box that narrows a long list. The native
   control stays and stays the truth. An option may carry data-keywords (initials, codes) that are searched too. */
(function () {
  "use strict";
  var words = document.getElementById("kit-words");
  var counter = 0;

  function matches(option, text) {
    var own = option.textContent + " " + (option.getAttribute("data-keywords") || "");
    return own.toLowerCase().indexOf(text) !== -1;
  }

  /* Options are taken out and put back: some kernels show a hidden option all the same. */
  function narrowSelect(select, text) {
    var kept = Array.from(select.selectedOptions);
    var hits = [];
    while (select.firstChild) { select.removeChild(select.firstChild); }
    select.kitOptions.forEach(function (known) {
      var option = known.option;
      var hit = !text || matches(option, text);
      if (hit && option.value) { hits.push(option); }
      if (hit || !option.value || kept.indexOf(option) !== -1) {
        if (known.group) { select.appendChild(known.group); }
        (known.group || select).appendChild(option);
      } else if (option.parentNode) { option.parentNode.removeChild(option); }
    });
    select.kitOptions.forEach(function (known) { known.option.selected = kept.indexOf(known.option) !== -1; });
    return hits;
  }

  function narrowGroup(group, text) {
    return Array.from(group.querySelectorAll("input[type=checkbox], input[type=radio]")).filter(function (input) {
      var item = input.closest(".form-check, .option, li, label") || input.parentElement;
      var hit = !text || matches(item, text);
      item.hidden = !hit && !input.checked;
      return hit;
    });
  }

  function attach(target) {
    if (target.hasAttribute("data-searching")) { return; }
    target.setAttribute("data-searching", "");
    counter += 1;
    var isSelect = target.tagName === "SELECT";
    if (isSelect) {
      target.kitOptions = Array.from(target.options).map(function (option) {
        return { option: option, group: option.parentNode === target ? null : option.parentNode };
      });
     }
    var box = document.createElement("input");
    var hint = document.createElement("span");
    box.type = "search";
    box.className = "form-control searchable-box";
    box.autocomplete = "off";
    box.placeholder = words.dataset.filter;
    box.setAttribute("aria-label", words.dataset.filter);
    hint.className = "searchable-hint";
    hint.id = "searchable-" + counter;
    hint.setAttribute("role", "status");
    box.setAttribute("aria-describedby", hint.id);
    target.insertAdjacentElement(isSelect ? "beforebegin" : "afterbegin", box);
    box.insertAdjacentElement("afterend", hint);

    function narrow() {
      var text = box.value.trim().toLowerCase();
      var hits = isSelect ? narrowSelect(target, text) : narrowGroup(target, text);
      hint.textContent = text ? words.dataset.options.replace("%s", hits.length) : "";
      return hits;
    }
    box.addEventListener("input", function (event) { event.stopPropagation(); narrow(); });
    box.addEventListener("change", function (event) { event.stopPropagation(); });
    box.addEventListener("keydown", function (event) {
      if (event.key !== "Enter") { return; }
      event.preventDefault();
      var hits = narrow();
      if (isSelect && hits.length) {
        hits[0].selected = true;
        target.dispatchEvent(new Event("change", { bubbles: true }));
      }
      (isSelect ? target : hits[0] || box).focus();
    });
  }

  function start(scope) { scope.querySelectorAll("[data-searchable]").forEach(attach); }
  document.addEventListener("DOMContentLoaded", function () { start(document); });
  document.addEventListener("kit:added", function (event) { start(event.target); });
  document.addEventListener("htmx:afterSwap", function (event) { start(event.detail.target); });
})();
