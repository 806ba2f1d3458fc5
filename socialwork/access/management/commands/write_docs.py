from django.conf import settings
from django.core.management.base import BaseCommand

from socialwork.access.documentation import pages


class Command(BaseCommand):
    help = "Write the pages of socialwork/docs that are made from the code."

    def handle(self, *args: object, **options: object) -> None:
        for path, text in pages().items():
            (settings.BASE_DIR / path).write_text(text, encoding="utf-8")
            self.stdout.write(path)
