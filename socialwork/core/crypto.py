"""Envelope encryption of what identifies a child or tells their story.

Each dossier has a data key (DEK, 32 bytes). Fields are encrypted with it; the DEK itself lies beside the dossier,
wrapped by a key-encryption key (KEK) that never enters the database. Rotating a KEK therefore rewrites one small
column per dossier and no content, and destroying every wrapped copy of a DEK destroys the content.

Both blobs name their format and algorithm, so rows written under different suites and epochs live side by side and a
later key service, or sealing to officers (a new format of the wrapped key), needs no change to existing rows:

    wrapped data key   format (1) | suite (1) | KEK id (2, big-endian) | nonce (12) | ciphertext (32) | tag (16)
    encrypted field    format (1) | suite (1) | nonce (12) | ciphertext | tag (16)

The header and the place (`aad`) are authenticated: a blob copied to another row, field, dossier or table does not open.
`wrap_data_key` and `unwrap_data_key` are the only functions that touch a KEK: they are the seam for the key service.

Not hidden: that a field is filled, and its length (JSON is padded to hide that, see `encrypt_json`).
Suites follow GB/T 39786-2021 8.4 and ASVS 5.0 V11.2.2, V11.3.3, V11.3.4. A software SM4 is not a certified module.
"""

import base64
import binascii
import json
import secrets
import struct
from collections.abc import Callable
from enum import IntEnum
from functools import lru_cache
from typing import Any, NoReturn, SupportsIndex
from uuid import UUID

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
FORMAT = 1
JSON_PAD = 64
# What `raw_decode` calls and takes as long again to wrap; a page of a list opens fifty values.
_value_at = json.JSONDecoder().scan_once

_WRAP_HEADER, _WRAP_HEADER_BYTES, _FIELD_HEADER_BYTES = struct.Struct(">BBH"), 4, 2


class CryptoError(Exception):
    """Anything that keeps a blob from being read. Messages never hold keys or content."""


class Malformed(CryptoError):
    """The blob is too short, or its format or suite is not one this version knows."""


class UnknownKey(CryptoError):
    """The KEK that wrapped this data key is not in the ring: retired too early, or a restored backup."""


class WrongPlace(CryptoError):
    """The blob is not authentic here: it was moved from another place, altered, or belongs to another key.

    One class for all three, since an authentication tag cannot tell them apart.
    """


Tampered = WrongPlace


class Suite(IntEnum):
    """Algorithm byte of a blob; the names are the values of `settings.CIPHER_SUITE`."""

    INTL = 1  # AES-256-GCM, SHA-256
    GM = 2  # SM4-GCM (GB/T 32907, RFC 8998), SM3 (GB/T 32905)


_SUITES = {suite.name: suite for suite in Suite}


class SecretBytes(bytes):
    """Key material that does not show itself in logs, tracebacks and error pages, and cannot be pickled."""

    def __repr__(self) -> str:
        return "<secret>"

    __str__ = __repr__

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("Key material must not be serialised.")


def decode_key(text: str, setting: str) -> SecretBytes:
    """32 bytes from base64 text, standard or URL-safe, padding optional.

    `setting` names the culprit in ImproperlyConfigured; the text itself is never shown.
    """
    standard = text.strip().rstrip("=").replace("-", "+").replace("_", "/")
    try:
        key = base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise ImproperlyConfigured(f"{setting}: a key is not valid base64.") from None
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{setting}: a key must be {KEY_BYTES} bytes, one has {len(key)}.")
    return SecretBytes(key)


class KeyRing:
    """The KEKs by id. The last one wraps; all of them unwrap, until every data key has been rewrapped."""

    __slots__ = ("_ciphers", "_keks", "current_id")

    def __init__(self, keks: dict[int, SecretBytes]) -> None:
        self._keks = keks
        self._ciphers = {number: AESGCM(kek) for number, kek in keks.items()}
        self.current_id = max(keks)

    @classmethod
    def from_text(cls, text: str) -> "KeyRing":
        """Read "1:<base64>,2:<base64>": ids 1 to 65535, rising. ImproperlyConfigured otherwise.

        Rising order is demanded so that "the last" and "the newest" can never be two different keys.
        """
        keks: dict[int, SecretBytes] = {}
        for entry in filter(None, (part.strip() for part in text.split(","))):
            number, colon, key = entry.partition(":")
            number = number.strip()
            if not (colon and number.isascii() and number.isdigit() and 1 <= int(number) <= 0xFFFF):
                raise ImproperlyConfigured("DATA_KEY_RING: entries look like 1:<base64>, with ids from 1 to 65535.")
            if keks and int(number) <= max(keks):
                raise ImproperlyConfigured("DATA_KEY_RING: the ids must rise; the last one is the current key.")
            keks[int(number)] = decode_key(key, "DATA_KEY_RING")
        if not keks:
            raise ImproperlyConfigured("DATA_KEY_RING is empty: give at least one entry 1:<base64 of 32 bytes>.")
        if len(set(keks.values())) != len(keks):
            raise ImproperlyConfigured("DATA_KEY_RING: the same key stands under two ids.")
        return cls(keks)

    def kek(self, kek_id: int) -> SecretBytes:
        """The KEK of that id. UnknownKey when the ring does not hold it."""
        try:
            return self._keks[kek_id]
        except KeyError:
            raise UnknownKey(f"Key-encryption key {kek_id} is not in the ring.") from None

    def opening(self, kek_id: int, suite: int) -> SecretBytes | AESGCM:
        """What opens a data key that this KEK wrapped under this suite, set up once. UnknownKey as `kek`."""
        return self._ciphers[kek_id] if suite == Suite.INTL and kek_id in self._ciphers else self.kek(kek_id)

    def __repr__(self) -> str:
        return f"<KeyRing ids={sorted(self._keks)}>"


_ring_from_text = lru_cache(maxsize=4)(KeyRing.from_text)


def key_ring() -> KeyRing:
    """The ring of `settings.DATA_KEY_RING`, read once per text. ImproperlyConfigured when absent or malformed."""
    text = getattr(settings, "DATA_KEY_RING", "")
    if not isinstance(text, str):
        raise ImproperlyConfigured("DATA_KEY_RING must be text.")
    return _ring_from_text(text)


def current_suite() -> Suite:
    """The suite new blobs are written with, from `settings.CIPHER_SUITE`. Reading never depends on it."""
    try:
        return _SUITES[settings.CIPHER_SUITE]
    except (AttributeError, KeyError, TypeError):
        raise ImproperlyConfigured("CIPHER_SUITE must be INTL or GM.") from None


def hash_of(suite: Suite) -> hashes.HashAlgorithm:
    """The suite's hash: SHA-256 or SM3."""
    return hashes.SM3() if suite is Suite.GM else hashes.SHA256()


# --- the two ciphers: (key of 32 bytes, nonce, data, associated data) -> ciphertext with tag, or back ---


def _aes_seal(key: bytes, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
    return AESGCM(key).encrypt(nonce, plaintext, associated)


def _aes_open(key: bytes | AESGCM, nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
    return (key if isinstance(key, AESGCM) else AESGCM(key)).decrypt(nonce, sealed, associated)


def _sm4_key(key: bytes) -> bytes:
    # SM4 takes 16 bytes; cutting the key in half would let one half serve two algorithms.
    return HKDFExpand(algorithm=hashes.SM3(), length=16, info=b"socialwork sm4-gcm v1").derive(key)


def _sm4_gcm_seal(key: bytes, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(associated)
    ciphertext = encryptor.update(plaintext) + encryptor.finalize()
    return ciphertext + encryptor.tag


def _sm4_gcm_open(key: bytes, nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, sealed[-TAG_BYTES:])).decryptor()
    decryptor.authenticate_additional_data(associated)
    return decryptor.update(sealed[:-TAG_BYTES]) + decryptor.finalize()


def _sm4_seal(key: bytes, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
    return _sm4_gcm_seal(_sm4_key(key), nonce, plaintext, associated)


def _sm4_open(key: bytes, nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
    return _sm4_gcm_open(_sm4_key(key), nonce, sealed, associated)


_CipherCall = Callable[[bytes, bytes, bytes, bytes], bytes]
_SEAL: dict[int, _CipherCall] = {Suite.INTL: _aes_seal, Suite.GM: _sm4_seal}
_OPEN: dict[int, _CipherCall] = {Suite.INTL: _aes_open, Suite.GM: _sm4_open}


def _seal(suite: Suite, key: bytes, header: bytes, plaintext: bytes, associated: bytes) -> bytes:
    # A random nonce is safe for 2**32 blobs under one key (NIST SP 800-38D 8.3): far above a dossier, or a KEK epoch.
    nonce = secrets.token_bytes(NONCE_BYTES)
    return header + nonce + _SEAL[suite](key, nonce, plaintext, header + associated)


def _check_form(blob: bytes, header_size: int) -> None:
    """Malformed unless the blob can be one of ours."""
    if len(blob) < header_size + NONCE_BYTES + TAG_BYTES:
        raise Malformed("The encrypted value is too short.")
    if blob[0] != FORMAT:
        raise Malformed(f"Unknown format {blob[0]} of an encrypted value.")
    if blob[1] not in _OPEN:
        raise Malformed(f"Unknown cipher suite {blob[1]} of an encrypted value.")


def _open(key: bytes | AESGCM, blob: bytes, header_size: int, associated: bytes) -> bytes:
    sealed_from = header_size + NONCE_BYTES
    nonce, sealed = blob[header_size:sealed_from], blob[sealed_from:]
    try:
        return _OPEN[blob[1]](key, nonce, sealed, blob[:header_size] + associated)
    except InvalidTag:
        raise WrongPlace("The encrypted value is not authentic in this place.") from None


def _checked(dek: bytes) -> bytes:
    if len(dek) != KEY_BYTES:
        raise ValueError(f"A data key has {KEY_BYTES} bytes.")
    return dek


# --- data keys ---


def new_data_key() -> bytes:
    """A fresh data key, 32 random bytes. Keep it in memory only, for as long as the request lasts."""
    return SecretBytes(secrets.token_bytes(KEY_BYTES))


def wrap_data_key(dek: bytes, context: str) -> bytes:
    """Encrypt a data key under the current KEK and suite.

    `context` says whose key it is (such as "dossier|<id>"); the result opens with the same context only, so that nobody
    with write access to the table can hand a dossier the key of another.
    """
    suite, ring = current_suite(), key_ring()
    header = _WRAP_HEADER.pack(FORMAT, suite, ring.current_id)
    return _seal(suite, ring.kek(ring.current_id), header, _checked(dek), b"wrap|" + context.encode())


def unwrap_data_key(wrapped: bytes, context: str) -> bytes:
    """The data key again. Malformed, UnknownKey, or WrongPlace for another context or an altered blob."""
    wrapped = bytes(wrapped)
    _check_form(wrapped, _WRAP_HEADER_BYTES)
    _format, suite, kek_id = _WRAP_HEADER.unpack_from(wrapped)
    return SecretBytes(_open(key_ring().opening(kek_id, suite), wrapped, _WRAP_HEADER_BYTES, f"wrap|{context}".encode()))


def rewrap(wrapped: bytes, context: str) -> bytes:
    """The same data key under the current KEK and suite; content encrypted with it stays as it is.

    Errors as `unwrap_data_key`. The old blob in write-ahead log and backups opens until its KEK is destroyed.
    """
    return wrap_data_key(unwrap_data_key(wrapped, context), context)


def needs_rewrap(wrapped: bytes) -> bool:
    """True when the KEK or the suite of this wrapped key is not the current one. For the rotation job."""
    wrapped = bytes(wrapped)
    _check_form(wrapped, _WRAP_HEADER_BYTES)
    return _WRAP_HEADER.unpack_from(wrapped)[1:] != (current_suite(), key_ring().current_id)


# --- fields ---


def aad(table: str, dossier_id: str | int | UUID, row_id: str | int | UUID, field: str) -> str:
    """The place of a value, `table|dossier|row|field`, to be authenticated with it.

    ValueError for an empty part (a row without its key yet) or one with "|", which would make two places look alike.
    """
    place = f"{table}|{dossier_id}|{row_id}|{field}"
    if place.count("|") != 3 or "||" in place or "|None|" in place or not table or not field:
        raise ValueError("Each part of a place must be present and free of '|'.")
    return place



def encrypt(dek: bytes, plaintext: bytes, aad: str) -> bytes:
    """Encrypt a value for the place `aad`. Twice the same value gives two different blobs."""
    suite = current_suite()
    header = bytes((FORMAT, suite))
    return _seal(suite, _checked(dek), header, plaintext, b"field|" + aad.encode())


def decrypt(dek: bytes, blob: bytes, aad: str) -> bytes:
    """The value again, whichever suite wrote it. Malformed, or WrongPlace for a moved, altered or foreign blob."""
    blob = bytes(blob)
    _check_form(blob, _FIELD_HEADER_BYTES)
    return _open(_checked(dek), blob, _FIELD_HEADER_BYTES, b"field|" + aad.encode())


def needs_reencrypt(blob: bytes) -> bool:
    """True when the blob was written under another suite than the current one. For the job that changes suites."""
    _check_form(bytes(blob), _FIELD_HEADER_BYTES)
    return blob[1] != current_suite()


def encrypt_json(dek: bytes, value: Any, aad: str) -> bytes:
    """Encrypt a JSON value (one blob for all details of a person is faster and tells less than one per field).

    Blanks up to the next 64 bytes hide whether a name has two characters or three. TypeError or ValueError when the
    value is not JSON or holds half a surrogate pair.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    return encrypt(dek, text.ljust(-(-len(text) // JSON_PAD) * JSON_PAD), aad)


def decrypt_json(dek: bytes, blob: bytes, aad: str) -> Any:
    """The JSON value again, without the blanks that `encrypt_json` put after it. Errors as `decrypt`."""
    return _value_at(decrypt(dek, blob, aad).decode(), 0)[0]


# --- start-up ---

_GCM_AAD = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
# Key, nonce, plaintext, ciphertext with tag. McGrew and Viega, The Galois/Counter Mode of Operation, B, test case 16.
_AES_VECTOR = (
    "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
    "cafebabefacedbaddecaf888",
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
    "76fc6ece0f4e1768cddf8853bb2d551b",
)
# RFC 8998 appendix A.1.
_SM4_VECTOR = (
    "0123456789abcdeffedcba9876543210",
    "00001234567800000000abcd",
    "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
    "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
    "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
    "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    "83de3541e4c2b58177e065a9bf7b62ec",
)
# FIPS 180-4 and GB/T 32905-2016 appendix A: the digest of "abc".
_DIGESTS = {
    Suite.INTL: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    Suite.GM: "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
}


def self_test() -> None:
    """Known answers of both suites, for start-up: ImproperlyConfigured names the algorithm that computes wrongly.

    Both suites are tried whatever the setting, because rows of either may have to be read. Well under a millisecond.
    """
    trials = (
        ("AES-256-GCM", _aes_seal, _aes_open, _AES_VECTOR),
        ("SM4-GCM", _sm4_gcm_seal, _sm4_gcm_open, _SM4_VECTOR),
    )
    for name, seal, unseal, vector in trials:
        key, nonce, plaintext, expected = map(bytes.fromhex, vector)
        try:
            right = seal(key, nonce, plaintext, _GCM_AAD) == expected
            right = right and unseal(key, nonce, expected, _GCM_AAD) == plaintext
        except (InvalidTag, UnsupportedAlgorithm):
            right = False
        if not right:
            raise ImproperlyConfigured(f"{name} does not give the published answer on this machine.")
    for suite, expected_hex in _DIGESTS.items():
        try:
            digest = hashes.Hash(hash_of(suite))
        except UnsupportedAlgorithm:
            raise ImproperlyConfigured(f"The hash of suite {suite.name} is missing on this machine.") from None
        digest.update(b"abc")
        if digest.finalize().hex() != expected_hex:
            raise ImproperlyConfigured(f"The hash of suite {suite.name} does not give the published answer.")
