"""Every form of the product, sent what nobody should send: refused with a sentence at the field, nothing typed is lost."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse
from lxml import html

from socialwork.access.views import FormPage
from tests.access.matrix import PERSONAS, Row
from tests.access.test_matrix import OBJECTS, ROWS, counts, routes

# 100,000 characters; 𠮷 is two units of a browser's text, four bytes of the database's.
TOO_LONG = ("𠮷·" + "字" * 98) * 1000
NASTY = '=HYPERLINK("http://example.invalid","点这里")𠮷·😀'
TYPED = ("text", "search", "tel", "email", "url")
FIELD = "ancestor-or-self::*[contains(concat(' ', @class, ' '), ' field ') or self::fieldset][1]"
FEEDBACK = ".//*[contains(@class, 'invalid-feedback')]//text()"
# What is being typed is kept, that is the point; who looked is recorded.
KEPT = {"core_formdraft", "core_idempotencykey", "audit_access", "django_session"}


def forms() -> Iterator[Row]:
    """One row of the matrix for every page with a form, seen by somebody who may."""
    pages = {name for name, entry in routes() if issubclass(getattr(entry.callback, "view_class", object), FormPage)}
    for row in ROWS:
        if row.name in pages and row.method == "GET" and set(row.ok):
            pages.remove(row.name)
            yield row
    assert not pages, f"no row of the matrix opens {sorted(pages)}"


def test_refuses_and_keeps_what_was_typed(world: Any, sign_in: Any) -> None:
    """All forms about one kind of object: the object is made once, and thrown away before the next."""
    rows, faults = list(forms()), []
    for of in sorted({row.of for row in rows}):
        with transaction.atomic():
            made = OBJECTS[of](world) if of else None
            before = counts()
            for row in [row for row in rows if row.of == of]:
                client = sign_in(world.people[next(persona for persona in PERSONAS if persona in row.ok)])
                faults += [(row.name, fault) for fault in refuse(client, reverse(row.name, args=row.args(made)))]
                changed = {name for name, count in counts().items() if before[name][0] != count[0]} - KEPT
                faults += [(row.name, f"wrote {name}") for name in sorted(changed)]
            transaction.set_rollback(True)
    assert faults == []


def refuse(client: Client, address: str) -> list[str]:
    """Send the form of this page filled in badly; what is wrong with the answer."""
    form = main_form(client.get(address))
    body, typed = filled_badly(form)
    if not typed:
        # Nothing to type: what is sent twice or too late is the matter of other tests.
        return []
    answer = client.post(address, body)
    if answer.status_code != 400:
        return [f"answered {answer.status_code}"]
    found, again = faults_of(html.fromstring(answer.content.decode())), {}
    for field in main_form(answer).xpath(".//input[@name]|.//textarea[@name]"):
        again.setdefault(field.name, field.value if field.tag == "input" else text_of(field))
    return found + [f"lost {name}" for name, value in typed.items() if again.get(name) != value]


def main_form(answer: Any) -> Any:
    assert answer.status_code in (200, 400), answer.status_code
    found = html.fromstring(answer.content.decode()).xpath("//main//form[@data-once]")
    assert found, "the page has no form of the kit"
    return found[0]


def text_of(area: Any) -> str:
    """What a browser shows: the first line break after the tag is none."""
    return (area.text or "").removeprefix("\r\n").removeprefix("\n")


def filled_badly(form: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """The whole body, and of it what was typed: too long, not a day, not a number."""
    body: dict[str, Any] = {}
    typed: dict[str, str] = {}
    for template in form.xpath(".//template"):
        template.drop_tree()
    for field in form.xpath(".//input[@name]|.//textarea[@name]|.//select[@name]"):
        kind = field.get("type", "text") if field.tag == "input" else field.tag
        if kind == "textarea" and TOO_LONG not in typed.values():
            typed[field.name] = TOO_LONG
        elif kind == "textarea" or kind in TYPED:
            typed[field.name] = NASTY
        elif kind == "date":
            typed[field.name] = "9999-12-31"
        elif kind == "number":
            typed[field.name] = "-1"
        elif kind in ("checkbox", "radio"):
            if field.checked:
                body.setdefault(field.name, []).append(field.get("value", "on"))
        elif kind == "select":
            chosen = field.xpath("./option[@selected]/@value|./optgroup/option[@selected]/@value")
            body[field.name] = chosen or field.xpath(".//option/@value")[:1]
        else:
            body[field.name] = field.value or ""
    return {**body, **typed}, typed


def faults_of(page: Any) -> list[str]:
    """Sentences of the summary that lead nowhere, or that are not said at the field they lead to."""
    items = page.xpath("//*[@data-error-summary]//li")
    found = [] if items else ["there is no summary"]
    for item in items:
        sentence, links = item.text_content(), item.xpath(".//a/@href")
        if not links:
            found.append(f"leads nowhere: {sentence}")
            continue
        fields = page.xpath(f"//*[@id='{links[0][1:]}']")
        if not fields:
            found.append(f"{links[0]} is not on the page: {sentence}")
            continue
        said = [" ".join(one.split()) for place in fields[0].xpath(FIELD)[:1] for one in place.xpath(FEEDBACK)]
        if not any(one and one in " ".join(sentence.split()) for one in said):
            found.append(f"not said at {links[0]}: {sentence}")
    return found
