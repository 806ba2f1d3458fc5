"""The entries of DATABASES, from the environment: one primary, a pooler in front of it or not, replicas or none."""

from __future__ import annotations

import os
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from socialwork import env

Entry = dict[str, Any]


def databases() -> dict[str, Entry]:
    """``default`` is the primary of DATABASE_URL.

    With DATABASE_POOLED=1 a pooler stands between (PgBouncer, ``pool_mode = transaction``), and one server connection
    serves a different request with every transaction. Then nothing may be left behind in a connection: no cursors that
    outlive a transaction, and prepared statements only where PREPARE_THRESHOLD says that the pooler keeps them apart.

    Every address in DATABASE_REPLICA_URL (separated by commas) becomes ``replica_1``, ``replica_2``, …: a streaming
    copy of the primary that `socialwork.core.replicas` may read from.

    Raises ImproperlyConfigured for wrong addresses, and for PGOPTIONS beside a pooler, which could not pass them on.
    """
    pooled = env.flag("DATABASE_POOLED", default=False)
    if pooled:
        _leave_nothing_to_say_after_connecting()
    found = {"default": _tuned(env.database_url(), pooled=pooled)}
    for number, entry in enumerate(env.database_urls("DATABASE_REPLICA_URL"), start=1):
        found[f"replica_{number}"] = _replica(_tuned(entry, pooled=pooled))
    return found


def _replica(entry: Entry) -> Entry:
    """Nobody waits long for a replica, and its first statement says whether it is there."""
    entry.update(CONN_HEALTH_CHECKS=False, TEST={"MIRROR": "default"})
    entry["OPTIONS"].setdefault("connect_timeout", 2)
    # milliseconds until a network that swallows everything counts as an end
    entry["OPTIONS"].setdefault("tcp_user_timeout", 5000)
    return entry


def _leave_nothing_to_say_after_connecting() -> None:
    if os.environ.get("PGOPTIONS", "").strip():
        raise ImproperlyConfigured(
            "DATABASE_POOLED=1 and PGOPTIONS are both set, and a pooler cannot pass these options on: "
            "set such limits at the role (ALTER ROLE ... SET) or in the pooler's connect_query; leave PGOPTIONS out."
        )
    # Django would set the zone for the session; given here it is part of the greeting, which poolers keep per client.
    os.environ["PGTZ"] = "UTC"


def _tuned(entry: Entry, *, pooled: bool) -> Entry:
    threshold = env.number("PREPARE_THRESHOLD", default=-1 if pooled else 1, minimum=-1)
    entry.update(
        CONN_MAX_AGE=env.number("CONN_MAX_AGE", default=600),
        CONN_HEALTH_CHECKS=True,
        DISABLE_SERVER_SIDE_CURSORS=pooled,
    )
    entry.setdefault("OPTIONS", {}).update(
        # Without server-side binding Django writes values, names of children among them, into the server's log.
        server_side_binding=True,
        prepare_threshold=None if threshold < 0 else threshold,
    )
    return entry
