"""Notices as lines on the screen."""
from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from socialwork.notifications.models import Notice
from socialwork.notifications.receivers import REMINDER
from socialwork.notifications.registry import sentence_of

KINDS = {
    Notice.Level.ACT: gettext_lazy("To do"), Notice.Level.KNOW: gettext_lazy("To know"), Notice.Level.LOG: gettext_lazy("Kept"),
}


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
    if notice.verb == REMINDER:
        return _("%(label)s: a time limit is running out or has passed.") % {"label": notice.label}
    return str(sentence_of(notice.verb, notice.level)) % {"label": notice.label}
