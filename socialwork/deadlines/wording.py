"""Words of the clock: units, kinds of rule, levels, evidence. Labels are for people, values for the database."""
from __future__ import annotations

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class Unit(models.TextChoices):
    """What a period is counted in (CPL 105: hours, days, months; working days are local practice)."""

    HOUR = "hour", pgettext_lazy("unit of time", "hours")
    CALENDAR_DAY = "calendar_day", pgettext_lazy("unit of time", "calendar days")
    WORKING_DAY = "working_day", pgettext_lazy("unit of time", "working days")
    MONTH = "month", pgettext_lazy("unit of time", "months")


class Kind(models.TextChoices):
    """Whether a period is fixed by law or agreed locally."""

    STATUTORY = "statutory", pgettext_lazy("deadline", "Law")
    LOCAL = "local", pgettext_lazy("deadline", "Local practice")


class Evidence(models.TextChoices):
    """How well the source of a period is known; only a text that was read may be called law."""

    FOUND = "found", _("Text of the law read")
    MEMORY_HIGH = "memory_high", _("Not read, probably right")
    MEMORY_LOW = "memory_low", _("Not read, uncertain")
    DESIGN = "design", _("Default of this product")


class Level(models.TextChoices):
    """Where a rule was set; a later one in this order wins over an earlier one."""

    DEPLOYMENT = "deployment", _("default of the installation")
    ORGAN = "organ", _("set by the organ")
    AGREEMENT = "agreement", _("set in the agreement")
    SERVICE = "service", _("set for this kind of service")
    REFERRAL = "referral", _("set for this referral")


# Later wins. The order is the one of the domain rules, chapter "Deadlines".
PRECEDENCE = (Level.DEPLOYMENT, Level.ORGAN, Level.AGREEMENT, Level.SERVICE, Level.REFERRAL)


class State(models.TextChoices):
    """What has become of a deadline; derived from its stamps, never stored."""

    OPEN = "open", pgettext_lazy("deadline", "Running")
    PAUSED = "paused", pgettext_lazy("deadline", "Paused")
    MET = "met", pgettext_lazy("deadline", "Met")
    CANCELLED = "cancelled", pgettext_lazy("deadline", "Cancelled")


class DayKind(models.TextChoices):
    """A day that differs from the plain Monday-to-Friday week."""

    OFF = "off", _("Day off")
    WORK = "work", _("Make-up working day")


class Origin(models.TextChoices):
    """Who decided about a day. A local row wins over the national one for the same day."""

    STATE_COUNCIL = "state_council", _("State Council notice")
    LOCAL = "local", _("Decided locally")


def in_chinese() -> bool:
    """Whether the screen is Chinese now; Chinese is the default when nothing is active."""
    return (get_language() or "zh-hans").startswith("zh")
