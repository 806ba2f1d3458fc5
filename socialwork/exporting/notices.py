"""Who is told of what becomes of an export. Labels carry the kind alone."""
from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from socialwork.exporting.kinds import kind_of
from socialwork.exporting.models import Export
from socialwork.exporting.queries import deciders_of
from socialwork.exporting.wording import ExportState
from socialwork.notifications.registry import notify


def _label(export: Export) -> str:
    return str(kind_of(export.kind).label)


def _asker(event: Any, export: Export) -> list[Any]:
    return [export.asked_by]


def _deciders(event: Any, export: Export) -> list[Any]:
    return deciders_of(export) if export.state == ExportState.WAITING else []


def _tell(verb: str, level: str, to: Any, sentence: Any) -> None:
    notify(verb, level=level, to=to, sentence=sentence, path=Export.get_absolute_url, label=_label)


_tell("export.asked", "act", _deciders, _("An export waits for your decision: %(label)s."))
_tell("export.refused", "know", _asker, _("Your export was refused: %(label)s."))
_tell("export.finished", "know", _asker, _("Your export is ready for a day: %(label)s."))
_tell("export.failed", "know", _asker, _("Your export could not be made: %(label)s."))
