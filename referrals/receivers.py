"""A clock changed elsewhere (a rule, a holiday, an extension): the next act on the row follows in the same transaction."""
from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from referrals.models import Referral
from referrals.services.clocks import refresh_next_act
from socialwork.deadlines.hooks import schedule_changed


@receiver(schedule_changed)
def follow_clocks(sender: Any, subject_type: str, subject_ids: Any, **kwargs: Any) -> None:
    if subject_type == Referral._meta.label_lower:
        for referral in Referral.objects.filter(pk__in=subject_ids).order_by("pk"):
            refresh_next_act(referral, at=referral.touched_at)
