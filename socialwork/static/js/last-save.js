/* form[data-autosave-url], about to be sent: what is saved nowhere is saved first, because sent after the end of a
   session it would be lost. Needs autosave.js, which hangs its draft on the form. */
(function () {
  "use strict";

  function go(form, event) {
    const draft = form.kitDraft;
    if (event.defaultPrevented) { return; }
    if (draft.stopped || draft.body() === draft.saved) { draft.stop(); return; }
    event.preventDefault();
    if (draft.sending) { draft.sending.abort(); draft.sending = null; }
    draft.save(false).then((held) => {
      if (held) {
        const decide = form.querySelector("[data-draft-bar] a, [data-draft-bar] button");
        if (decide) { decide.focus(); }
        return;
      }
      draft.stop();
      form.requestSubmit(event.submitter || undefined);
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("form[data-autosave-url]").forEach((form) => {
      form.addEventListener("submit", (event) => go(form, event));
    });
  });
})();
