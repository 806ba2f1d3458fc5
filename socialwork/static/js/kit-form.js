/* What a form would send, without files, passwords and the token, and the way to send it: for autosave.js, draft-bar.js. */
(function () {
  "use strict";
  function formBody(form) {
    var body = new URLSearchParams();
    Array.from(form.elements).forEach(function (control) {
      if (!control.name || control.disabled || control.name === "csrfmiddlewaretoken") { return; }
      if (/^(file|password|submit|button|reset)$/.test(control.type)) { return; }
      if (/^(checkbox|radio)$/.test(control.type) && !control.checked) { return; }
      if (control.type === "select-multiple") {
        Array.from(control.selectedOptions).forEach(function (option) { body.append(control.name, option.value); });
      } else { body.append(control.name, control.value); }
    });
    return body;
  }

  function words(element) { return element ? element.textContent.replace("*", "").trim() : ""; }

  /* The name of a field as the person reads it. */
  function label(form, name) {
    var field = form.querySelector("[name='" + name + "']");
    var group = field && /^(checkbox|radio)$/.test(field.type) ? field.closest("fieldset") : null;
    return words(group ? group.querySelector("legend") : field && field.labels && field.labels[0]) || name;
  }

  /* The values of a field as the person reads them: the words of options, not their codes. */
  function shown(form, name, values) {
    var controls = Array.from(form.elements).filter(function (control) { return control.name === name; });
    return values.map(function (value) {
      var control = controls.find(function (one) { return /^(checkbox|radio)$/.test(one.type) && one.value === value; });
      if (control) { return words(control.labels[0]); }
      var options = controls[0] && controls[0].options ? Array.from(controls[0].options) : [];
      var option = options.find(function (one) { return one.value === value; });
      return option ? words(option) : value;
    }).join("\n");
  }

  /* One name per browser tab, kept over reloads. It is taken out of the store while the page is open, so that a
     duplicated tab, which starts with a copy of the store, gets a name of its own. */
  var order = 0;  // saves this tab has sent: of two on the way the later stays

  function tabName() {
    var name = "";
    try {
      name = sessionStorage.getItem("kit-tab") || "";
      order = name ? Number(sessionStorage.getItem("kit-order")) || 0 : 0;
      sessionStorage.removeItem("kit-tab");
    } catch (refused) { name = ""; }
    name = name || Array.from(window.crypto.getRandomValues(new Uint32Array(3))).join("-");
    window.addEventListener("pagehide", function () {
      try {
        sessionStorage.setItem("kit-tab", name);
        sessionStorage.setItem("kit-order", String(order));
      } catch (refused) { return; }
    });
    return name;
  }

  var KEEPALIVE_LIMIT = 60000;  // browsers refuse longer bodies of a request that outlives its page

  function ask(url, options) {
    return fetch(url, Object.assign({ credentials: "same-origin", redirect: "manual" }, options));
  }

  function post(form, url, body, signal, leaving) {
    order += 1;
    return ask(url, {
      method: "POST", signal: signal, keepalive: leaving && body.length < KEEPALIVE_LIMIT, body: body + "&_tab=" + window.kitForm.tab + "&_order=" + order,
      headers: {
        "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json",
        "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value
      }
    });
  }

  /* A fresh token after a new sign-in, put into the form as well; false while nobody is signed in. */
  function renew(form, url) {
    return ask(url, { headers: { "Accept": "application/json" } })
      .then(function (response) { return response.ok ? response.json() : {}; })
      .then(function (data) {
        if (data.csrf) { form.querySelector("[name=csrfmiddlewaretoken]").value = data.csrf; }
        return Boolean(data.csrf);
      });
  }

  window.kitForm = { body: formBody, label: label, shown: shown, post: post, renew: renew, tab: tabName() };
})();
