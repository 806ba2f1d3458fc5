"""How heavy: bytes of a page over the wire, memory of a worker that has answered for a while."""
from __future__ import annotations

import gzip
import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

from socialwork.bench.measuring import Figure
from socialwork.bench.workloads import Country, Measured

FEW, MANY = 100, 10_000
KILO = 1024
PAGE_SIZE = 4096


def works(country: Country) -> Measured:
    viewer = country.largest
    page = country.page(viewer, "cases:list")().content
    later = len(gzip.compress(page)) / KILO
    yield Figure("page weight, later visits", round(later, 1), 15, viewer.words, "KB, compressed")
    first = later + sum(len(gzip.compress(Path(file).read_bytes())) for file in parts(page.decode())) / KILO
    yield Figure("page weight, first visit", round(first, 1), 90, viewer.words, "KB, compressed")


def parts(page: str) -> list[str]:
    """The files of ours a browser fetches with a page for the first time: styles, scripts, signs."""
    named = re.findall(rf'(?:src|href)="{settings.STATIC_URL}([^"?#]+)', page)
    return [found for name in dict.fromkeys(named) if (found := finders.find(name))]


def memory(country: Country) -> Measured:
    """Resident memory after many pages against after some; several minutes, so it is measured only when asked for."""
    pages = [country.page(viewer, name) for viewer in country.viewers for name in ("cases:list", "today")]
    sizes = {}
    for number in range(1, MANY + 1):
        pages[number % len(pages)]()
        if number in (FEW, MANY):
            sizes[number] = resident()
    yield Figure("memory of a worker, 10,000 requests against 100", round(sizes[MANY] / sizes[FEW], 3), 1.2, unit="times")


def resident() -> int:
    """Bytes of this process that are in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_SIZE
