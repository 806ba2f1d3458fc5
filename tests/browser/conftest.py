"""Real Chromium against a real server: one browser for the run, one context per person."""
from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
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
    wait_for_the_server()
    assert problems == []


def wait_for_the_server(seconds: float = 10) -> None:
    """A request that its browser no longer waits for still runs; the tables are not emptied under its feet."""
    others = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
    )
    until = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(others)
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.05)
