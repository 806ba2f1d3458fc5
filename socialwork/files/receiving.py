"""How much is read at all: a request beyond it is refused before its files fill the disk."""
from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

# What is a little too large is read and gets its sentence at the field; this much is no paper any more.
TIMES = 3


class RefuseFloods(FileUploadHandler):
    """Stands first among the handlers. A flood gets the page that says how much may be sent (413)."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, boundary: bytes, encoding: Any = None) -> None:
        if content_length > settings.UPLOAD_MAX_BYTES * TIMES:
            raise RequestDataTooBig("too large")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
