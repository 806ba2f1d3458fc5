"""Logs as JSON lines with identifiers and codes, never with what was typed or who the child is."""
from __future__ import annotations

import logging

import structlog


def json_formatter() -> logging.Formatter:
    """One JSON object a line for both the product's and the libraries' messages."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            drop_values,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def drop_values(logger: object, method: str, event: dict) -> dict:
    """Database and validation errors quote the offending value, which may be a name: keep only the kind of error."""
    if exc_info := event.pop("exc_info", None):
        if exc_info is True:
            import sys

            exc_info = sys.exc_info()
        kind, _, trace = exc_info
        event["error"] = getattr(kind, "__name__", str(kind))
        frames = []
        while trace is not None:
            code = trace.tb_frame.f_code
            frames.append(f"{code.co_filename.rsplit('/', 3)[-1]}:{trace.tb_lineno}:{code.co_name}")
            trace = trace.tb_next
        event["trace"] = frames[-12:]
    event.pop("exception", None)
    event.pop("request", None)  # django-structlog's line repeats the path with its query string
    return event
