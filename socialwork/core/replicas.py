"""Which database a page reads from: the primary, or a streaming replica that is recent enough.

Only pages that say of themselves that they read nothing but what they show (``reads_only``) may read from a replica,
and only from one that has replayed everything the session wrote and is not further behind than REPLICA_MAX_LAG seconds.
Sessions, the record of readings and every write stay on the primary. Without DATABASE_REPLICA_URL none of this is used.
"""

from __future__ import annotations

import random
import time
from collections import deque
from contextvars import ContextVar
from typing import Any

import structlog
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import TransactionStatus

log = structlog.get_logger(__name__)

# What a page that only shows something may write all the same, and read on from the replica.
NOTED_BESIDE = {"audit.access", "sessions.session"}
KEPT_ON_THE_PRIMARY = {"sessions.session"}
# A server that did not answer is left alone for so many seconds.
REST = 15.0
LOST = (OperationalError, InterfaceError)

# Who acts is told to the replica's transaction as it is to the primary's; the same answer says how recent it is.
_BEGIN = """
SELECT set_config('app.user_id', %s, true), pg_is_in_recovery(),
       coalesce(pg_last_wal_replay_lsn() >= %s::text::pg_lsn, false),
       coalesce(pg_last_wal_replay_lsn() >= %s::text::pg_lsn, false)
"""
BEGINNING = "0/0"


class Marks:
    """Places of the primary's log with the second they were read at, by the process's own steady clock.

    A replica that has not replayed a place read N seconds ago is at least N seconds behind, whatever it says of itself:
    one that was cut off from its primary says that it has replayed all it received.
    """

    def __init__(self) -> None:
        self._taken: deque[tuple[float, str]] = deque()

    def due(self) -> tuple[str, bool]:
        """The place a replica must have reached, and whether it had REPLICA_MAX_LAG seconds for it."""
        now, lag = time.monotonic(), float(settings.REPLICA_MAX_LAG)
        if self._taken and now - self._taken[-1][0] > lag:
            self._taken.clear()
        if not self._taken or now - self._taken[-1][0] > lag / 4:
            self._taken.append((now, _ask_primary("pg_current_wal_flush_lsn()")))
        while len(self._taken) > 1 and now - self._taken[1][0] >= lag:
            self._taken.popleft()
        taken, place = self._taken[0]
        return place, now - taken >= lag


class Replica:
    """One replica as this process knows it."""

    def __init__(self, alias: str) -> None:
        self.alias = alias
        self._trouble = ""
        self._resting_until = 0.0

    def begin(self, user_id: str, after: str, due: str, *, had_time: bool) -> transaction.Atomic | None:
        """Open a transaction in which `user_id` acts; None when this replica cannot answer the page."""
        if time.monotonic() < self._resting_until:
            return None
        for again in (False, True):
            known = connections[self.alias].connection is not None
            try:
                return self._begin(user_id, after, due, had_time=had_time)
            except DatabaseError:
                # a kept connection may have ended with the server's last restart: only a fresh one proves it down
                if again or not known:
                    break
        self.lost()
        return None

    def _begin(self, user_id: str, after: str, due: str, *, had_time: bool) -> transaction.Atomic | None:
        block = transaction.atomic(using=self.alias)
        try:
            block.__enter__()
            with connections[self.alias].cursor() as cursor:
                cursor.execute(_BEGIN, [user_id, after, due])
                _told, standby, has_own_writes, in_time = cursor.fetchone()
        except BaseException:
            connections[self.alias].in_atomic_block = False
            connections[self.alias].close()
            raise
        if standby and has_own_writes and in_time:
            self._is_well()
            return block
        end(block, self.alias)
        if not standby:
            self._trouble_is("not_a_standby")
        elif not in_time and had_time:
            self._trouble_is("too_far_behind")
        return None

    def lost(self) -> None:
        """It did not answer, or stopped answering: leave it alone for a while."""
        self._resting_until = time.monotonic() + REST
        self._trouble_is("no_answer")

    def _trouble_is(self, what: str) -> None:
        if self._trouble != what:
            self._trouble = what
            log.warning("replica_skipped", replica=self.alias, because=what)

    def _is_well(self) -> None:
        if self._trouble:
            self._trouble = ""
            log.info("replica_used_again", replica=self.alias)


def end(block: transaction.Atomic, alias: str) -> None:
    """End a reading transaction; a connection that is already gone is only closed."""
    connection = connections[alias]
    try:
        connection.set_rollback(True)
        block.__exit__(None, None, None)
    except DatabaseError:
        connection.close()


def _goes_on(alias: str) -> bool:
    """Whether the transaction there is whole: an error came from somewhere else then."""
    kept = connections[alias].connection
    return kept is not None and kept.info.transaction_status == TransactionStatus.INTRANS


class Work:
    """One request: whether it wrote, and whether what it reads comes from a replica at present."""

    def __init__(self) -> None:
        self.wrote = False
        self._replica: Replica | None = None
        self._block: transaction.Atomic | None = None

    def read_only(self, *, user_id: str, after: str) -> None:
        """From here on a replica answers that has replayed the log up to `after`, where there is one."""
        place, had_time = _marks.due()
        for replica in random.sample(_replicas(), k=len(settings.REPLICAS)):
            self._block = replica.begin(user_id, after, place, had_time=had_time)
            if self._block is not None:
                self._replica = replica
                return

    @property
    def alias(self) -> str:
        """The database to read from."""
        return self._replica.alias if self._replica else DEFAULT_DB_ALIAS

    def stop_reading(self) -> None:
        """Read from the primary from now on."""
        replica, block = self._replica, self._block
        self._replica = self._block = None
        if replica is not None and block is not None:
            end(block, replica.alias)

    def replica_ended(self) -> bool:
        """Whether the replica stopped answering in the middle; if so, it is left alone and the primary is read."""
        replica = self._replica
        if replica is None or _goes_on(replica.alias):
            return False
        self.stop_reading()
        connections[replica.alias].close()
        replica.lost()
        return True


class Router:
    """DATABASE_ROUTERS: reads go where the request's work says, everything else to the primary."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        work = current.get()
        if work is None or model._meta.label_lower in KEPT_ON_THE_PRIMARY:
            return DEFAULT_DB_ALIAS
        return work.alias

    def db_for_write(self, model: Any, **hints: Any) -> str:
        work, label = current.get(), model._meta.label_lower
        if work is None:
            return DEFAULT_DB_ALIAS
        if label not in NOTED_BESIDE:
            # what is read after a write, even to prepare it, must be what is written on
            work.wrote = True
            work.stop_reading()
        elif getattr(hints.get("instance"), "target_id", None):
            # lists show what was not opened yet
            work.wrote = True
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


def connection_to_read() -> BaseDatabaseWrapper:
    """The connection for a statement that is written by hand and reads what a page shows."""
    work = current.get()
    return connections[work.alias if work else DEFAULT_DB_ALIAS]


def written_up_to() -> str:
    """The end of the primary's log: with the writes of every transaction committed before, flushed or not."""
    return _ask_primary("pg_current_wal_insert_lsn()")


def _ask_primary(what: str) -> str:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(f"SELECT {what}::text")
        return cursor.fetchone()[0]


def _replicas() -> list[Replica]:
    return [_known.setdefault(alias, Replica(alias)) for alias in settings.REPLICAS]


current: ContextVar[Work | None] = ContextVar("database_work", default=None)
_known: dict[str, Replica] = {}
_marks = Marks()
