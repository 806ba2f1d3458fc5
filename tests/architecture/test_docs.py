"""Pages made from the code are up to date."""
from __future__ import annotations

from django.conf import settings

from socialwork.access.documentation import pages


def test_generated_pages_are_current():
    for path, text in pages().items():
        assert (settings.BASE_DIR / path).read_text(encoding="utf-8") == text, f"run manage.py write_docs: {path}"
