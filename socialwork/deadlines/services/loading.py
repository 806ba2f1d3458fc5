"""Reference data: rules and holidays from the files under `fixtures/reference`. Loading twice changes nothing."""
from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from socialwork.deadlines.models import Deadline, DeadlineRule, Holiday
from socialwork.deadlines.queries import DueChange
from socialwork.deadlines.services.ruling import recompute_open
from socialwork.deadlines.wording import DayKind, Level, Origin

RULES_FILE = "deadline_rules.toml"
HOLIDAYS_FILE = "holidays.json"


@dataclass(frozen=True)
class Loaded:
    """What one load did: entries in the file, rows added or changed by it, and the open deadlines that moved."""

    in_file: int
    added: int
    changed: int
    moved: list[DueChange]

    def __str__(self) -> str:
        counts = f"{self.added} added, {self.changed} changed, {len(self.moved)} open deadlines moved"
        return f"{self.in_file} in the file, {counts}"


def load_rules(*, path: Path | None = None, at: datetime | None = None) -> Loaded:
    """Bring the shipped rules up to date and count open deadlines again.

    Versions are known by code and first day. Versions a site added itself stay, and so does the day on which one of
    its own versions took over from a shipped one.
    """
    entries = tomllib.loads((path or Path(settings.REFERENCE_DIR) / RULES_FILE).read_text(encoding="utf-8"))["rule"]
    with transaction.atomic():
        outcomes = [_load_rule(entry) for entry in entries]
        added, changed = outcomes.count("added"), outcomes.count("changed")
        moved = recompute_open(at=at) if added or changed else []
    return Loaded(len(entries), added, changed, moved)


def _load_rule(entry: dict[str, Any]) -> str:
    key = {"code": entry["code"], "level": Level.DEPLOYMENT, "effective_from": entry["effective_from"]}
    standing = DeadlineRule.objects.filter(**key).first()
    rule = standing or DeadlineRule(**key)
    if standing and all(getattr(rule, name) == value for name, value in entry.items()):
        return "same"
    for name, value in entry.items():
        setattr(rule, name, value)
    rule.full_clean()
    rule.save()
    if standing is None:
        return "added"
    Deadline.objects.open().filter(rule=rule).update(
        kind=rule.kind,
        title_en=rule.title_en,
        title_zh=rule.title_zh,
        basis_en=rule.legal_basis_en or rule.legal_frame_en,
        basis_zh=rule.legal_basis_zh or rule.legal_frame_zh,
    )
    return "changed"


def load_holidays(*, path: Path | None = None, at: datetime | None = None) -> Loaded:
    """Replace the national days of every year in the file and count open deadlines again.

    Days decided locally stay. The State Council publishes a year in the November before it.
    """
    data = json.loads((path or Path(settings.REFERENCE_DIR) / HOLIDAYS_FILE).read_text(encoding="utf-8"))
    wanted = {
        date.fromisoformat(text): (kind, name)
        for year in data["years"].values()
        for kind in DayKind.values
        for text, name in year[kind].items()
    }
    years = [int(year) for year in data["years"]]
    with transaction.atomic():
        national = Holiday.objects.filter(origin=Origin.STATE_COUNCIL, day__year__in=years)
        standing = {row.day: row for row in national.order_by("day")}
        wrong = [row.pk for day, row in standing.items() if (row.kind, row.name) != wanted.get(day)]
        right = {day for day, row in standing.items() if row.pk not in set(wrong)}
        Holiday.objects.filter(pk__in=wrong).delete()
        added = Holiday.objects.bulk_create(
            Holiday(day=day, kind=kind, name=name, origin=Origin.STATE_COUNCIL, source=data["source"])
            for day, (kind, name) in wanted.items()
            if day not in right
        )
        moved = recompute_open(at=at) if added or wrong else []
    return Loaded(len(wanted), len(added), len(wrong), moved)
