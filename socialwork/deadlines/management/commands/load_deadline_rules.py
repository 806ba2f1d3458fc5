from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from socialwork.deadlines import services


class Command(BaseCommand):
    help = "Loads the shipped deadline rules; open deadlines follow. May be run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"deadline rules: {services.load_rules()}")
