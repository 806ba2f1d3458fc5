"""Exports as rows, sentences and buttons."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from socialwork.core import vocabulary
from socialwork.core.addresses import address_of
from socialwork.exporting import kinds
from socialwork.exporting.kinds import Kind
from socialwork.exporting.models import Export
from socialwork.exporting.queries import progress
from socialwork.exporting.wording import ExportState

TONES = {
    ExportState.WAITING: "warn", ExportState.QUEUED: "info", ExportState.READY: "ok", ExportState.FAILED: "danger",
    ExportState.REFUSED: "danger", ExportState.EXPIRED: "done",
}


def worklist(user: Any, rows: Iterable[Export]) -> dict[str, Any]:
    """Values for components/worklist.html."""
    columns = [
        {"label": _("List")}, {"label": _("State")}, {"label": _("Rows"), "number": True}, {"label": _("Purpose")},
        {"label": _("Asked by")}, {"label": _("Asked on")},
    ]
    cells = [
        {
            "cells": [
                {"text": kinds.kind_of(row.kind).label, "url": row.get_absolute_url()},
                {"state": state_of(row)}, row.rows if row.rows is not None else row.expected,
                vocabulary.label("export_purpose", row.purpose), row.asked_by.name, moment(row.created_at),
            ]
        }
        for row in rows
    ]
    reason = _("Open a list you work with and choose “Take out as a file”.")
    empty = {"title": _("Nothing has been taken out yet."), "reason": reason, "action": None}
    return {"title": _("Exports"), "columns": columns, "rows": cells, "empty": empty}


def state_of(row: Export) -> dict[str, Any]:
    state = ExportState(row.state)
    return {"label": state.label, "tone": TONES[state]}


def what_is_taken(user: Any, kind: Kind, query: str) -> str:
    """How many rows of which list the person is about to take out."""
    count = kind.count(user, kinds.filters_of(query))
    text = ngettext("%(list)s, as filtered: %(count)s row", "%(list)s, as filtered: %(count)s rows", count)
    return text % {"list": kind.label, "count": count}


def status(row: Export, *, at: datetime) -> dict[str, Any]:
    """One sentence about how far it is; `running` while there is something to wait for."""
    state = ExportState(row.state)
    running = state == ExportState.QUEUED
    done = min(progress(row), row.expected) if running else 0
    sentences = {
        ExportState.WAITING: _("The head of your organisation or agency decides first. You will be told."),
        ExportState.QUEUED: _("The file is being made: %(done)s of %(all)s rows. You may leave this page; you will be told.")
        % {"done": done, "all": row.expected},
        ExportState.READY: _("The file is ready. It is kept until %(until)s and then destroyed.")
        % {"until": moment(row.expires_at) if row.expires_at else ""},
        ExportState.FAILED: _("The file could not be made. Ask for it again; if it fails again, tell the operator."),
        ExportState.REFUSED: _("Refused: %(reason)s") % {"reason": row.reason},
        ExportState.EXPIRED: _("The file is destroyed. Ask for it again if you still need it."),
    }
    return {"running": running, "sentence": sentences[state], "done": done, "all": row.expected, "state": state_of(row)}


def facts(row: Export) -> list[dict[str, Any]]:
    """Who, why, how much, and what the file was."""
    found = [
        (_("Asked by"), f"{row.asked_by.name} · {row.organisation.short_name}"), (_("Asked on"), moment(row.created_at)),
        (_("Purpose"), " ".join(filter(None, [vocabulary.label("export_purpose", row.purpose), row.remark]))),
        (_("Rows"), row.rows if row.rows is not None else row.expected),
        (_("Decided by"), f"{row.decided_by.name} · {moment(row.decided_at)}" if row.decided_by else ""),
        ("SHA-256", row.file.sha256 if row.file else ""),
    ]
    return [{"label": label, "text": str(value)} for label, value in found if value != ""]


def actions(row: Export, *, at: datetime) -> dict[str, Any]:
    """The main button and the quiet ones."""
    may = row.allowed_actions
    quiet: list[dict[str, Any]] = []
    primary = None
    if "download_export" in may and row.expires_at and row.expires_at > at:
        primary = {"label": _("Save the file"), "url": _address(row, "download_export")}
    if "approve_export" in may:
        primary = {"label": _("Approve"), "url": _address(row, "approve_export"), "post": True}
    if "refuse_export" in may:
        quiet.append({"label": _("Refuse"), "url": _address(row, "refuse_export")})
    if "destroy_export" in may:
        quiet.append({"label": _("Destroy now"), "url": _address(row, "destroy_export"), "post": True})
    return {"primary": primary, "quiet": quiet}


def moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def offer(user: Any, kind: str, query: str) -> list[dict[str, str]]:
    """The link beside a list that leads to its export, for those who are offered it."""
    if not user.has_role(*kinds.kind_of(kind).roles):
        return []
    address = address_of("exports:ask_export", user.organisation_id)
    asked = kinds.filters_of(query).urlencode() if query else ""
    return [{"label": _("Take out as a file"), "url": f"{address}?{urlencode({'kind': kind, 'query': asked})}"}]


def _address(row: Export, verb: str) -> str:
    return reverse(f"exports:{verb}", args=[row.pk])
