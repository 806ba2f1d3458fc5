/* [data-formset="prefix"]: adds and removes rows without a round trip. A row that the server knows is marked for
   removal; a new one leaves at once. Without scripts the same button asks the server for one more row. */
(function () {
  "use strict";
  var words = document.getElementById("kit-words");

  function say(set, text) {
    var live = set.querySelector("[data-formset-live]");
    if (!live) {
      live = document.createElement("p");
      live.className = "visually-hidden";
      live.setAttribute("role", "status");
      live.setAttribute("data-formset-live", "");
      set.appendChild(live);
    }
    live.textContent = text;
  }

  function total(set) {
    return set.querySelector("input[name='" + set.getAttribute("data-formset") + "-TOTAL_FORMS']");
  }

  function add(set) {
    var prefix = set.getAttribute("data-formset");
    var limit = set.querySelector("input[name='" + prefix + "-MAX_NUM_FORMS']");
    var count = Number(total(set).value);
    if (limit && limit.value && count >= Number(limit.value)) { return; }
    var source = set.querySelector("template").innerHTML.replace(/__prefix__/g, count).replace(/__number__/g, count + 1);
    var rows = set.querySelector("[data-formset-rows]");
    rows.insertAdjacentHTML("beforeend", source);
    total(set).value = count + 1;
    var row = rows.lastElementChild;
    row.dispatchEvent(new CustomEvent("kit:added", { bubbles: true }));
    total(set).dispatchEvent(new Event("change", { bubbles: true }));
    var first = row.querySelector("input:not([type=hidden]):not([data-formset-delete]), select, textarea");
    if (first) { first.focus(); }
    say(set, words.dataset.rowAdded);
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-formset-add]");
    if (!button) { return; }
    event.preventDefault();
    add(button.closest("[data-formset]"));
  });
  document.addEventListener("change", function (event) {
    if (!event.target.hasAttribute("data-formset-delete")) { return; }
    var row = event.target.closest("[data-formset-row]");
    row.toggleAttribute("data-removed", event.target.checked);
    if (event.target.checked) { say(row.closest("[data-formset]"), words.dataset.rowRemoved); }
  });
})();
