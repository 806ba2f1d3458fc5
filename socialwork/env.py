"""Typed readers of environment variables, used by the settings module and by nothing else.

Every reader either returns a value of the promised type or raises ``ImproperlyConfigured`` with one sentence that
names the variable, so that a wrong deployment stops at the start and says why.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import environ
from django.core.exceptions import ImproperlyConfigured

_REQUIRED: Any = object()
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}
_POSTGRES_ENGINE = "django.db.backends.postgresql"


def text(name: str, default: str = _REQUIRED) -> str:
    """Return the variable as text; an empty variable counts as not set.

    Raises ImproperlyConfigured when it is not set and there is no default.
    """
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is _REQUIRED:
        raise ImproperlyConfigured(f"{name} is not set: set the environment variable {name}.")
    return default


def flag(name: str, default: bool = False) -> bool:
    """Return the variable as a truth value: 1/true/yes/on or 0/false/no/off."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0 (true, yes, on, false, no, off also work), not {value!r}.")


def number(name: str, default: int = _REQUIRED, *, minimum: int | None = None, maximum: int | None = None) -> int:
    """Return the variable as a whole number, within the limits when there are any."""
    value = text(name) if default is _REQUIRED else text(name, "")
    if not value:
        return default
    try:
        result = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None
    if minimum is not None and result < minimum:
        raise ImproperlyConfigured(f"{name} must be at least {minimum}, not {result}.")
    if maximum is not None and result > maximum:
        raise ImproperlyConfigured(f"{name} must be at most {maximum}, not {result}.")
    return result


def listing(name: str, default: tuple[str, ...] | list[str] = ()) -> list[str]:
    """Return the variable as a list: entries are separated by commas, blanks around them do not count."""
    value = os.environ.get(name, "")
    if not value.strip():
        return list(default)
    return [entry.strip() for entry in value.split(",") if entry.strip()]


def path(name: str, default: Path = _REQUIRED) -> Path:
    """Return the variable as a path; it must be absolute, because processes start in different folders."""
    value = text(name) if default is _REQUIRED else text(name, "")
    if not value:
        return default
    if not Path(value).is_absolute():
        raise ImproperlyConfigured(f"{name} must be an absolute path, not {value!r}.")
    return Path(value)


def secret(name: str, default: str = _REQUIRED) -> str:
    """Return a secret from the variable itself or from the file that ``<name>_FILE`` points to.

    The file form is what Docker and Kubernetes secrets give. Both at once is refused: nobody could tell which holds.
    """
    file = os.environ.get(f"{name}_FILE", "").strip()
    value = os.environ.get(name, "").strip()
    if file and value:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set: keep one of them.")
    if file:
        try:
            value = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
            raise ImproperlyConfigured(f"{name}_FILE points to {file}, which cannot be read: {reason}.") from None
        if not value:
            raise ImproperlyConfigured(f"{name}_FILE points to {file}, which is empty.")
    if value:
        return value
    if default is _REQUIRED:
        raise ImproperlyConfigured(f"{name} is not set: set {name}, or {name}_FILE to a file that holds it.")
    return default


def database_url(name: str = "DATABASE_URL") -> dict[str, Any]:
    """Return the entry for ``DATABASES`` that the address in DATABASE_URL (or DATABASE_URL_FILE) describes.

    Only PostgreSQL is accepted. ``host``, ``port``, ``user`` and ``password`` may stand in the query string, which is
    how the folder of a Unix socket is written: ``postgresql:///socialwork?host=/run/postgresql``. What is left of the
    query string becomes ``OPTIONS``; that key is always there, so that the settings can add to it.
    """
    address = secret(name, "")
    if not address:
        raise ImproperlyConfigured(
            f"{name} is not set: give the address of a PostgreSQL database, for example "
            f"{name}=postgres://user:password@host:5432/socialwork; "
            f"only manage.py may start an embedded database."
        )
    return _database_entry(name, address)


def database_urls(name: str) -> list[dict[str, Any]]:
    """Return entries for all addresses in the variable (or its ``_FILE``), separated by commas; none when not set.

    A comma inside a password is written ``%2C``.
    """
    return [_database_entry(name, address.strip()) for address in secret(name, "").split(",") if address.strip()]


def _database_entry(name: str, address: str) -> dict[str, Any]:
    if urlsplit(address).scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must begin with postgres:// because only PostgreSQL is supported.")
    try:
        entry: dict[str, Any] = dict(environ.Env.db_url_config(address))
    except (ValueError, ImproperlyConfigured):
        form = "postgres://user:password@host:5432/name"
        raise ImproperlyConfigured(f"{name} is not an address of the form {form}.") from None
    if not entry.get("NAME"):
        raise ImproperlyConfigured(f"{name} names no database: it must end in /name.")
    options = entry.setdefault("OPTIONS", {})
    for key in ("host", "port", "user", "password"):
        if key in options:
            entry[key.upper()] = options.pop(key)
    entry["ENGINE"] = _POSTGRES_ENGINE
    return entry


def bucket(prefix: str) -> dict[str, Any]:
    """Return the options of the object store whose bucket ``<prefix>_BUCKET`` names; empty when none is named.

    ``<prefix>_ENDPOINT`` is the store's address (without it Amazon's own), ``<prefix>_REGION`` its region,
    ``<prefix>_KEY_ID`` and ``<prefix>_SECRET`` the key, ``<prefix>_ADDRESSING`` is ``path`` or ``virtual``.
    """
    name = text(f"{prefix}_BUCKET", "")
    if not name:
        return {}
    endpoint = text(f"{prefix}_ENDPOINT", "")
    if endpoint and urlsplit(endpoint).scheme not in {"http", "https"}:
        raise ImproperlyConfigured(f"{prefix}_ENDPOINT must begin with https:// (or http:// inside one machine room).")
    addressing = text(f"{prefix}_ADDRESSING", "path")
    if addressing not in {"path", "virtual"}:
        raise ImproperlyConfigured(f"{prefix}_ADDRESSING must be path or virtual, not {addressing!r}.")
    return {
        "bucket_name": name,
        "endpoint_url": endpoint or None,
        "region_name": text(f"{prefix}_REGION", "us-east-1"),
        "access_key": secret(f"{prefix}_KEY_ID"),
        "secret_key": secret(f"{prefix}_SECRET"),
        "addressing_style": addressing,
    }


def redis_url(database: int | None = None, *, name: str = "REDIS_URL") -> str:
    """Return the address of Redis as redis-py and Django's cache understand it (redis, rediss or unix scheme).

    ``database`` counts from the database number in REDIS_URL, so that the cache (which is emptied with FLUSHDB) can
    stand apart from the task queue: ``redis_url(1)`` is the next database after the one that was given.
    """
    address = secret(name, "")
    if not address:
        raise ImproperlyConfigured(
            f"{name} is not set: give the address of a Redis server, for example {name}=redis://host:6379/0; "
            f"only manage.py may start an embedded one."
        )
    parts = urlsplit(address)
    if parts.scheme not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured(f"{name} must begin with redis://, rediss:// or unix://.")
    if database is None:
        return address
    if parts.scheme == "unix":
        query = dict(parse_qsl(parts.query))
        query["db"] = str(_redis_number(name, query.get("db", "0")) + database)
        # urlunsplit drops the empty host of an unknown scheme, and with it one of the slashes
        return f"unix://{parts.netloc}{parts.path}?{urlencode(query)}"
    given = _redis_number(name, parts.path.strip("/") or "0")
    return urlunsplit(parts._replace(path=f"/{given + database}"))


def broker_url(name: str = "REDIS_URL") -> str:
    """Return the same Redis as Celery spells it: a Unix socket is ``redis+socket://`` there, not ``unix://``."""
    address = redis_url(name=name)
    parts = urlsplit(address)
    if parts.scheme != "unix":
        return address
    query = dict(parse_qsl(parts.query))
    if "db" in query:
        query["virtual_host"] = query.pop("db")
    return f"redis+socket://{parts.netloc}{parts.path}" + (f"?{urlencode(query)}" if query else "")


def refuse_to_start(error: ImproperlyConfigured, *, status: int = 1) -> NoReturn:
    """End the process with the sentence of ``error`` on standard error instead of a traceback."""
    sys.stderr.write(f"socialwork cannot start: {error}\n")
    raise SystemExit(status)


def _redis_number(name: str, value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must end in the number of a Redis database, for example /0.") from None
