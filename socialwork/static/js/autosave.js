/* form[data-autosave-url]: what is typed is on the server a second later, on blur, hiding and leaving.
   Contract: docs/interface.md. See last-save.js, draft-bar.js. */
(function () {
  "use strict";
  const words = document.getElementById("kit-words");
  const LONGEST_WAIT = 60000;

  class Draft {
    constructor(form) {
      this.form = form;
      this.url = form.getAttribute("data-autosave-url");
      this.seen = form.getAttribute("data-seen") || "";
      this.saved = form.hasAttribute("data-autosave-now") ? "" : this.body();
      this.wait = 1000;
      this.stopped = false;
    }

    body() { return window.kitForm.body(this.form).toString(); }

    say(text, tone) {
      this.form.querySelectorAll("[data-saved-at]").forEach((place) => {
        place.textContent = text;
        place.dataset.tone = tone;
      });
    }

    tell(name, data) {
      this.form.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { draft: this, data: data } }));
    }

    later(wait) {
      clearTimeout(this.timer);
      if (!this.stopped) { this.timer = setTimeout(() => this.save(false), wait); }
    }

    save(leaving) {
      const body = this.body();
      if (this.stopped || body === this.saved || (leaving && body === this.left)) { return null; }
      if (leaving) { this.left = body; }
      if (this.sending && !leaving) { this.later(500); return null; }
      clearTimeout(this.timer);
      this.sending = new AbortController();
      const sent = body + "&_seen=" + encodeURIComponent(this.seen);
      return window.kitForm.post(this.form, this.url, sent, this.sending.signal, leaving)
        .then((response) => { this.sending = null; return this.answer(response, body); })
        .catch((error) => {
          if (error.name === "AbortError") { return true; }
          this.sending = null;
          return this.again(false);
        });
    }

    /* True when the person has to decide first. */
    async answer(response, body) {
      const conflict = response.status === 409;
      if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) { return this.renew(); }
      if (!conflict && !response.ok) { return this.again(false); }
      const data = await response.json();
      if (conflict) { this.stopped = true; this.tell("kit:conflict", data); return true; }
      this.saved = body;
      this.seen = data.seen || this.seen;
      this.wait = 1000;
      this.tell("kit:signed-in");
      this.say(data.saved_at ? words.dataset.saved.replace("%s", data.saved_at) : "", "ok");
      if (this.body() === body) { this.form.removeAttribute("data-unsaved"); } else { this.later(1000); }
      return false;
    }

    async renew() {
      const renewed = await window.kitForm.renew(this.form, this.url);
      if (!renewed) { this.tell("kit:signed-out"); }
      this.again(renewed);
      return !renewed;
    }

    again(soon) {
      if (!soon) { this.say(words.dataset.notSaved, "warn"); }
      this.later(soon ? this.wait - 1000 : this.wait * 2);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    }

    stop() {
      this.stopped = true;
      clearTimeout(this.timer);
      if (this.sending) { this.sending.abort(); }
    }
  }

  function attach(form) {
    const draft = form.kitDraft = new Draft(form);
    const now = () => { draft.wait = 1000; draft.save(false); };
    form.addEventListener("input", () => draft.later(1000));
    form.addEventListener("change", () => draft.later(200));
    form.addEventListener("focusout", () => draft.later(0));
    form.addEventListener("kit:released", () => { draft.stopped = false; });
    window.addEventListener("pagehide", () => draft.save(true));
    window.addEventListener("online", now);
    window.addEventListener("focus", now);
    document.addEventListener("visibilitychange", () => draft.save(document.hidden));
    if (!draft.saved) { draft.later(0); }
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form[data-autosave-url]").forEach(attach));
})();
