"""``manage.py load_demo [--signins]``: the invented institutions and stories. Safe at every start."""
from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from socialwork.demo.loading import Foreign, Refused, load_demo
from socialwork.demo.signins import signins


class Command(BaseCommand):
    help = "Loads the demonstration data into an empty database; does nothing when they are there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--signins", action="store_true", help="print one sign-in for each role afterwards")

    def handle(self, *args: Any, **options: Any) -> None:
        # With --signins the output is the list; how far the loading is goes beside it.
        progress = self.stderr if options["signins"] else self.stdout
        try:
            load_demo(say_so=lambda line: progress.write(line, lambda text: text))
        except (Foreign, Refused) as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["signins"]:
            for line in signins():
                self.stdout.write(line)
