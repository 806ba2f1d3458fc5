"""Load what is the same everywhere: ``manage.py load_reference``. Safe at every start: a second run changes nothing.

The districts come from ``fixtures/reference/districts.csv``; the deadline rules and the holiday table are loaded by the
deadlines app. Everything happens in one transaction, one line is printed per set.
"""
from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.module_loading import import_string

from socialwork.core import vocabulary

DISTRICTS = "districts.csv"
LEVELS = ("province", "prefecture", "county")
# core imports nothing above it; the sets above it are reached by name.
LOADERS = (
    ("deadline rules", "socialwork.deadlines.services.load_rules"),
    ("holidays", "socialwork.deadlines.services.load_holidays"),
)
_COLUMNS = ("name", "level", "parent_id", "province_code")


@dataclass(frozen=True)
class Loaded:
    """What one run did to the districts; `kept` are rows that differ from the file because they were corrected here."""

    in_file: int
    added: int
    changed: int
    kept: int

    def __str__(self) -> str:
        counts = f"{self.added} added, {self.changed} changed, {self.kept} kept as corrected here"
        return f"{self.in_file} in the file, {counts}"


class Command(BaseCommand):
    help = "Load districts, deadline rules and holidays, and check the vocabulary. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        terms = sum(len(vocabulary.terms(name)) for name in vocabulary.lists())
        with transaction.atomic():
            districts = load_districts(Path(settings.REFERENCE_DIR) / DISTRICTS)
            outcomes = [(title, import_string(path)()) for title, path in LOADERS]
        self.stdout.write(f"vocabulary: {len(vocabulary.lists())} lists, {terms} terms")
        self.stdout.write(f"districts: {districts}")
        for title, outcome in outcomes:
            self.stdout.write(f"{title}: {'loaded' if outcome is None else outcome}")


def load_districts(path: Path) -> Loaded:
    """Bring the table of districts up to the file and say what changed.

    A district that an administrator has given an effective date is a correction made here (a division renamed, merged
    or founded after the file was made) and is left alone. Districts that are not in the file stay: stored rows point
    to them. Raises CommandError with the line of the file that cannot be used.
    """
    rows = read_districts(path)
    district = apps.get_model("organisations", "District")
    stored_rows = district._base_manager.values("code", "effective_from", "effective_until", *_COLUMNS)
    present = {row["code"]: row for row in stored_rows}
    added, changed, kept = [], [], 0
    for code, facts in rows.items():
        stored = present.get(code)
        if stored is None:
            added.append(district(code=code, **facts))
        elif all(stored[column] == facts[column] for column in _COLUMNS):
            continue
        elif stored["effective_from"] or stored["effective_until"]:
            kept += 1
        else:
            changed.append(district(code=code, **facts))
    # Parents first, so that no batch names a parent that only a later batch brings.
    written = sorted(added + changed, key=lambda row: LEVELS.index(row.level))
    district._base_manager.bulk_create(
        written,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "level", "parent", "province_code"],
    )
    return Loaded(in_file=len(rows), added=len(added), changed=len(changed), kept=kept)


def read_districts(path: Path) -> dict[str, dict[str, str | None]]:
    """The rows of the file by code, as the columns of District. Raises CommandError naming the line."""
    found: dict[str, dict[str, str | None]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                code, name, level, parent = (row.get(column) or "" for column in ("code", "name", "level", "parent"))
                line = f"{path.name}, line {len(found) + 2}"
                if not (len(code) == 6 and code.isascii() and code.isdigit()) or code in found:
                    raise CommandError(f"{line}: {code!r} is not a new code of six digits")
                if not name or level not in LEVELS or (level == "province") == bool(parent):
                    raise CommandError(f"{line}: a name, a level and, below a province, a parent are needed")
                province = f"{code[:2]}0000"
                found[code] = {"name": name, "level": level, "parent_id": parent or None, "province_code": province}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
    for code, facts in found.items():
        for needed in (facts["parent_id"], facts["province_code"]):
            if needed and needed not in found:
                raise CommandError(f"{path.name}: {code} lies in {needed}, which is not in the file")
    return found
