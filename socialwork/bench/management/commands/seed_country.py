"""``manage.py seed_country [--scale 1.0] [--seed 7]``: an invented country, ten years old, for measuring."""

from __future__ import annotations

import argparse
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _

from referrals.models import Referral
from socialwork.bench.country.loading import PASSWORD, Broken, NoReference, NotEmpty, Told, seed_country
from socialwork.bench.country.signins import signins

_WIDTH = 30


class Command(BaseCommand):
    help = "Fills an empty database with an invented country, as many rows as ten years would give: for measuring."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=_scale, default=1.0, help="1.0 is the whole country, 0.01 fits a desk")
        parser.add_argument("--seed", type=int, default=7, help="the same seed gives the same country on the same day")
        parser.add_argument(
            "--keep-keys", action="store_true", help="load through every key, index and trigger: slower"
        )
        parser.add_argument(
            "--processes", type=int, default=2, choices=range(17), help="0 makes the rows in this process"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        _make_ready()
        bar = Bar(self.stderr)
        try:
            told = seed_country(
                scale=options["scale"],
                seed=options["seed"],
                processes=options["processes"],
                keep_keys=options["keep_keys"],
                progress=bar.show,
            )
        except NotEmpty as refusal:
            raise CommandError(_("This database is in use: the country is loaded into an empty one only.")) from refusal
        except NoReference as refusal:
            raise CommandError(_("The reference data is missing. Run load_reference first.")) from refusal
        except Broken as refusal:
            raise CommandError(str(refusal)) from refusal
        finally:
            bar.end()
        for line in self._summary(told):
            self.stdout.write(line)
        for line in signins(PASSWORD):
            self.stdout.write(line)

    def _summary(self, told: Told) -> list[str]:
        seconds = sum(told.seconds.values())
        lines = [f"{rows:>12,}  {table}" for table, rows in sorted(told.rows.items(), key=lambda row: -row[1])]
        steps = ", ".join(f"{step} {spent:.0f} s" for step, spent in told.seconds.items())
        rate = {"rows": f"{told.total:,}", "seconds": f"{seconds:.0f}", "rate": f"{told.total / seconds:,.0f}"}
        return [*lines, _("%(rows)s rows in %(seconds)s s: %(rate)s rows a second.") % rate, steps]


def _make_ready() -> None:
    """A database without any table (each scale has one of its own on a desk) is migrated and gets the reference data."""
    if Referral._meta.db_table not in connection.introspection.table_names():
        call_command("migrate", verbosity=0)
        call_command("load_reference", verbosity=0)


class Bar:
    """A line on the error output that is written over: how far, how many rows, how fast, and what is being done."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._begun = time.monotonic()
        self._shown = 0.0

    def show(self, told: Told) -> None:
        now = time.monotonic()
        if now - self._shown < 0.5:
            return
        self._shown = now
        share = min(told.matters / told.expected, 1.0)
        bar = "#" * round(share * _WIDTH)
        rate = told.total / max(now - self._begun, 0.001)
        line = f"[{bar:.<{_WIDTH}}] {share:4.0%} {told.total:>12,} {rate:>9,.0f}/s {told.step}"
        self._stream.write(f"\r{line[:110]:<110}", lambda text: text, ending="")
        self._stream.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._shown:
            self._stream.write("")


def _scale(text: str) -> float:
    """A share of the country above 0, at most 2."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 2:
        raise argparse.ArgumentTypeError(f"{text!r} is no scale: a number above 0, at most 2, is needed")
    return value
