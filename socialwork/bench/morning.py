"""A working morning: many people with pauses between their requests, through the proxy, against real web workers.

Needs the programs `wrk` and `caddy` (both are in Debian); everything listens on this machine only.
"""
from __future__ import annotations

import os
import random
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse

from cases.models import Case
from cases.states import WORKING
from socialwork.access.roles import Role
from socialwork.accounts.models import User
from socialwork.bench.country.words import some, words
from socialwork.bench.viewers import Viewer

HERE = Path(__file__).parent
PROXY = "{{\nadmin off\nauto_https off\n}}\nhttp://127.0.0.1:{front} {{\nencode gzip\nreverse_proxy 127.0.0.1:{back}\n}}\n"
# Of a hundred people so many do this work.
ROLES = {
    Role.SOCIAL_WORKER: 60, Role.PROSECUTOR: 22, Role.SUPERVISOR: 6, Role.UNIT_HEAD: 5, Role.AGENCY_MANAGER: 5, Role.COUNSELLOR: 2,
}
COLUMNS = {
    Role.SOCIAL_WORKER: "lead", Role.PROSECUTOR: "prosecutor", Role.SUPERVISOR: "supervisor", Role.UNIT_HEAD: "organ",
    Role.AGENCY_MANAGER: "agency", Role.COUNSELLOR: "counsellor",
}
HERTZ = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Morning:
    """What came out: requests a second, waiting times in milliseconds, and who used how much of the processors."""

    workers: int
    requests: float
    failed: int
    p50: float
    p95: float
    p99: float
    shares: dict[str, float]


def lines_of(people: int, seed: int) -> Iterator[str]:
    """What each person asks for: the day, the list, a case, notices, and text saved while it is typed."""
    chance = random.Random(seed)
    for role, share in ROLES.items():
        known = User.objects.filter(is_active=True, roles=[str(role)]).select_related("organisation").order_by("pk")
        wanted = max(people * share // 100, 1)
        for user in chance.sample(list(known[: wanted * 3]), min(wanted, known.count())):
            yield from _of_person(user, role, chance)


def _of_person(user: User, role: Role, chance: random.Random) -> Iterator[str]:
    token = secrets.token_hex(16)
    session = Viewer(user, "", 0).client().cookies[settings.SESSION_COOKIE_NAME].value
    cookies = f"{settings.SESSION_COOKIE_NAME}={session};{settings.CSRF_COOKIE_NAME}={token}"
    column = COLUMNS[role]
    scope = user.organisation_id if column in ("organ", "agency") else user.pk
    cases = Case.objects.filter(**{f"{column}_id": scope}, state__in=WORKING).order_by("next_due_at", "id")[:20]
    yield from [f"GET {cookies} {reverse('today')}"] * 3
    yield from [f"GET {cookies} {reverse('cases:list')}"] * 3
    yield f"GET {cookies} {reverse('notifications:list')}"
    if cases:
        case = chance.choice(list(cases))
        yield from [f"GET {cookies} {reverse('cases:detail', args=[case.pk])}"] * 3
        if role == Role.SOCIAL_WORKER:
            yield f"GET {cookies} {reverse('cases:log_contact', args=[case.pk])}"
            typed = quote(some(chance, words()["records"]["contact"]))
            yield from [f"POST {cookies} {reverse('save_draft', args=['log_contact', case.pk])} summary={typed}"] * 2


def run(lines: Path, *, people: int, workers: int, seconds: int, pause: float) -> Morning:
    """Let them all begin their work. `pause` is the mean time between two requests of one person, in seconds."""
    if missing := [name for name in ("wrk", "caddy") if shutil.which(name) is None]:
        raise FileNotFoundError(", ".join(missing))
    with serving(workers) as (front, groups):
        before = {name: _spent(group()) for name, group in groups.items()}
        command = ["wrk", "-t2", f"-c{people}", f"-d{seconds}s", "--timeout", "30s", "-s", str(HERE / "morning.lua")]
        environment = {**os.environ, "MORNING_LINES": str(lines), "MORNING_PAUSE": str(int(pause * 1000))}
        answer = subprocess.run(
            [*command, f"http://127.0.0.1:{front}"], env=environment, capture_output=True, text=True, check=True
        )
        spent = {name: _spent(group()) - before[name] for name, group in groups.items()}
    requests, failed, duration, *late = map(int, answer.stdout.rsplit("RESULT ", 1)[1].split())
    took = duration / 1_000_000
    shares = {name: round(value / took / (os.cpu_count() or 1), 3) for name, value in spent.items()}
    p50, p95, p99 = (round(value / 1000, 1) for value in late)
    return Morning(workers, round(requests / took, 1), failed, p50, p95, p99, shares)


@contextmanager
def serving(workers: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """Web workers behind the proxy, as the shipped composition runs them; gives the port and who to count."""
    front = _free()
    with web(workers) as (back, pids):
        proxy = subprocess.Popen(
            ["caddy", "run", "--adapter", "caddyfile", "--config", "-"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        try:
            assert proxy.stdin is not None
            proxy.stdin.write(PROXY.format(front=front, back=back).encode())
            proxy.stdin.close()
            _wait_for(f"http://127.0.0.1:{front}/livez/")
            yield front, {"web": pids, "proxy": lambda: [proxy.pid], "database": lambda: _named("postgres")}
        finally:
            proxy.terminate()
            proxy.wait(timeout=30)


@contextmanager
def web(workers: int) -> Iterator[tuple[int, Callable[[], list[int]]]]:
    """Web workers alone; gives their port and who they are."""
    port = _free()
    environment = {**os.environ, "DEBUG": "0", "INSECURE_HTTP": "1", "ALLOWED_HOSTS": "127.0.0.1", "PYTHONWARNINGS": "ignore"}
    collect = [sys.executable, "-m", "django", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, env=environment, check=True)
    command = ["gunicorn", "socialwork.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", str(workers), "--worker-class", "sync"]
    command = [sys.executable, "-m", *command, "--preload", "--log-level", "error", "--backlog", "4096"]
    program = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/livez/")
        yield port, lambda: [program.pid, *_children(program.pid)]
    finally:
        program.terminate()
        program.wait(timeout=30)


def _free() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(address: str) -> None:
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        with suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.2)
    raise TimeoutError(address)


def _spent(pids: Sequence[int]) -> float:
    """Seconds of processor the processes used until now."""
    total = 0.0
    for pid in pids:
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12]) + int(fields[13]) + int(fields[14])) / HERTZ
    return total


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _named(name: str) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        with suppress(OSError):
            if folder.name.isdigit() and (folder / "comm").read_text().strip() == name:
                found.append(int(folder.name))
    return found
