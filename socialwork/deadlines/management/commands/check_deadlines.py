from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from socialwork.deadlines import calendar, queries


class Command(BaseCommand):
    help = "Counts every open deadline again from its facts, reports each difference, and exits with 1 if there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for found in queries.differences():
            count += 1
            clock = f"{found.code} {found.occurrence}".rstrip()
            line = f"{found.kind}: {clock} of {found.subject_type} {found.subject_id} {found.detail}"
            self.stdout.write(line.rstrip())
        known = calendar.coverage()
        self.stdout.write(f"Holidays loaded: {known.first or '-'} to {known.last or '-'}, holes: {list(known.holes)}")
        self.stdout.write(f"Differences: {count}")
        if count:
            sys.exit(1)
