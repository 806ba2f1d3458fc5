"""A working morning of many people on this machine: requests a second, waiting times, and what ends first."""
from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from socialwork.bench import morning
from socialwork.bench.management.commands.bench import only_in_a_country


class Command(BaseCommand):
    help = "Loads the product with many people at once, through the proxy, on a seeded country (see seed_country)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=float, default=0.01, help="Which seeded country.")
        parser.add_argument("--people", type=int, default=2_000)
        parser.add_argument("--pause", type=float, default=30.0, help="Seconds between two requests of one person, on average.")
        parser.add_argument("--seconds", type=int, default=60)
        parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
        parser.add_argument("--seed", type=int, default=7)

    def handle(self, *args: Any, **options: Any) -> None:
        only_in_a_country()
        with tempfile.NamedTemporaryFile("w", suffix=".lines") as file:
            file.write("\n".join(morning.lines_of(options["people"], options["seed"])) + "\n")
            file.flush()
            for workers in options["workers"]:
                try:
                    found = morning.run(
                        Path(file.name), people=options["people"], workers=workers, seconds=options["seconds"],
                        pause=options["pause"],
                    )
                except FileNotFoundError as error:
                    raise CommandError(f"Not installed: {error}. Debian: apt-get install wrk caddy") from error
                self.stdout.write(
                    f"{found.workers} web workers: {found.requests} requests/s, p50 {found.p50} ms, p95 {found.p95} ms, "
                    f"p99 {found.p99} ms, {found.failed} failed; of the processors {found.shares}"
                )
