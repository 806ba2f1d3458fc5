"""Sealing many words under one key: the same values as `core.crypto.encrypt` writes, with the key made ready only once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from socialwork.core import crypto
from socialwork.core.crypto import Suite

_AT_ONCE = 512


class Disagrees(Exception):
    """The product does not open what is sealed here: its form changed, and this module must follow."""


class Sealer:
    """Seals under the key of one child. AES goes the short way; any other suite is left to the product."""

    __slots__ = ("_key", "_seal")

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._seal = AESGCM(key).encrypt if _short_way() else None

    def seal(self, words: bytes, place: str) -> bytes:
        """Words for a place (core.crypto.aad)."""
        if self._seal is None:
            return crypto.encrypt(self._key, words, place)
        nonce = next(_NONCES)
        return _HEADER + nonce + self._seal(nonce, words, _BEFORE + place.encode())


# As core.crypto says: format and suite; both are authenticated, together with the kind of value and its place.
_HEADER = bytes((crypto.FORMAT, Suite.INTL))
_BEFORE = _HEADER + b"field|"


def _nonces() -> Iterator[bytes]:
    """Random ones, asked of the system by the hundred."""
    size = crypto.NONCE_BYTES
    while True:
        drawn = os.urandom(size * _AT_ONCE)
        for start in range(0, len(drawn), size):
            yield drawn[start : start + size]


_NONCES = _nonces()


@cache
def _short_way() -> bool:
    """Whether the suite is AES; tried once in each process on a value that the product must open. Raises Disagrees."""
    if crypto.current_suite() is not Suite.INTL:
        return False
    key, nonce = crypto.new_data_key(), next(_NONCES)
    sealed = _HEADER + nonce + AESGCM(key).encrypt(nonce, b"words", _BEFORE + b"a|b|c|sealed")
    try:
        if crypto.decrypt(key, sealed, "a|b|c|sealed") == b"words":
            return True
    except crypto.CryptoError:
        pass
    raise Disagrees()
