"""Background work: every task is one transaction, takes identifiers by keyword, may run twice, and makes one call."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from celery import Task, current_app, shared_task
from django.db import transaction

from socialwork.core.middleware import act_as

log = structlog.get_logger(__name__)


class TransactionTask(Task):
    """Base of all tasks: opens the transaction a request would have, in the name of the user who caused it, if any."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            act_as(kwargs.get("user_id"))
            return super().__call__(*args, **kwargs)


def task(*, name: str, **options: Any) -> Callable[[Callable[..., Any]], Task]:
    """Declare a task: `@task(name="area.verb") def verb(*, row_id): ...`. Late acknowledgement, bounded time."""
    return shared_task(
        name=name, base=TransactionTask, acks_late=True, reject_on_worker_lost=True, soft_time_limit=540, **options
    )


def send_after_commit(background: Task | str, **kwargs: Any) -> None:
    """Hand work to the queue once the writing transaction is committed. Services name a task; they do not import it.

    A queue that is down is logged and forgotten: whatever must not be lost stands in the outbox and is sent again.
    """

    def send() -> None:
        try:
            work = current_app.tasks[background] if isinstance(background, str) else background
            work.apply_async(kwargs=kwargs, retry=False)
        except Exception as error:
            log.warning("queue_unavailable", task=str(getattr(background, "name", background)), error=type(error).__name__)

    transaction.on_commit(send)
