"""Two people at the same moment, each with a database connection of their own."""
from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.core.management import call_command
from django.db import connection

from socialwork.core.errors import DomainError
from socialwork.organisations.models import District
from tests import cast


def committed_world() -> cast.World:
    """The cast, committed; the test before may have emptied the tables of reference data."""
    if not District.objects.exists():
        call_command("load_reference", verbosity=0)
    return cast.build_world()


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Carry out the acts at the same moment and return their outcomes, sorted: "done" or the code of the refusal."""
    outcomes: list[str] = []
    ready = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> None:
        try:
            ready.wait(timeout=20)
            act()
            outcomes.append("done")
        except DomainError as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(outcomes)
