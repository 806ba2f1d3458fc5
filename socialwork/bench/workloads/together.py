"""Eight people ask for their list at once of as many web workers as there are processors: how late the latest are.

All eight are asked for by one thread that waits for whichever answers first. Eight threads of Python wait for each other as
well, up to five milliseconds each, and take a good part of the processors from the web workers.
"""
from __future__ import annotations

import os
import re
import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median, quantiles

from django.conf import settings
from django.urls import reverse

from socialwork.bench.measuring import Row
from socialwork.bench.morning import web
from socialwork.bench.workloads import Country

CLIENTS, SECONDS, WARM = 8, 6.0, 1.0
MOST = 1.5
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


def rows(country: Country) -> Iterator[Row]:
    for viewer in country.viewers:
        with web(os.cpu_count() or 1) as (port, _pids):
            session = viewer.client().cookies[settings.SESSION_COOKIE_NAME].value
            times = asking(port, f"{settings.SESSION_COOKIE_NAME}={session}")
        p50, p95 = median(times), quantiles(times, n=20)[-1]
        yield Row(
            f"list, {CLIENTS} clients at once", viewer.words, {"p50": round(p50, 1), "p95": round(p95, 1)}, "ms",
            f"p95 / p50 <= {MOST}", round(p95 / p50, 3), p95 <= MOST * p50,
        )


def asking(port: int, cookie: str) -> list[float]:
    """Milliseconds of each answer to browsers that ask again as soon as they were answered."""
    request = f"GET {reverse('cases:list')} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode()
    found, begun = [], time.monotonic()
    with selectors.DefaultSelector() as waiting, closing_all(waiting):
        for _client in range(CLIENTS):
            Question(port, request).wait_in(waiting)
        while waiting.get_map():
            for ready, _events in waiting.select():
                question = ready.data
                if not question.is_answered():
                    continue
                now = time.monotonic()
                question.leave(waiting)
                if question.asked_at > begun + WARM:
                    found.append((now - question.asked_at) * 1000)
                if now < begun + SECONDS:
                    Question(port, request).wait_in(waiting)
    return found


@contextmanager
def closing_all(waiting: selectors.BaseSelector) -> Iterator[None]:
    """Nobody is left waiting where an error ends the asking."""
    try:
        yield
    finally:
        for key in list(waiting.get_map().values()):
            key.data.leave(waiting)


class Question:
    """A page asked for on a connection of its own."""

    def __init__(self, port: int, request: bytes) -> None:
        self.asked_at, self.answer = time.monotonic(), b""
        self.line = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.line.sendall(request)
        self.line.setblocking(False)

    def wait_in(self, waiting: selectors.BaseSelector) -> None:
        waiting.register(self.line, selectors.EVENT_READ, self)

    def leave(self, waiting: selectors.BaseSelector) -> None:
        waiting.unregister(self.line)
        self.line.close()

    def is_answered(self) -> bool:
        """Take what came; whether that was the last of it. Anything but the page is an error."""
        came = self.line.recv(1 << 18)
        self.answer += came
        head, end, body = self.answer.partition(b"\r\n\r\n")
        length = LENGTH.search(head + b"\r\n")
        if not came or (end and not (head.startswith(b"HTTP/1.1 200 ") and length)):
            raise RuntimeError(f"{head[:12].decode(errors='replace')} at the list")
        return bool(end and length) and len(body) >= int(length[1])
