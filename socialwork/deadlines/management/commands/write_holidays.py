from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from chinese_calendar.constants import Holiday, holidays, workdays
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from socialwork.deadlines.services.loading import HOLIDAYS_FILE
from socialwork.deadlines.wording import DayKind

NAMES = {holiday.value: holiday.chinese for holiday in Holiday}


class Command(BaseCommand):
    help = "Writes the data of the installed chinesecalendar package into the reference file; run after upgrading it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, default=Path(settings.REFERENCE_DIR) / HOLIDAYS_FILE)

    def handle(self, *args: Any, **options: Any) -> None:
        years: dict[str, dict[str, dict[str, str]]] = {}
        for kind, table in ((DayKind.OFF, holidays), (DayKind.WORK, workdays)):
            for day, name in sorted(table.items()):
                year = years.setdefault(str(day.year), {DayKind.OFF.value: {}, DayKind.WORK.value: {}})
                year[kind.value][day.isoformat()] = NAMES[name]
        data = {"source": f"chinesecalendar {version('chinesecalendar')}", "years": dict(sorted(years.items()))}
        options["file"].write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        self.stdout.write(f"{options['file'].name}: {min(years)} to {max(years)}")
