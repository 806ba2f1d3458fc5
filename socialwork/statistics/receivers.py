"""The counts listen to acts and to clocks, inside the transaction of the act: what rolls back was never counted."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.dispatch import receiver

from socialwork.audit.signals import recorded
from socialwork.deadlines.hooks import clocks_met
from socialwork.statistics import measures, services


@receiver(recorded)
def count_act(sender: Any, event: Any, target: Any, **kwargs: Any) -> None:
    """One statement more for an act that counts, none for the others."""
    steps = measures.COUNTED.get(event.verb)
    if steps is not None:
        services.append(referral_id=event.thread_id, steps=steps(event, target))


@receiver(clocks_met)
def count_clocks(sender: Any, deadlines: Iterable[Any], **kwargs: Any) -> None:
    for deadline in deadlines:
        services.append(referral_id=deadline.referral_id or deadline.subject_id, steps=measures.clock_met(deadline))
