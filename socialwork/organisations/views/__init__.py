"""Pages of organisations and agreements."""
from __future__ import annotations

from typing import Any

from django.http import HttpResponse


class KeepsVersion:
    """Forms about what others may change too: the version a text was begun from stays with the text.

    A form shown again after a mistake keeps the version it was posted with, a draft the one it was begun from; once both
    texts were shown the newer version counts.
    """

    def show(self, row: Any, form: Any, *, key: str, saved: Any = None, status: int = 200, **more: Any) -> HttpResponse:
        typed = saved.data if saved else self.request.POST if status == 400 else {}
        if str(typed.get("_version", "")).isdigit():
            more["version"] = typed["_version"]
        return super().show(row, form, key=key, saved=saved, status=status, **more)

    def version(self) -> int:
        """The version the posted text was begun from; 0, which is always stale, when it is missing."""
        posted = self.request.POST.get("_version", "")
        return int(posted) if posted.isdigit() and len(posted) < 10 else 0
