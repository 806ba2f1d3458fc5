"""A person at the browser: goes, fills in by field name, presses by the words on the button, reads what is there."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Locator, Page, expect

# Sets fields at once instead of key by key, in the order given, and tells the page's own scripts of each. What a person
# could not reach (no such field, switched off by another answer, no such option) is refused.
ENTER = """(fields) => {
  const told = (kind) => new Event(kind, { bubbles: true });
  const tell = (field) => ["input", "change"].forEach((kind) => field.dispatchEvent(told(kind)));
  for (const [name, value] of fields) {
    const named = [...document.querySelectorAll(`main [name="${CSS.escape(name)}"]`)];
    const found = named.filter((field) => field.type !== "hidden");
    if (!found.length) { throw new Error(`there is no field ${name}`); }
    if (found.every((field) => field.disabled)) { throw new Error(`the field ${name} is switched off`); }
    const wanted = [].concat(value).map(String);
    const first = found[0];
    if (/^(checkbox|radio)$/.test(first.type)) {
      const on = (box) => (typeof value === "boolean" ? value : wanted.includes(box.value));
      const missing = typeof value === "boolean" ? [] : wanted.filter((one) => !found.some((box) => box.value === one));
      if (missing.length) { throw new Error(`${name} does not offer ${missing}`); }
      const wrong = (box) => box.checked !== on(box) && (first.type === "checkbox" || on(box));
      found.forEach((box) => { if (wrong(box)) { box.click(); } });
    } else if (first.tagName === "SELECT") {
      const missing = wanted.filter((one) => ![...first.options].some((option) => option.value === one));
      if (missing.length) { throw new Error(`${name} does not offer ${missing}`); }
      [...first.options].forEach((option) => { option.selected = wanted.includes(option.value); });
      tell(first);
    } else {
      first.value = wanted[0];
      tell(first);
    }
  }
}"""


def said(text: str, **values: Any) -> str:
    """The words on the screen for a sentence of the source, as the catalogue has them."""
    with translation.override("zh-hans"):
        return gettext(text) % values if values else gettext(text)


class Actor:
    """One signed-in person. Methods read like what a person does; every press waits for the page that follows."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def tab(self) -> Actor:
        """One more tab of the same browser, signed in alike."""
        return Actor(self.page.context.new_page())

    def go(self, name: str, *args: Any) -> Actor:
        answer = self.page.goto(reverse(name, args=args))
        assert answer is not None and answer.ok, (name, answer and answer.status)
        return self

    def refused(self, name: str, *args: Any, status: int = 404) -> Actor:
        """The address does not exist for this person (404), or the act is not theirs (403)."""
        answer = self.page.goto(reverse(name, args=args))
        assert answer is not None and answer.status == status, (name, answer and answer.status)
        return self

    def fill(self, **values: Any) -> Actor:
        """Fill in fields by name; lists tick several boxes or choose several options."""
        for name, value in values.items():
            self.put(name, value)
        return self

    def fill_rows(self, prefix: str, rows: list[Mapping[str, Any]]) -> Actor:
        """Fill in the rows of a formset, adding as many as are missing."""
        for number, row in enumerate(rows):
            first = next(iter(row))
            if not self.page.locator(f"[name='{prefix}-{number}-{first}']").count():
                self.page.locator(f"[name='_add'][value='{prefix}'], [data-add='{prefix}']").first.click()
            for name, value in row.items():
                self.put(f"{prefix}-{number}-{name}", value)
        return self

    def enter(self, **values: Any) -> Actor:
        """As `fill`, all at once; True and False tick and untick a box."""
        return self.enter_all(values)

    def enter_all(self, values: Mapping[str, Any]) -> Actor:
        self.page.evaluate(ENTER, [[name, _plain(value)] for name, value in values.items()])
        return self

    def enter_rows(self, prefix: str, rows: Sequence[Mapping[str, Any]]) -> Actor:
        """As `fill_rows`, all at once."""
        total = self.page.locator(f"[name='{prefix}-TOTAL_FORMS']")
        for _missing in range(int(total.input_value()), len(rows)):
            self.page.locator(f"[data-formset='{prefix}'] [data-formset-add]").click()
        return self.enter_all(
            {f"{prefix}-{number}-{name}": value for number, row in enumerate(rows) for name, value in row.items()}
        )

    def has(self, name: str) -> bool:
        """Whether the page asks for this field now."""
        return self.page.locator(f"main [name='{name}']:not([type=hidden])").count() > 0

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.page.locator(f"main [name='{name}']").first.input_value()

    def put(self, name: str, value: Any) -> None:
        # A page that was only just asked for, in a tab of its own, may still be on its way.
        self.page.wait_for_load_state("domcontentloaded")
        field = self.page.locator(f"[name='{name}']")
        assert field.count(), f"no field {name} on {self.page.url}"
        kind = field.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
        if kind == "select":
            field.select_option(value)
        elif kind in {"radio", "checkbox"}:
            self._tick(name, value)
        else:
            field.first.fill(str(value))

    def press(self, label: str, *, exact: bool = True, inside: str = "body") -> Actor:
        """Press the button or link with these words and wait for the page that follows."""
        target = self.button(label, exact=exact, inside=inside)
        assert target.count(), f"nothing to press named {label} on {self.page.url}: {self.page.title()}"
        with self.page.expect_navigation() as followed:
            target.first.click()
        answer = followed.value
        assert answer is None or answer.status < 500, f"{label} on {self.page.url}: {answer.status}"
        return self

    def button(self, label: str, *, exact: bool = True, inside: str = "body") -> Locator:
        """The visible buttons and links with these words."""
        place = self.page.locator(inside)
        links = place.get_by_role("link", name=label, exact=exact)
        return place.get_by_role("button", name=label, exact=exact).or_(links).locator("visible=true")

    def does_not_offer(self, *labels: str) -> Actor:
        for label in labels:
            assert not self.button(label).count(), f"{label} is offered on {self.page.url}"
        return self

    def sees(self, *texts: str) -> Actor:
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)
        return self

    def does_not_see(self, *texts: str) -> Actor:
        whole = self.page.content()
        for text in texts:
            assert text not in whole, f"{text} stands on {self.page.url}"
        return self

    def errors(self) -> str:
        """The words of the error summary; empty when there is none."""
        summary = self.page.locator("[data-error-summary], .error-summary")
        return summary.first.inner_text() if summary.count() else ""

    def identifier(self) -> str:
        """The identifier in the address of the present page."""
        found = re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", self.page.url)
        assert found, self.page.url
        return found[0]

    def _tick(self, name: str, value: Any) -> None:
        wanted = {str(item) for item in (value if isinstance(value, list | tuple | set) else [value])}
        boxes = self.page.locator(f"[name='{name}']")
        for index in range(boxes.count()):
            box = boxes.nth(index)
            own = box.get_attribute("value") or "on"
            should = own in wanted or (value is True and boxes.count() == 1)
            if box.is_checked() != should and (should or box.get_attribute("type") != "radio"):
                # The words beside a box switch it, and a click on them waits until they stand still and lie open.
                label = self.page.locator(f"label[for='{box.get_attribute('id')}']")
                (label if label.count() else box).first.click()
                assert box.is_checked() == should, f"{name} did not change on {self.page.url}"


def _plain(value: Any) -> Any:
    """Days, identifiers and numbers as they are typed."""
    if isinstance(value, list | tuple | set):
        return [str(item) for item in value]
    return value if isinstance(value, bool) else str(value)
