"""How fast is it, in ratios that hold on any machine: this product, the best statement by hand, nothing, an afternoon's work."""
from __future__ import annotations

import json
import logging
import os
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.utils import translation

from cases.models import Case
from socialwork.bench import afternoon, report
from socialwork.bench.country.loading import NoCountry, require_country
from socialwork.bench.measuring import Figure, Row, Work, in_turns, row_of, rows_of
from socialwork.bench.workloads import Country, casework, finding, lists, offices, plans, together, weighing, writing
from socialwork.core import memory

SUBJECTS = {
    "lists": lists.works, "finding": finding.works, "casework": casework.works, "offices": offices.works, "weight": weighing.works,
    "plans": plans.works,
}
# Each takes minutes, or other programs: measured with everything else, or by name.
APART = {"together": together.rows, "writing": writing.rows}


class Command(BaseCommand):
    help = "Measures the product on a seeded country and holds it to its targets. Seeds one of --scale where there is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=float, default=0.01, help="1.0 is the whole country: a million cases.")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--seconds", type=float, default=3.0, help="Time for each thing that is measured.")
        parser.add_argument("--only", choices=[*SUBJECTS, *APART, "memory"], help="One subject; memory only when named.")
        parser.add_argument("--against", type=Path, help="Result of a smaller country (--json): list and case page are held to it.")
        parser.add_argument("--json", action="store_true", help="Rows for machines instead of a table.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stderr.style_func = None  # what is said on the way is no error
        prepare(options["scale"], options["seed"], yardstick=options["only"] != "plans", told=self.stderr)
        logging.disable(logging.ERROR)
        memory.settle()  # as a web worker does
        with override_settings(ROOT_URLCONF="socialwork.bench.urls", DEBUG=False, ALLOWED_HOSTS=["testserver"]):
            found = list(self.measured(Country.found(), options))
        if options["against"]:
            found += report.against(found, json.loads(options["against"].read_text()))
        self.stdout.write(report.as_json(found) if options["json"] else report.as_table(found))
        if options["only"] == "plans" and not all(row.holds for row in found):
            raise CommandError("A list looks at more rows than it should.")

    def measured(self, country: Country, options: dict[str, Any]) -> Iterator[Row]:
        only, seconds = options["only"], options["seconds"]
        subjects = [each for name, each in SUBJECTS.items() if only in (None, name)]
        if only == "memory":
            subjects = [weighing.memory]
        with translation.override("zh-hans"):
            for subject in subjects:
                for thing in subject(country):
                    self.stderr.write(f"{thing.name} {thing.viewer}")
                    yield from self.rows(thing, seconds)
            for name, rows in APART.items():
                if only in (None, name):
                    yield from rows(country)

    def rows(self, thing: Work | Figure | Row, seconds: float) -> list[Row]:
        if isinstance(thing, Row):
            return [thing]
        return [row_of(thing)] if isinstance(thing, Figure) else rows_of(thing, in_turns(thing.sides, seconds=seconds))


def only_in_a_country() -> None:
    """Visits are logged and a password is set on the way: never in a database that people work in."""
    try:
        require_country()
    except NoCountry as refusal:
        raise CommandError("This database was not made by seed_country: nothing is measured in it.") from refusal


def prepare(scale: float, seed: int, *, yardstick: bool, told: Any) -> None:
    """A seeded country and, where it is measured against them, the yardstick's rows, once; the next run finds both.

    What is said of it is not the answer, which a program may read: it goes to `told`.
    """
    if Case._meta.db_table not in connection.introspection.table_names():
        call_command("migrate", verbosity=0)
    if not Case.objects.exists():
        call_command("load_reference", verbosity=0, stdout=told)
        call_command("seed_country", scale=scale, seed=seed, stdout=told)
        os.sync()  # tens of gigabytes, which would be written while pages are measured
    only_in_a_country()
    # A country that was filled by an earlier version of the program.
    call_command("migrate", verbosity=0)
    if yardstick:
        afternoon.prepare()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
