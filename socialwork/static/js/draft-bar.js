/* What autosave.js cannot decide: the person is signed out (the text stays, sign in beside it), or another window saved
   a newer text (both are shown, the person chooses). */
(function () {
  "use strict";
  var words = document.getElementById("kit-words");

  function node(name, text, attributes) {
    var made = document.createElement(name);
    made.textContent = text;
    Object.keys(attributes || {}).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    return made;
  }

  function bar(form, kind) {
    var made = node("div", "", { "class": "draft-bar", "data-draft-bar": kind, role: "alert" });
    remove(form, kind);
    form.insertAdjacentElement("afterbegin", made);
    return made;
  }

  function remove(form, kind) {
    var found = form.querySelector("[data-draft-bar='" + kind + "']");
    if (found) { found.remove(); }
  }

  function fill(form, name, value) {
    var values = [].concat(value);
    Array.from(form.elements).forEach(function (control) {
      if (control.name !== name) { return; }
      if (/^(checkbox|radio)$/.test(control.type)) { control.checked = values.indexOf(control.value) !== -1; }
      else if (control.type === "select-multiple") {
        Array.from(control.options).forEach(function (option) { option.selected = values.indexOf(option.value) !== -1; });
      } else if (control.type !== "file") { control.value = values[0]; }
      control.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  function differences(form, theirs) {
    var mine = window.kitForm.body(form);
    return Object.keys(theirs).map(function (name) {
      return { name: name, theirs: window.kitForm.shown(form, name, [].concat(theirs[name])), mine: window.kitForm.shown(form, name, mine.getAll(name)) };
    }).filter(function (field) { return field.name.charAt(0) !== "_" && field.theirs !== field.mine; });
  }

  document.addEventListener("kit:signed-out", function (event) {
    // Told again at every failed save: the bar that stands keeps its way in, which may have the focus.
    if (event.target.querySelector("[data-draft-bar='signed-out']")) { return; }
    var made = bar(event.target, "signed-out");
    made.appendChild(node("span", words.dataset.sessionEnded + " "));
    made.appendChild(node("a", words.dataset.signInAgain, { href: words.dataset.signInUrl, target: "_blank", rel: "noopener" }));
  });

  document.addEventListener("kit:signed-in", function (event) { remove(event.target, "signed-out"); });

  document.addEventListener("kit:conflict", function (event) {
    var form = event.target;
    var draft = event.detail.draft;
    var data = event.detail.data;
    var made = bar(form, "conflict");

    function decide(useTheirs) {
      made.remove();
      draft.stopped = false;
      draft.seen = data.seen || draft.seen;
      draft.saved = "";
      if (useTheirs) { Object.keys(data.theirs).forEach(function (name) { if (name.charAt(0) !== "_") { fill(form, name, data.theirs[name]); } }); }
      draft.save(false);
    }

    draft.say(words.dataset.held, "warn");
    made.appendChild(node("p", words.dataset.conflict));
    differences(form, data.theirs).forEach(function (field) {
      var pair = node("div", "", { "class": "draft-texts" });
      pair.appendChild(node("h3", window.kitForm.label(form, field.name)));
      [[words.dataset.theirs, field.theirs], [words.dataset.mine, field.mine]].forEach(function (side) {
        var box = node("div", side[1], { role: "group", "aria-label": side[0], tabindex: "0" });
        box.insertAdjacentElement("afterbegin", node("strong", side[0] + "\n"));
        pair.appendChild(box);
      });
      made.appendChild(pair);
    });
    [[words.dataset.keepTheirs, true], [words.dataset.keepMine, false]].forEach(function (choice) {
      var button = node("button", choice[0], { type: "button", "class": "btn btn-quiet btn-sm" });
      button.addEventListener("click", function () { decide(choice[1]); });
      made.appendChild(button);
    });
  });
})();
