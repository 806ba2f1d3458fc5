"""The controlled vocabulary: every code the product stores, with its wording in both languages and its source.

The lists stand in ``fixtures/reference/vocabulary.toml``. A deployment adds to them, rewords them or switches terms off
in an overlay file of the same shape (setting ``VOCABULARY_OVERLAY``); it can delete nothing, because stored rows keep
their codes. Both files are read once per process; everything here is a dictionary look-up and touches no database.
"""
from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.signals import setting_changed
from django.utils import timezone
from django.utils.choices import BaseChoiceIterator
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as _

FILE_NAME = "vocabulary.toml"
OTHER = "other"
_LAST = 1_000_000
_TERM_KEYS = frozenset({"code", "zh", "en", "order", "active", "effective_from", "effective_until", "source"})
_LIST_KEYS = frozenset(
    {"zh", "en", "source", "closed", "adjustable", "required", "refs", "group_by", "cnp_chapters", "term"}
)
_TYPES: Mapping[str, type] = MappingProxyType(
    {"order": int, "active": bool, "effective_from": dt.date, "effective_until": dt.date, "source": str}
)
_REWORDING = frozenset({"zh", "en", "order"})
_SWITCHING = frozenset({"active", "effective_from", "effective_until"})

Choice = tuple[str, Any]


class VocabularyError(ImproperlyConfigured):
    """A vocabulary file breaks its own rules. The message names the file, the list and the term."""


class UnknownTerm(KeyError):
    """A list or a code that does not exist: a mistake of the program, never of the person at the screen."""

    def __init__(self, list_name: str, code: str | None = None) -> None:
        super().__init__(list_name, code)
        self.list_name = list_name
        self.code = code

    def __str__(self) -> str:
        if self.code is None:
            return f"there is no vocabulary list {self.list_name!r}"
        return f"vocabulary list {self.list_name!r} has no term {self.code!r}"


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a list. `extra` holds what is particular to the list; lists in it are tuples, it cannot be changed.

    `effective_from` and `effective_until` are inclusive; `source` is a law key with article, a standard, or "local".
    """

    code: str
    zh: str
    en: str
    order: int
    source: str
    active: bool = True
    effective_from: dt.date | None = None
    effective_until: dt.date | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    @property
    def label(self) -> str:
        """The wording in the active language: English when English is active, else Chinese."""
        return self.en if _in_english() else self.zh

    @property
    def needs_text(self) -> bool:
        """Whether choosing the term says too little without a few words beside it."""
        return self.code == OTHER or bool(self.extra.get("text"))

    def choosable(self, on: dt.date) -> bool:
        """Whether the term may be chosen anew for something that happens on that day."""
        if not self.active:
            return False
        return (self.effective_from or on) <= on <= (self.effective_until or on)


@dataclass(frozen=True, slots=True)
class _List:
    name: str
    zh: str
    en: str
    group_by: str | None
    terms: Mapping[str, Term]


def term(list_name: str, code: str) -> Term:
    """The term, also when it can no longer be chosen. Raises UnknownTerm."""
    try:
        return _list(list_name).terms[code]
    except KeyError:
        raise UnknownTerm(list_name, code) from None


def label(list_name: str, code: str) -> str:
    """The term's wording in the active language. Raises UnknownTerm."""
    return term(list_name, code).label


lazy_label = lazy(label, str)


def list_label(list_name: str) -> str:
    """The name of the list itself in the active language. Raises UnknownTerm."""
    found = _list(list_name)
    return found.en if _in_english() else found.zh


def lists() -> tuple[str, ...]:
    """The names of all lists, in the order of the file."""
    return tuple(_load())


def terms(list_name: str) -> tuple[Term, ...]:
    """All terms of the list in display order, those out of use included. Raises UnknownTerm."""
    return tuple(_list(list_name).terms.values())


def codes(list_name: str) -> tuple[str, ...]:
    """All codes of the list in display order, those out of use included. Raises UnknownTerm."""
    return tuple(_list(list_name).terms)


def active_codes(list_name: str, on: dt.date) -> tuple[str, ...]:
    """The codes that may be chosen for something that happens on that day. Raises UnknownTerm."""
    return tuple(found.code for found in terms(list_name) if found.choosable(on))


def choices(
    list_name: str,
    on: dt.date | None = None,
    blank: bool = False,
    *,
    keep: Iterable[str] = (),
    grouped: bool = False,
) -> list[Choice]:
    """Pairs for a choice field, worded in the active language.

    `on` is the day of the thing described (default: today); `keep` names codes already stored, offered even when they
    are out of use; `grouped` nests the pairs under the classes of the list, where it has classes.
    """
    return [*_choices(list_name, on or timezone.localdate(), blank, frozenset(keep), grouped, get_language())]


@lru_cache(maxsize=2000)
def _choices(list_name: str, day: dt.date, blank: bool, kept: frozenset[str], grouped: bool, _language: str | None) -> tuple[Choice, ...]:
    offered = [found for found in terms(list_name) if found.choosable(day) or found.code in kept]
    empty: list[Choice] = [("", _("— choose —"))] if blank else []
    group_by = _list(list_name).group_by
    if not grouped or group_by is None:
        return (*empty, *((found.code, found.label) for found in offered))
    nested: dict[str, list[Choice]] = {group: [] for group in codes(group_by)}
    for found in offered:
        nested[found.extra["group"]].append((found.code, found.label))
    return (*empty, *((label(group_by, group), tuple(pairs)) for group, pairs in nested.items() if pairs))


class Offered(BaseChoiceIterator):
    """Choices that are pairs already: a field looks through others, and through their groups, each time it is given them."""

    def __init__(self, pairs: Iterable[Choice]) -> None:
        self.pairs = tuple(pairs)

    def __iter__(self) -> Iterator[Choice]:
        return iter(self.pairs)


def validate(list_name: str, code: str, on: dt.date | None = None) -> None:
    """Refuse a code that is not in the list and, when a day is given, one that cannot be chosen on that day.

    Raises ValidationError with a sentence for the person at the screen; UnknownTerm only for an unknown list.
    """
    found = _list(list_name).terms.get(code)
    if found is None:
        raise ValidationError(
            _("“%(code)s” is not in the list “%(list)s”. Choose one of the values offered."),
            code="unknown_term",
            params={"code": str(code)[:80], "list": list_label(list_name)},
        )
    if on is not None and not found.choosable(on):
        raise ValidationError(
            _("“%(term)s” cannot be chosen for %(day)s. Choose another value of the list “%(list)s”."),
            code="term_not_in_use",
            params={"term": found.label, "day": on.isoformat(), "list": list_label(list_name)},
        )


def _in_english() -> bool:
    return (get_language() or "zh").startswith("en")


def _list(name: str) -> _List:
    try:
        return _load()[name]
    except KeyError:
        raise UnknownTerm(name) from None


@lru_cache(maxsize=1)
def _load() -> Mapping[str, _List]:
    raw = _read(Path(settings.REFERENCE_DIR) / FILE_NAME)
    overlay = getattr(settings, "VOCABULARY_OVERLAY", "")
    if overlay:
        # A relative path means the checkout, not the folder the process happened to start in.
        path = Path(settings.BASE_DIR) / overlay
        _lay_over(raw, _read(path), path.name)
    built = {name: _build(name, table) for name, table in raw.items()}
    for name, table in raw.items():
        _check_references(built, name, table)
    return MappingProxyType(built)


def _forget(*, setting: str, **kwargs: Any) -> None:
    if setting in {"VOCABULARY_OVERLAY", "REFERENCE_DIR"}:
        _load.cache_clear()
        _choices.cache_clear()


setting_changed.connect(_forget)


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            return tomllib.load(stream)
    except OSError as error:
        raise VocabularyError(f"the vocabulary file {path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise VocabularyError(f"the vocabulary file {path} is not valid TOML: {error}") from error


def _lay_over(raw: dict[str, Any], overlay: Mapping[str, Any], file_name: str) -> None:
    for name, changes in overlay.items():
        place = f"{file_name}, list {name}"
        if name not in raw:
            raise VocabularyError(f"{place}: there is no such list, and an overlay cannot make one")
        if not isinstance(changes, dict) or not isinstance(changes.get("term", []), list):
            raise VocabularyError(f"{place}: a list is a table, its terms are an array of tables")
        if strange := changes.keys() - {"zh", "en", "term"}:
            raise VocabularyError(f"{place}: an overlay cannot set {', '.join(sorted(strange))}")
        table = raw[name]
        table.update({key: changes[key] for key in ("zh", "en") if key in changes})
        known = {entry["code"]: entry for entry in table["term"]}
        for entry in changes.get("term", []):
            code = entry.get("code")
            if code in known:
                _change(known[code], entry, table, f"{place}, term {code}")
            elif table.get("closed"):
                raise VocabularyError(f"{place}, term {code}: the program decides by this list, no term can be added")
            else:
                table["term"].append({"source": "local", **entry})


def _change(entry: dict[str, Any], change: Mapping[str, Any], table: Mapping[str, Any], place: str) -> None:
    allowed = {"code", *_REWORDING, *table.get("adjustable", ())}
    if not table.get("closed"):
        allowed |= _SWITCHING
    if strange := change.keys() - allowed:
        raise VocabularyError(f"{place}: an overlay cannot change {', '.join(sorted(strange))}")
    entry.update(change)


def _build(name: str, table: Mapping[str, Any]) -> _List:
    if strange := table.keys() - _LIST_KEYS:
        raise VocabularyError(f"list {name}: unknown key {', '.join(sorted(strange))}")
    if not (table.get("zh") and table.get("en") and table.get("source") and table.get("term")):
        raise VocabularyError(f"list {name}: zh, en, source and at least one term are needed")
    found: dict[str, Term] = {}
    for position, entry in enumerate(table["term"], start=1):
        built = _term(name, table, entry, position * 10)
        if built.code in found:
            raise VocabularyError(f"list {name}, term {built.code}: the code stands there twice")
        found[built.code] = built
    ordered = sorted(found.values(), key=lambda built: built.order)
    terms_by_code = MappingProxyType({built.code: built for built in ordered})
    return _List(name=name, zh=table["zh"], en=table["en"], group_by=table.get("group_by"), terms=terms_by_code)


def _term(name: str, table: Mapping[str, Any], entry: Mapping[str, Any], position: int) -> Term:
    code = entry.get("code", "")
    place = f"list {name}, term {code or position // 10}"
    if not _is_code(code):
        raise VocabularyError(f"{place}: a code is made of small letters, digits and underscores")
    if not (entry.get("zh") and entry.get("en")):
        raise VocabularyError(f"{place}: zh and en are needed")
    if wrong := [key for key, kind in _TYPES.items() if key in entry and type(entry[key]) is not kind]:
        raise VocabularyError(f"{place}: {wrong[0]} must be of the type {_TYPES[wrong[0]].__name__}")
    if missing := [key for key in table.get("required", ()) if key not in entry]:
        raise VocabularyError(f"{place}: {', '.join(missing)} is needed in this list")
    extra = {key: _frozen(value) for key, value in entry.items() if key not in _TERM_KEYS}
    if "cnp_chapters" in table:
        # Unknown, not "no", for a charge whose chapter nobody has entered: a person must decide.
        chapter = entry.get("chapter")
        extra["cnp_eligible"] = None if chapter is None else chapter in table["cnp_chapters"]
    return Term(
        code=code,
        zh=entry["zh"],
        en=entry["en"],
        order=entry.get("order", _LAST if code == OTHER else position),
        source=entry.get("source", table["source"]),
        active=entry.get("active", True),
        effective_from=entry.get("effective_from"),
        effective_until=entry.get("effective_until"),
        extra=MappingProxyType(extra),
    )


def _is_code(code: Any) -> bool:
    return isinstance(code, str) and code.isascii() and code.isidentifier() and code == code.lower() and code[0] != "_"


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(item) for key, item in value.items()})
    return value


def _check_references(built: Mapping[str, _List], name: str, table: Mapping[str, Any]) -> None:
    references = dict(table.get("refs", {}))
    if group_by := table.get("group_by"):
        references["group"] = group_by
    for key, target in references.items():
        for found in built[name].terms.values():
            value = found.extra.get(key, ())
            values = (value,) if isinstance(value, str) else tuple(value)
            if strange := [item for item in values if item not in built[target].terms]:
                raise VocabularyError(f"list {name}, term {found.code}: {strange[0]} is not in the list {target}")
