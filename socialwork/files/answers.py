"""A stored file as the answer to a request: saved by the browser, never shown inside a page of the product."""
from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from socialwork.files.models import StoredFile


def as_attachment(file: StoredFile, content: bytes) -> HttpResponse:
    """The opened content under the file's own name; nothing about its type is guessed."""
    response = HttpResponse(content, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Content-Length"] = str(len(content))
    return response
