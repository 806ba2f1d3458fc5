"""Bad input in real Chromium: a clear sentence where the cursor is, nothing typed is lost, nothing is half-written."""
from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import CharField
from django.db.models.functions import Cast, Concat
from django.urls import get_resolver, reverse

from socialwork.access.views import FormPage
from socialwork.accounts.models import User
from socialwork.organisations.models import Organisation
from tests.access.matrix import PERSONAS, Row, all_objects, all_rows

RARE = "𠮷野·阿依古丽😀"
FORMULA = '=HYPERLINK("http://example.invalid","点这里")'
# 100,000 characters, and among them those that are two units of a browser's text.
TOO_LONG = ("𠮷·" + "字" * 98) * 1000

# Fills every field of the page's form with what nobody should send; null where there is nothing to type.
FILL_BADLY = """([long, nasty]) => {
  const form = document.querySelector("main form.kit-form");
  if (!form) { return null; }
  const typed = {};
  let longest = true;
  for (const field of form.elements) {
    if (!field.name || field.disabled || field.readOnly || field.type === "hidden") { continue; }
    if (field.tagName === "TEXTAREA") { field.value = longest ? long : nasty; longest = false; }
    else if (/^(text|search|tel|email|url)$/.test(field.type)) { field.value = nasty; }
    else if (field.type === "date") { field.value = "9999-12-31"; }
    else if (field.type === "number") { field.value = "-1"; }
    else { continue; }
    typed[field.name] = field.value;
  }
  return Object.keys(typed).length ? typed : null;
}"""
# What stands on the page after a refusal: each sentence of the summary, and whether its link leads into a field that says it too.
REFUSED = """(typed) => {
  const summary = document.querySelector("[data-error-summary]");
  const focused = summary !== null && document.activeElement === summary;
  const faults = [];
  for (const item of summary ? summary.querySelectorAll("li") : []) {
    const link = item.querySelector("a");
    if (!link) { faults.push("no field: " + item.textContent); continue; }
    const field = document.getElementById(link.hash.slice(1));
    if (!field) { faults.push("no such field: " + link.hash); continue; }
    link.click();
    if (document.activeElement !== field && !field.contains(document.activeElement)) { faults.push("no cursor: " + link.hash); }
    const group = field.closest(".field, fieldset, .formset-row");
    const said = group ? [...group.querySelectorAll(".invalid-feedback")].map((one) => one.textContent.trim()) : [];
    if (!said.some((one) => one && item.textContent.includes(one))) { faults.push("not said at the field: " + item.textContent); }
  }
  const lost = Object.keys(typed).filter((name) => {
    const field = document.querySelector(`main [name="${CSS.escape(name)}"]`);
    return !field || field.value !== typed[name];
  });
  return { focused, faults, lost, sentences: summary ? summary.innerText : "" };
}"""
# Kept outside the matter: who read what, what is being typed, sign-ins.
BESIDE = {"audit.reading", "audit.event", "core.formdraft", "core.idempotencykey", "sessions.session"}


def written() -> dict[str, int]:
    """How many rows every table of the matter has."""
    models = (model for model in apps.get_models() if model._meta.managed and not model._meta.proxy)
    return {model._meta.label_lower: model._base_manager.count() for model in models if model._meta.label_lower not in BESIDE}


def forms() -> set[str]:
    """The names of all addresses where something is typed."""
    found: set[str] = set()

    def walk(patterns: list[Any], space: str) -> None:
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
            elif issubclass(getattr(pattern.callback, "view_class", object), FormPage):
                found.add(f"{space}{pattern.name}")

    walk(get_resolver().url_patterns, "")
    return found


def test_every_form_refuses_and_keeps_what_was_typed(world: Any, as_person: Any) -> None:
    makers, made, pages, faults, left, tried = all_objects(), {}, {}, [], forms(), set()
    for row in all_rows():
        if row.name not in left - tried or row.method != "GET" or not set(row.ok):
            continue
        if row.of and row.of not in made:
            made[row.of] = make(makers[row.of], world)
        viewer = next(persona for persona in PERSONAS if persona in row.ok)
        if viewer not in pages:
            pages[viewer] = as_person(world.people[viewer])
        before = written()
        print(row.name, viewer, __import__("time").monotonic(), flush=True)
        found = refuse(pages[viewer], reverse(row.name, args=row.args(made.get(row.of))))
        if found is not None:
            tried.add(row.name)
            found += [f"written: {name}" for name, count in written().items() if before.get(name) != count]
            faults += [(row.name, fault) for fault in found]
    print("\n".join(map(str, faults)), sorted(left-tried))
    assert faults == []
    assert len(tried) > 40


def make(maker: Any, world: Any) -> Any:
    """An object of the matrix beside the others: those made there alone may carry the same code or login."""
    Organisation.objects.exclude(credit_code="").update(credit_code="")
    User.objects.filter(login__startswith="new.").update(login=Concat("login", Cast("pk", CharField())))
    return maker(world)


def refuse(page: Any, address: str) -> list[str] | None:
    """What is wrong with the refusal; None when there is nothing to type on this page."""
    answer = page.goto(address)
    typed = page.evaluate(FILL_BADLY, [TOO_LONG, f"{FORMULA}{RARE}"]) if answer.ok else None
    if typed is None:
        return None
    with page.expect_navigation() as followed:
        page.locator("main form.kit-form .submit-bar [type=submit]").first.click()
    if followed.value.status != 400:
        return [f"answered {followed.value.status}: {page.title()}"]
    stands = page.evaluate(REFUSED, typed)
    found = list(stands["faults"]) + [f"lost: {name}" for name in stands["lost"]]
    return found + ([] if stands["focused"] else ["the summary has no focus"])
