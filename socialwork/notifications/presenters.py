"""Notices as lines on the screen."""
from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy

from socialwork.notifications.models import Notice
from socialwork.notifications.receivers import OVERDUE, REMINDER
from socialwork.notifications.registry import sentence_of

KINDS = {
    Notice.Level.ACT: gettext_lazy("To do"), Notice.Level.KNOW: gettext_lazy("To know"), Notice.Level.LOG: gettext_lazy("Kept"),
}

# A reminder names the act its clock waits for; one written before reminders did so says less.
REMINDERS = {
    REMINDER: gettext_lazy("%(label)s: the time limit is running out. %(act)s"),
    OVERDUE: gettext_lazy("%(label)s: the time limit has passed. %(act)s"),
}
REMINDED = gettext_lazy("%(label)s: a time limit is running out or has passed.")


def lines(notices: Iterable[Notice], closed: Collection[UUID] = ()) -> list[dict[str, Any]]:
    """Values for components/notice_line.html; a matter that is `closed` to the person by now has no link."""
    return [
        {
            "text": text_of(notice), "url": "" if notice.pk in closed else notice.path, "unread": notice.read_at is None, "kind": KINDS[Notice.Level(notice.level)],
            "at": timezone.localtime(notice.created_at).strftime("%m-%d %H:%M"),
        }
        for notice in notices
    ]


def text_of(notice: Notice) -> str:
    if notice.verb in REMINDERS:
        act = notice.act_en if (get_language() or "").startswith("en") else notice.act_zh
        return str(REMINDERS[notice.verb] if act else REMINDED) % {"label": notice.label, "act": act}
    return str(sentence_of(notice.verb, notice.level)) % {"label": notice.label}
