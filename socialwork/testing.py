"""pytest plug-in: one throw-away PostgreSQL and Redis for the whole run, and the question whether there is a browser.

It is named in ``addopts``, so it is imported before pytest-django reads the settings. Parallel workers inherit the
addresses through the environment; with DATABASE_URL and REDIS_URL set nothing is started.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from socialwork import env
from socialwork.core.management.commands.compile_translations import compile_catalogues
from socialwork.embedded import keys, seed
from socialwork.embedded.errors import EmbeddedServerError
from socialwork.embedded.postgres import DATABASE
from socialwork.embedded.stack import servers_are_named, throw_away_stack

_CHECKOUT = Path(__file__).resolve().parent.parent
_TEMPLATE = "SOCIALWORK_TEST_TEMPLATE"
_WORKER = "PYTEST_XDIST_WORKER"
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_DOWNLOADED = "ms-playwright/chromium-*/chrome-linux*/chrome"
NO_CHROMIUM = (
    "No Chromium was found, so the browser tests cannot run. Install it with your package manager "
    "(Debian: apt-get install chromium), or without administrator rights with "
    ".venv/bin/python -m playwright install chromium, or set CHROMIUM to the path of the program."
)


def find_chromium() -> str | None:
    """Return the path of a Chromium or Chrome: CHROMIUM, then PATH, then what playwright downloaded."""
    given = os.environ.get("CHROMIUM", "").strip()
    if given:
        return shutil.which(given)
    for program in _PROGRAMS:
        if found := shutil.which(program):
            return found
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return next((str(found) for found in sorted(cache.glob(_DOWNLOADED), reverse=True)), None)


def in_ci() -> bool:
    """Whether the run is a build server's, where nothing may be skipped for want of a program."""
    return os.environ.get("CI", "").strip().lower() not in {"", "0", "false", "no"}


def _prepare_run() -> None:
    os.environ.setdefault("DEBUG", "1")
    keys.export(keys.new_keys())
    if not servers_are_named():
        _start_servers()
    compile_catalogues(_CHECKOUT / "socialwork" / "locale")


def _start_servers() -> None:
    stack = throw_away_stack()
    place = seed.folder_for(_CHECKOUT)
    planted = not in_ci() and seed.use(stack, place)
    os.environ.update(stack.start().environment)
    if planted or (not in_ci() and seed.grow(stack, place, _CHECKOUT)):
        os.environ[_TEMPLATE] = DATABASE


def _take_own_redis_databases(worker: str) -> None:
    """Give each parallel worker a pair of Redis databases, so that one may empty its cache under the others' feet."""
    number = int(worker.removeprefix("gw"))
    os.environ["REDIS_URL"] = env.redis_url(2 * number)
    os.environ["CELERY_BROKER_URL"] = env.broker_url()


if _WORKER in os.environ:
    _take_own_redis_databases(os.environ[_WORKER])
else:
    try:
        _prepare_run()
    except (EmbeddedServerError, ValueError) as problem:
        raise pytest.UsageError(str(problem)) from None


def pytest_configure() -> None:
    """Let test databases begin as copies of the migrated one, where there is one."""
    if template := os.environ.get(_TEMPLATE):
        from django.conf import settings

        settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = template


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Path of the browser for playwright's ``executable_path``; only for tests marked ``browser``."""
    found = find_chromium()
    assert found, NO_CHROMIUM
    return found


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Skip browser tests where there is no browser; on a build server let them fail instead."""
    if in_ci() or find_chromium():
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once, at the end, how to get the browser whose tests were skipped."""
    if any(NO_CHROMIUM in str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])):
        terminalreporter.write_line(NO_CHROMIUM, yellow=True)
