"""The same submission twice does its work once: a double click, the back button, a repeated request on a slow line."""
from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from socialwork.core import together
from socialwork.core.errors import DomainError
from socialwork.core.models import IdempotencyKey

LOOK = """
SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0)),
       EXISTS (SELECT FROM core_idempotencykey WHERE user_id = %s AND key = %s)
"""


@dataclass(frozen=True)
class Done:
    """The answer to a submission: where to go and, for the API, what was said. `repeated` when it was done before."""

    location: str
    answer: Any = None
    repeated: bool = False


class KeyReused(DomainError):
    """The key of an earlier submission arrived with another content."""

    status = 422

    def __init__(self) -> None:
        super().__init__(_("This page was already submitted with another content. Reload it before you submit again."))
        self.code = "key_reused"


def parse_key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except (ValueError, TypeError, AttributeError):
        return None


def once(
    *, user: Any, key: UUID | None, route: str, body: bytes, act: Callable[[], Done], last: Callable[[], None] = lambda: None
) -> Done:
    """Carry out `act` in a transaction of its own together with the key, or return the earlier answer.

    A second request that arrives while the first still works waits for it. When `act` refuses, the key is free again.
    `last` is what ends with the submission; it is sent with the key (core.together), and not again when it was repeated. So is
    what the act leaves to the end.
    """
    with nullcontext() if connection.in_atomic_block else transaction.atomic():
        if key is None:
            with transaction.atomic():
                done = act()
                last()
                return done
        mark = IdempotencyKey(user=user, key=key, route=route, body_hash=hashlib.sha256(body).digest())
        if _done_before(mark):
            return _earlier(mark)
        try:
            with transaction.atomic():
                with together.leaving() as left:
                    done = act()
                return _marked(mark, done, left, last)
        except (IntegrityError, DomainError):
            # Whoever was faster in the instant between the two questions of _done_before has the answer.
            if not _stands(mark).exists():
                raise
        return _earlier(mark)


def _marked(mark: IdempotencyKey, done: Done, left: Sequence[together.Part], last: Callable[[], None]) -> Done:
    mark.status, mark.location, mark.answer = 200, done.location, done.answer
    with together.together():
        for part in left:
            together.write(*part)
        last()
        together.insert(mark)
    return done


def _done_before(mark: IdempotencyKey) -> bool:
    """Whether the submission was carried out, once whoever carries it out now has finished."""
    name = [f"{mark.user_id}|{mark.key}"]
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [*name, mark.user_id, mark.key])
        free, found = cursor.fetchone()
        if not free:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", name)
    return found if free else _stands(mark).exists()


def _earlier(mark: IdempotencyKey) -> Done:
    earlier = _stands(mark).get()
    if bytes(earlier.body_hash) != mark.body_hash or earlier.route != mark.route:
        raise KeyReused()
    return Done(location=earlier.location, answer=earlier.answer, repeated=True)


def _stands(mark: IdempotencyKey) -> QuerySet[IdempotencyKey]:
    return IdempotencyKey.objects.filter(user_id=mark.user_id, key=mark.key)
