"""Real Chromium against a real server: one browser for the run, one context per person."""
from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from tests import cast

# Playwright keeps an event loop in this thread; the tests themselves are synchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--lang=zh-CN",
]
HOW_TO = "These tests need Chromium: install the package chromium, or set CHROMIUM to the path of one."


def find_chromium() -> str | None:
    return os.environ.get("CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Chromium these tests are skipped and say so; on a build machine that is a failure."""
    chromium = find_chromium()
    for item in items:
        if "tests/browser/" in str(item.path).replace("\\", "/"):
            item.add_marker(pytest.mark.browser)
            if chromium is None and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason=HOW_TO))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = find_chromium()
    if chromium is None:
        pytest.fail(HOW_TO)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def world(transactional_db: Any) -> cast.World:
    """The cast, committed, so that the server of the test sees it."""
    from django.core.management import call_command

    from socialwork.organisations.models import District

    if not District.objects.exists():
        call_command("load_reference", verbosity=0)
    return cast.build_world()


@pytest.fixture
def as_person(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """`as_person(user, width=1280)` is a page signed in as that person; script errors fail the test."""
    contexts, problems = [], []
    gate = Gate.before(live_server.thread.httpd)

    def open_as(user: Any, width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900 if width > 600 else 760}, locale="zh-CN", timezone_id="Asia/Shanghai",
            base_url=live_server.url, **options,
        )
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user, backend="socialwork.access.backends.DenyByDefaultBackend")
            context.add_cookies(
                [{
                    "name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": live_server.url,
                }]
            )
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.set_default_timeout(10_000)
        return page

    yield open_as
    for context in contexts:
        context.close()
    gate.shut()
    assert problems == []


class Gate:
    """What stands before the server of a test.

    A page that closes still saves what was typed, so a request may come, or run on, when its browser is gone. The tables must
    not be emptied under its feet: once the gate is shut nothing new gets in, and it shuts when the last one is out. It stays
    until the next test puts its own in its place.
    """

    @classmethod
    def before(cls, server: Any) -> Gate:
        standing = server.get_app()
        gate = cls(standing.application if isinstance(standing, cls) else standing)
        server.set_app(gate)
        return gate

    def __init__(self, application: Any) -> None:
        self.application = application
        self._turn = threading.Condition()
        self._inside = 0
        self._is_shut = False

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        with self._turn:
            if self._is_shut:
                start_response("503 Service Unavailable", [("Content-Length", "0")])
                return [b""]
            self._inside += 1
        try:
            return self.application(environ, start_response)
        finally:
            with self._turn:
                self._inside -= 1
                self._turn.notify_all()

    def shut(self, seconds: float = 30) -> None:
        with self._turn:
            self._is_shut = True
            assert self._turn.wait_for(lambda: self._inside == 0, timeout=seconds), "A request of the test never ended."
