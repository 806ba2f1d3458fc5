"""The same submission twice does its work once: a double click, the back button, a repeated request on a slow line."""
from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from socialwork.core.errors import DomainError
from socialwork.core.models import IdempotencyKey


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


def once(*, user: Any, key: UUID | None, route: str, body: bytes, act: Callable[[], Done]) -> Done:
    """Carry out `act` in a transaction of its own together with the key, or return the earlier answer.

    A second request that arrives while the first still works waits for it. When `act` refuses, the key is free again.
    """
    if key is None:
        with transaction.atomic():
            return act()
    digest = hashlib.sha256(body).digest()
    try:
        with transaction.atomic():
            row = IdempotencyKey.objects.create(user=user, key=key, route=route, body_hash=digest)
            done = act()
            row.status, row.location, row.answer = 200, done.location, done.answer
            row.save(update_fields=["status", "location", "answer"])
            return done
    except IntegrityError as error:
        if "one_answer_per_key" not in str(error):
            raise
    earlier = IdempotencyKey.objects.get(user=user, key=key)
    if bytes(earlier.body_hash) != digest or earlier.route != route:
        raise KeyReused()
    return Done(location=earlier.location, answer=earlier.answer, repeated=True)
