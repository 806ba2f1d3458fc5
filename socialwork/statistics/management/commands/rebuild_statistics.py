from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from socialwork.statistics import services


class Command(BaseCommand):
    help = "Counts the statistics anew from the rows themselves; with --check only compares, and exits with 1 where they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            self.stdout.write(f"statistics: {services.rebuild()} rows")
            return
        found = services.differences()
        for row in found:
            *key, kept, there = row
            self.stdout.write(f"{' '.join(str(part) for part in key)}: kept {kept}, there are {there}")
        self.stdout.write(f"Differences: {len(found)}")
        if found:
            sys.exit(1)
