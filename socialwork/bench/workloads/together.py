"""Eight people ask for their list at once of as many web workers as there are processors: how late the latest are."""
from __future__ import annotations

import http.client
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles

from django.conf import settings
from django.urls import reverse

from socialwork.bench.measuring import Row
from socialwork.bench.morning import web
from socialwork.bench.workloads import Country

CLIENTS, SECONDS, WARM = 8, 6.0, 1.0
MOST = 1.5


def rows(country: Country) -> Iterator[Row]:
    for viewer in country.viewers:
        with web(os.cpu_count() or 1) as (port, _pids):
            session = viewer.client().cookies[settings.SESSION_COOKIE_NAME].value
            with ThreadPoolExecutor(CLIENTS) as people:
                times = sorted(sum(people.map(lambda _one, at=port, with_=session: asking(at, with_), range(CLIENTS)), []))
        p50, p95 = median(times), quantiles(times, n=20)[-1]
        yield Row(
            f"list, {CLIENTS} clients at once", viewer.words, {"p50": round(p50, 1), "p95": round(p95, 1)}, "ms",
            f"p95 / p50 <= {MOST}", round(p95 / p50, 3), p95 <= MOST * p50,
        )


def asking(port: int, session: str) -> list[float]:
    """Milliseconds of each answer to one browser that asks again as soon as it was answered."""
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}", "Host": "127.0.0.1"}
    found, begun = [], time.monotonic()
    while (now := time.monotonic()) < begun + SECONDS:
        browser = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        browser.request("GET", reverse("cases:list"), headers=headers)
        answer = browser.getresponse()
        answer.read()
        browser.close()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} at the list")
        if now > begun + WARM:
            found.append((time.monotonic() - now) * 1000)
    return found
