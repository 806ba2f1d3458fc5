"""Write the shipped Word templates anew after their layout or fixed text changed."""
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from socialwork.core.letter_templates import BUILDERS


class Command(BaseCommand):
    """``manage.py build_letter_templates [--output FOLDER]``: one ``.docx`` for each kind of letter."""

    help = "Builds the Word templates of the official letters."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", type=Path, default=Path(settings.BASE_DIR) / "templates" / "documents")

    def handle(self, *args: Any, output: Path, **options: Any) -> None:
        output.mkdir(parents=True, exist_ok=True)
        for name, build in BUILDERS.items():
            build().save(str(output / f"{name}.docx"))
            self.stdout.write(f"{name}.docx")
