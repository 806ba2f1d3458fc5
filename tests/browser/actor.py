"""A person at the browser: goes, fills in by field name, presses by the words on the button, and reads what stands there."""
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from playwright.sync_api import Page, expect


class Actor:
    """One signed-in person. Methods read like what a person does; every press waits for the page that follows."""

    def __init__(self, page: Page) -> None:
        self.page = page

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

    def put(self, name: str, value: Any) -> None:
        field = self.page.locator(f"[name='{name}']")
        assert field.count(), f"no field {name} on {self.page.url}"
        kind = field.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
        if kind == "select":
            field.select_option(value)
        elif kind in {"radio", "checkbox"}:
            self._tick(name, value)
        else:
            field.first.fill(str(value))

    def press(self, label: str, *, exact: bool = True) -> Actor:
        """Press the button or link with these words and wait for the page that follows."""
        target = self.page.get_by_role("button", name=label, exact=exact).or_(
            self.page.get_by_role("link", name=label, exact=exact)
        )
        visible = [item for item in target.all() if item.is_visible()]
        assert visible, f"nothing to press named {label} on {self.page.url}"
        with self.page.expect_navigation():
            visible[0].click()
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
            if box.get_attribute("type") == "radio":
                if should:
                    box.check(force=True)
            elif box.is_checked() != should:
                box.set_checked(should, force=True)
