"""Searching what the database holds only encrypted: keyed digests of exact values and of pieces of names.

A digest is an HMAC (SHA-256 or SM3, by `settings.CIPHER_SUITE`) under a key derived from `settings.INDEX_KEY` for one
scope (an organisation's id, or NATIONAL) and one kind of value. Equal values give equal digests inside a scope and
unrelated ones across scopes, so tables of two organisations cannot be joined on them.

What it does not hide. Whoever reads the table without the key sees how often a token occurs and which tokens occur
together: the commonest bigrams of a large scope can be guessed from the statistics of names. Hence scopes as small as
the search allows, eight-byte tokens without position, and removal of all rows of a dossier when it is sealed. Whoever
has INDEX_KEY can try every ID number of a birthday and region in a moment: it is as secret as a key-encryption key.
INDEX_KEY and the suite are built into every digest: after changing either, all index rows must be computed again.
"""

import hmac
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from socialwork.core.crypto import SecretBytes, Suite, current_suite, decode_key, hash_of
from socialwork.core.identifiers import MIDDLE_DOTS, compact_code, compact_phone

NATIONAL = "national"
EXACT_BYTES = 16
TOKEN_BYTES = 8
# Longer than any registered name; bounds the rows one pasted paragraph can make.
LONGEST_NAME = 64
PHONE_TAIL = 4

Scope = str | int | UUID

_KIND = re.compile(r"[a-z][a-z0-9_]*")
_VARIATION_SELECTORS = re.compile("[\u180b-\u180d\ufe00-\ufe0f\U000e0100-\U000e01ef]")

_decoded = lru_cache(maxsize=4)(decode_key)


def index_key() -> SecretBytes:
    """The master key of all indexes, 32 bytes. ImproperlyConfigured when absent or malformed."""
    text = getattr(settings, "INDEX_KEY", "")
    if not isinstance(text, str):
        raise ImproperlyConfigured("INDEX_KEY must be text.")
    return _decoded(text, "INDEX_KEY")


@lru_cache(maxsize=8192)
def _derived(master: SecretBytes, suite: Suite, scope: str, kind: str) -> SecretBytes:
    if not scope or not _KIND.fullmatch(kind):
        raise ValueError("An index needs a scope, and a kind in lower-case letters.")
    # The length keeps apart a scope that ends like a kind and a kind that begins like a scope.
    info = f"socialwork blind index v1|{len(scope)}|{scope}|{kind}".encode()
    return SecretBytes(HKDF(algorithm=hash_of(suite), length=32, salt=None, info=info).derive(master))


def _digester(scope: Scope, kind: str, size: int) -> Callable[[str], bytes]:
    suite = current_suite()
    key = _derived(index_key(), suite, str(scope), kind)
    if suite is Suite.INTL:
        return lambda text: hmac.digest(key, text.encode("utf-8", "replace"), "sha256")[:size]

    def sm3(text: str) -> bytes:
        mac = HMAC(key, hashes.SM3())
        mac.update(text.encode("utf-8", "replace"))
        return mac.finalize()[:size]

    return sm3


# --- exact values ---


def _folded(value: str) -> str:
    return "".join(unicodedata.normalize("NFKC", value).split()).casefold()


_FOLD: dict[str, Callable[[str], str]] = {"id_number": compact_code, "phone": compact_phone}


def exact(scope: Scope, kind: str, value: str) -> bytes:
    """The 16-byte digest to store for a value, and to look it up by.

    Width, blanks and case do not count; for the kinds "id_number" and "phone" neither do separators and +86, so the
    value may be given as typed. ValueError for an empty value, which would make all missing values equal, for an empty
    scope, and for a kind that is not a lower-case name.
    """
    folded = _FOLD.get(kind, _folded)(value)
    if not folded:
        raise ValueError("An empty value has no index.")
    return _digester(scope, kind, EXACT_BYTES)(folded)


# --- names ---


def _counts(character: str) -> bool:
    """Letters, marks, digits and symbols count; separators, punctuation and invisible characters do not.

    Private-use and unassigned code points count: rare characters of names are found there, in older systems and in
    versions of Unicode newer than this interpreter's.
    """
    category = unicodedata.category(character)
    return category[0] not in "ZP" and category not in ("Cc", "Cf", "Cs") and character not in MIDDLE_DOTS


def normalise_name(name: str) -> str:
    """A name as it is compared: NFKC, case folded, without blanks, middle dots, other punctuation, and variants of
    glyphs. One character is one code point, also outside the basic plane. Traditional forms stay what they are, since
    they may be the registered name of another person. At most 64 characters.
    """
    # Ten times the bound before normalising keeps a pasted book from being processed, and no name is cut by it.
    text = _VARIATION_SELECTORS.sub("", unicodedata.normalize("NFKC", name[: LONGEST_NAME * 10]).casefold())
    return "".join(filter(_counts, text))[:LONGEST_NAME]


def _bigrams(text: str) -> Iterator[str]:
    return (text[i : i + 2] for i in range(len(text) - 1))


def name_tokens(scope: Scope, name: str) -> set[bytes]:
    """The 8-byte tokens to store for a name: one for each two neighbouring characters and one for the whole.

    n characters give at most n tokens; an empty name (or one of punctuation only) gives none.
    """
    text = normalise_name(name)
    if not text:
        return set()
    digest = _digester(scope, "name", TOKEN_BYTES)
    return {digest(f"2{pair}") for pair in _bigrams(text)} | {digest(f"={text}")}


def query_tokens(scope: Scope, text: str) -> list[bytes]:
    """The tokens that a name must all have to contain the text: any part of a name from two characters on.

    A single character cannot be looked up: it gives the whole-name token, found only by a name of that one character.
    Parts separated by blanks or dots may stand in any order ("smith john"), unless one of them is a single character,
    when they are read as one ("张 三"). Bigrams do not know their place, so a long query can, rarely, find a name with
    the same pairs in another order. An empty list means the text cannot be searched: the caller shows nothing, since
    "all of no tokens" would show everybody.
    """
    whole = normalise_name(text)
    if not whole:
        return []
    digest = _digester(scope, "name", TOKEN_BYTES)
    if len(whole) == 1:
        return [digest(f"={whole}")]
    parts = [part for part in map(normalise_name, _split(text)) if part]
    if len(whole) == LONGEST_NAME or any(len(part) == 1 for part in parts):
        parts = [whole]
    pairs = dict.fromkeys(pair for part in parts for pair in _bigrams(part))
    return [digest(f"2{pair}") for pair in list(pairs)[:LONGEST_NAME]]


def _split(text: str) -> list[str]:
    """The parts between blanks and middle dots. Hyphens and apostrophes stay inside a part (O'Neill)."""
    return re.split(rf"[\s{MIDDLE_DOTS}]+", text[: LONGEST_NAME * 10])


# --- phones ---


def phone_tokens(scope: Scope, phone: str) -> set[bytes]:
    """The 8-byte tokens to store for a phone number: the whole number and its last four digits.

    None for a text without digits. An extension is left out, so that the tail is the one people remember.
    """
    digits = _phone_digits(phone)
    if not digits:
        return set()
    tokens = {_digester(scope, "phone_whole", TOKEN_BYTES)(digits)}
    if len(digits) > PHONE_TAIL:
        tokens.add(_digester(scope, "phone_tail", TOKEN_BYTES)(digits[-PHONE_TAIL:]))
    return tokens


def phone_query_tokens(scope: Scope, text: str) -> list[bytes]:
    """The token a phone must have: four digits are the tail, seven or more the whole number, other lengths give none.

    As with names, an empty list means nothing may be shown.
    """
    digits = _phone_digits(text)
    if len(digits) == PHONE_TAIL:
        return [_digester(scope, "phone_tail", TOKEN_BYTES)(digits)]
    if len(digits) >= 7:
        return [_digester(scope, "phone_whole", TOKEN_BYTES)(digits)]
    return []


def _phone_digits(text: str) -> str:
    number, _mark, _extension = compact_phone(text).partition("x")
    return re.sub(r"[^0-9]", "", number)
