from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from socialwork.deadlines import calendar, services


class Command(BaseCommand):
    help = "Loads the State Council's holidays and make-up days from the shipped file or another."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, help="a file in the form that write_holidays makes")

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = services.load_holidays(path=options["file"])
        known = calendar.coverage()
        self.stdout.write(f"holidays: {loaded}; {known.first} to {known.last} are known")
