"""Keys for a desk: made once, kept beside the embedded database whose rows they encrypt. Never for production."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path

from socialwork.embedded.errors import EmbeddedServerError

_KEY_BYTES = 32


def new_keys() -> dict[str, str]:
    """Return fresh values for SECRET_KEY, DATA_KEY_RING (key number, colon, 32 bytes in base64) and INDEX_KEY."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DATA_KEY_RING": f"1:{_random_key()}",
        "INDEX_KEY": _random_key(),
    }


def desk_keys(file: Path) -> dict[str, str]:
    """Return the keys in ``file``, which only its owner may read; make it when it does not exist.

    Two processes that come at once get the same keys. Raises EmbeddedServerError for a file that cannot be read.
    """
    if not file.exists():
        _write_once(file, new_keys())
    try:
        keys = json.loads(file.read_text(encoding="utf-8"))
        return {name: str(keys[name]) for name in ("SECRET_KEY", "DATA_KEY_RING", "INDEX_KEY")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EmbeddedServerError(
            f"{file} cannot be used ({error}). It holds the keys of the embedded database: bring it back, "
            f"or remove it and start again with: python3 manage.py demo --reset"
        ) from error


def export(keys: dict[str, str]) -> None:
    """Put the keys into the environment where neither the variable nor its file form is set."""
    for name, value in keys.items():
        if not os.environ.get(name) and not os.environ.get(f"{name}_FILE"):
            os.environ[name] = value


def _write_once(file: Path, keys: dict[str, str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        json.dump(keys, output, indent=2)
    try:
        os.link(draft, file)  # unlike a rename this never replaces the file of a faster process
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
