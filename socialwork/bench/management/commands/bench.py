"""How fast is it, in ratios that hold on any machine: this product, the best statement by hand, nothing, an afternoon's work."""
from __future__ import annotations

import logging
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.utils import translation

from cases.models import Case
from socialwork.bench import afternoon, report
from socialwork.bench.country.loading import NoCountry, require_country
from socialwork.bench.measuring import Figure, Row, Work, in_turns, row_of, rows_of
from socialwork.bench.workloads import Country, casework, finding, lists, offices, weighing, writing

SUBJECTS = {"lists": lists.works, "finding": finding.works, "casework": casework.works, "offices": offices.works, "weight": weighing.works}


class Command(BaseCommand):
    help = "Measures the product on a seeded country and holds it to its targets. Seeds one of --scale where there is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=float, default=0.01, help="1.0 is the whole country: a million cases.")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--seconds", type=float, default=3.0, help="Time for each thing that is measured.")
        parser.add_argument("--only", choices=[*SUBJECTS, "writing", "memory"], help="One subject; memory only when named.")
        parser.add_argument("--json", action="store_true", help="Rows for machines instead of a table.")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare(options["scale"], options["seed"])
        logging.disable(logging.ERROR)
        with override_settings(ROOT_URLCONF="socialwork.bench.urls", DEBUG=False, ALLOWED_HOSTS=["testserver"]):
            found = list(self.measured(Country.found(), options))
        self.stdout.write(report.as_json(found) if options["json"] else report.as_table(found))

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
            if only in (None, "writing"):
                yield from writing.rows()

    def rows(self, thing: Work | Figure, seconds: float) -> list[Row]:
        return [row_of(thing)] if isinstance(thing, Figure) else rows_of(thing, in_turns(thing.sides, seconds=seconds))


def only_in_a_country() -> None:
    """Visits are logged and a password is set on the way: never in a database that people work in."""
    try:
        require_country()
    except NoCountry as refusal:
        raise CommandError("This database was not made by seed_country: nothing is measured in it.") from refusal


def prepare(scale: float, seed: int) -> None:
    """A seeded country and the yardstick's rows, once; the next run finds both."""
    if Case._meta.db_table not in connection.introspection.table_names():
        call_command("migrate", verbosity=0)
    if not Case.objects.exists():
        call_command("load_reference", verbosity=0)
        call_command("seed_country", scale=scale, seed=seed)
    only_in_a_country()
    afternoon.prepare()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
