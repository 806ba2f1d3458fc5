"""One case: its page with two hundred records, and writing down a visit."""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib.messages.storage.cookie import CookieStorage
from django.db.models import Count, F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.models import Case, ServiceRecord
from cases.states import WORKING
from socialwork.bench.country.words import words
from socialwork.bench.measuring import Ratio, Work
from socialwork.bench.viewers import Viewer
from socialwork.bench.workloads import Country, Measured
from socialwork.core.ids import uuid7

RECORDS = 200
MINUTES = 5
MESSAGES = CookieStorage.cookie_name


def works(country: Country) -> Measured:
    case = case_with_many_records()
    worker = Viewer(case.lead, "lead", case.records.count())
    country.clients[worker.user.pk] = worker.client()
    sides = {
        "ours": country.page(worker, "cases:detail", case.pk), "afternoon": country.page(worker, "bench_page", case.pk),
        "nothing": country.page(worker, "bench_nothing"),
    }
    yield Work("page of a case with 200 records", sides, (Ratio("afternoon", "ours", 2, least=True),), worker.words)
    begun = uuid7()
    for viewer in country.viewers:
        yield visit(country, viewer)
    # The yardstick counts nothing: what it wrote would stand in no statistics. Its records begin when they were made.
    ServiceRecord.objects.filter(id__gt=begun, created_at=F("started_at")).delete()


def case_with_many_records() -> Case:
    """The case whose number of records is nearest to two hundred, read by its lead worker."""
    counted = ServiceRecord.objects.order_by().values_list("case_id").annotate(records=Count("pk"))
    nearest = sorted(counted.order_by("-records")[:500], key=lambda row: (abs(row[1] - RECORDS), str(row[0])))
    return Case.objects.select_related("lead__organisation").get(pk=nearest[0][0])


def visit(country: Country, viewer: Viewer) -> Work:
    """A worker of the viewer's cases submits the page of a contact, again and again about other minutes."""
    running = Case.objects.filter(state__in=WORKING).select_related("lead__organisation").order_by("-touched_at", "-id")
    case = running.filter(**{f"{viewer.scope}_id": viewer.scope_id}).first() or running[0]
    worker = Viewer(case.lead, "lead", viewer.rows)
    client = country.clients.setdefault(case.lead_id, worker.client())
    sides = {
        "ours": submitting(client, case), "afternoon": afternoon(client, case),
        "its record and rights alone": afternoon(client, case, alone="on"),
    }
    return Work("log a visit", sides, (Ratio("afternoon", "ours", 2.5, least=True),), viewer.words)


def submitting(client: Client, case: Case) -> Callable[[], Any]:
    address = reverse("cases:log_contact", args=[case.pk])
    body = opened(client.get(address).content) | {"method": "phone", "summary": summary()}
    times = slots()

    def submit() -> Any:
        start, end = next(times)
        answer = sent(client, address, body | between(start, end) | {"_key": str(uuid4())})
        if answer.status_code != 302:
            raise RuntimeError(f"{address} answers {answer.status_code}")
        return answer

    return submit


def sent(client: Client, address: str, body: dict[str, str]) -> Any:
    """A form as a browser sends one without files, which has shown what it was told the last time."""
    client.cookies.pop(MESSAGES, None)
    return client.post(address, urlencode(body), content_type="application/x-www-form-urlencoded")


def summary() -> str:
    """What a worker writes about a call."""
    return words()["records"]["contact"][0]


def between(start: dt.datetime, end: dt.datetime) -> dict[str, str]:
    """The fields of a record that say when; what overlaps with another record is meant."""
    day = {"on": f"{start:%Y-%m-%d}", "started": f"{start:%H:%M}", "ended": f"{end:%H:%M}"}
    return day | {"outcome": "on_time", "overlap_confirmed": "on"}


def afternoon(client: Client, case: Case, **more: str) -> Callable[[], Any]:
    address = reverse("bench_log", args=[case.pk])
    went = {"happened": "on", "attended": "on", "late_minutes": 0, "absence_class": "", "absence_reason": ""}
    body = {"kind": "contact", "lasted": MINUTES, "method": "phone", "place": "", "details": '{"mood": 3}', **went, **more}
    times = slots()

    def submit() -> Any:
        answer = sent(client, address, body | {"started_at": f"{next(times)[0]:%Y-%m-%d %H:%M}"})
        if answer.status_code != 302:
            raise RuntimeError(f"{address} answers {answer.status_code}: {answer.content[:200]!r}")
        return answer

    return submit


def slots() -> Any:
    """One span of a few minutes after the other, going back from now: no visit overlaps another."""
    end = timezone.localtime().replace(second=0, microsecond=0) - dt.timedelta(minutes=MINUTES)
    while True:
        start = end - dt.timedelta(minutes=MINUTES)
        if start.date() == end.date():
            yield start, end
        end = start


class Opened(HTMLParser):
    """What a browser sends of a form as it was opened: fields with their values, boxes that are ticked, what is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.body: dict[str, str] = {}
        self._choice = self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name, value = found.get("name") or "", found.get("value") or ""
        if tag == "input" and name and (found.get("type") not in ("checkbox", "radio") or "checked" in found):
            self.body[name] = value
        elif tag == "select":
            self._choice = name
        elif tag == "option" and self._choice and "selected" in found:
            self.body[self._choice] = value
        elif tag == "textarea":
            self._text = name

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = ""

    def handle_data(self, data: str) -> None:
        if self._text and data.strip():
            self.body[self._text] = data


def opened(page: bytes) -> dict[str, str]:
    """The fields of the form in the main part of a page."""
    reader = Opened()
    reader.feed(page.decode().split("<main", 1)[1])
    return reader.body
