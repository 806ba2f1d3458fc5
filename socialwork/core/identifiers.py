"""Numbers and names that point at a person or an organisation: checked, read, masked, found in text, made up.

Everything here is a pure function. Messages never repeat what was typed, since they are shown, logged and mailed.
Validators raise ValidationError with a code and one sentence, and return the form to be stored.
"""

import re
import secrets
import unicodedata
from datetime import date, timedelta
from typing import Literal, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric, uscc

# --- resident ID number (GB 11643-1999): region 6, birth date 8, order 3 with the sex, check character ---

_OLDEST_BIRTH_YEAR = 1900


def compact_code(text: str) -> str:
    """An ID number or credit code as stored: half-width, upper-case, without blanks, dots, hyphens and invisible
    characters. Only the form changes: nothing is checked."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(c for c in folded if unicodedata.category(c)[0] not in "ZPC")


def clean_id_number(text: str, *, today: date | None = None) -> str:
    """A resident ID number in its stored form; blanks, full-width digits and a small x are accepted.

    Checked are length, form, birth date (1900 to `today`, by default the local date) and check character. The region
    is not: tables of it are out of date in both directions, and abolished codes stay in the hands of their holders.
    ValidationError codes: id_length, id_format, id_birth_date, id_check_character.
    """
    number = compact_code(text)
    if len(number) != 18:
        raise ValidationError(
            _("An ID number has 18 characters; %(count)d were typed."), code="id_length", params={"count": len(number)}
        )
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise ValidationError(
            _("An ID number has 17 digits and then a digit or X; check for other letters."), code="id_format"
        )
    if not _has_birth_date(number, today or timezone.localdate()):
        raise ValidationError(
            _("Characters 7 to 14 of the ID number are not a possible birth date; compare them with the card."),
            code="id_birth_date",
        )
    if number[-1] != ric.calc_check_digit(number):
        raise ValidationError(
            _("The last character does not fit the rest of the ID number; one character is probably mistyped."),
            code="id_check_character",
        )
    return number


def _has_birth_date(number: str, latest: date) -> bool:
    try:
        born = birth_on_from_id(number)
    except ValueError:
        return False
    return born.year >= _OLDEST_BIRTH_YEAR and born <= latest


def birth_on_from_id(number: str) -> date:
    """The birth date inside an ID number. ValueError when there is none. A hint, where other papers say otherwise."""
    digits = compact_code(number)[6:14]
    if not re.fullmatch(r"[0-9]{8}", digits):
        raise ValueError("no birth date in the number")
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def sex_from_id(number: str) -> Literal["male", "female"]:
    """The sex inside an ID number: an odd 17th digit is male. ValueError when there is none."""
    digit = compact_code(number)[16:17]
    if not re.fullmatch(r"[0-9]", digit):
        raise ValueError("no order number in the number")
    return "male" if int(digit) % 2 else "female"


def region_from_id(number: str) -> str:
    """The six-digit code of the place of first registration: a hint, never proof of where someone lives."""
    return compact_code(number)[:6]


# --- unified social credit code (GB 32100-2015) ---

_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")


def clean_credit_code(text: str) -> str:
    """A unified social credit code in its stored form.

    The form is checked here because python-stdnum refuses letters in the first two places, where the standard and the
    registers of rural collectives and trade unions abroad have them. Codes: credit_code_length, credit_code_format,
    credit_code_check_character.
    """
    code = compact_code(text)
    if len(code) != 18:
        raise ValidationError(
            _("A unified social credit code has 18 characters; %(count)d were typed."),
            code="credit_code_length",
            params={"count": len(code)},
        )
    if not _CREDIT_CODE.fullmatch(code):
        raise ValidationError(
            _("A unified social credit code has digits in places 3 to 8 and nowhere the letters I, O, S, V or Z."),
            code="credit_code_format",
        )
    if code[-1] != uscc.calc_check_digit(code):
        raise ValidationError(
            _("The last character does not fit the rest of the credit code; one character is probably mistyped."),
            code="credit_code_check_character",
        )
    return code


# --- phones ---

_MOBILE = re.compile(r"1[0-9]{10}")
_LANDLINE = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})([0-9]{7,8})(?:x([0-9]{1,6}))?")
_SERVICE = re.compile(r"[48]00[0-9]{7}")
_FOREIGN_SIGN = re.compile(r"[^0-9\s()+\-—–./x#]")
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#)", re.IGNORECASE)


def compact_phone(text: str) -> str:
    """A phone number as digits only, without +86, and "x" before an extension; a foreign one keeps its plus sign.

    Nothing is checked.
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    number, _mark, extension = _EXTENSION.sub("x", folded, count=1).partition("x")
    plus = number.lstrip("( ").startswith("+")
    digits, extension = re.sub(r"[^0-9]", "", number), re.sub(r"[^0-9]", "", extension)
    if digits.startswith("0086"):
        digits = digits[4:]
    elif digits.startswith("86") and (plus or len(digits) == 13):
        digits = digits[2:]
    elif plus:
        digits = f"+{digits}"
    return f"{digits}x{extension}" if extension else digits


def clean_phone(text: str) -> str:
    """A phone number of mainland China in its stored form: 11 digits of a mobile number without +86; a landline with
    its area code ("0571-1234567", "0571-1234567x801" with an extension); ten digits of a 400 or 800 number.

    Prefixes of mobile numbers are not checked: new ones are opened every few years. ValidationError code: phone.
    """
    number = compact_phone(text)
    landline = _LANDLINE.fullmatch(number)
    # Letters and other signs mean that something else was typed, though its digits may happen to fit.
    if _FOREIGN_SIGN.search(_EXTENSION.sub("x", unicodedata.normalize("NFKC", text), count=1)):
        number, landline = "", None
    if landline:
        area, local, extension = landline.groups()
        return f"{area}-{local}" + (f"x{extension}" if extension else "")
    if not (_MOBILE.fullmatch(number) or _SERVICE.fullmatch(number)):
        raise ValidationError(
            _(
                "Write a mobile number of 11 digits beginning with 1, or a landline with its area code, "
                "such as 0571-1234567."
            ),
            code="phone",
        )
    return number


# --- masking: enough to recognise what one knows already, too little to learn it ---

# Two-character surnames. Those that are read as often as a surname of one character and a given name (贺兰, 段干, 梁丘)
# are left out: in doubt the mask hides more.
_COMPOUND_SURNAMES = frozenset((
    "欧阳 歐陽 上官 司马 司馬 司徒 司空 诸葛 諸葛 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 慕容 长孙 長孫 宇文 令狐 "
    "轩辕 軒轅 夏侯 赫连 赫連 澹台 濮阳 濮陽 淳于 单于 單于 太史 申屠 鲜于 鮮于 闻人 聞人 呼延 拓跋 独孤 獨孤 "
    "南宫 南宮 西门 西門 东郭 東郭 百里 端木 万俟 亓官 公冶 羊舌 闾丘 閭丘 司寇 第五"
).split())
# The dot between the parts of a name, as different keyboards and documents write it.
MIDDLE_DOTS = "·•‧∙⋅・･．"
_DOT = re.compile(f"[{MIDDLE_DOTS}]")
_HAN = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff\ue000-\uf8ff\U00020000-\U0003ffff]")


def mask_name(name: str) -> str:
    """A name with the given name hidden: 张某, 张某某, 欧阳某; 阿某某 with middle dots; J*** in other scripts.

    Follows article 9 of the Supreme Court's rules on publishing judgments (法释〔2016〕19号): the surname stays, of the
    names of minorities and foreigners the first character (cited from memory). Length beyond three is not shown. A
    single character shows nothing but 某, the empty text stays empty. Not for publication: there even the surname of a
    minor is too much beside other facts.
    """
    text = name.strip()
    if len(text) < 2:
        return "某" if text else ""
    if not _HAN.match(text):
        return f"{text[0]}***"
    if _DOT.search(text):
        return f"{text[0]}某某"
    letters = "".join(text.split())
    surname = letters[:2] if len(letters) > 2 and letters[:2] in _COMPOUND_SURNAMES else letters[0]
    return surname + "某" * min(max(len(letters) - len(surname), 1), 2)


def mask_id(number: str) -> str:
    """An ID number with its first two and last two characters, 99**************2X: no birth date, no district.

    Other numbers (passports) show their last two; six characters and fewer show nothing.
    """
    code = compact_code(number)
    if len(code) == 18:
        return f"{code[:2]}{'*' * 14}{code[-2:]}"
    return "*" * len(code) if len(code) <= 6 else "*" * (len(code) - 2) + code[-2:]


def mask_phone(phone: str) -> str:
    """A phone number with its last four digits, *******5678; the extension is dropped, short numbers show nothing."""
    digits = re.sub(r"[^0-9]", "", compact_phone(phone).partition("x")[0])
    return "*" * len(digits) if len(digits) < 7 else "*" * (len(digits) - 4) + digits[-4:]


# --- work codes: what a juvenile is called on screens and in mails ---

# No 0 O 1 I, nor 8/B, 5/S and 2/Z side by side; no vowels, so that no word appears by chance.
_CODE_DIGITS = "23456789"
_CODE_LETTERS = "CDFGHJKLMNPQRTVWX"
_CODE_LENGTH = 6
WORK_CODE = re.compile(rf"J-[{_CODE_DIGITS}{_CODE_LETTERS}]{{{_CODE_LENGTH}}}")

_TYPED_PREFIX = re.compile(r"\s*[JjＪｊ]\s*[-‐‑–—－]")


def new_work_code() -> str:
    """A random code such as J-8F3K2Q, telling nothing about the child. Use `WORK_CODE.fullmatch` to recognise one.

    Two letters never stand side by side, so that no initials (SB, TMD) can insult a child. Of the 25 million codes one
    may come twice: the column is unique, and the caller tries again (about 1 in 25 at a million children).
    """
    code = ""
    while len(code) < _CODE_LENGTH:
        code += secrets.choice(_CODE_DIGITS if code[-1:] in tuple(_CODE_LETTERS) else _CODE_DIGITS + _CODE_LETTERS)
    return f"J-{code}"


def compact_work_code(text: str) -> str:
    """What was typed, as a work code: upper-case, half-width, with the prefix ("8f3k2q" → "J-8F3K2Q"), or "" when it
    is none."""
    code = compact_code(text)
    with_prefix = _TYPED_PREFIX.match(text) or len(code) == _CODE_LENGTH + 1
    if with_prefix and code.startswith("J"):
        code = code[1:]
    return f"J-{code}" if WORK_CODE.fullmatch(f"J-{code}") else ""


# --- age ---


class AgeBand(TextChoices):
    """The bands the law distinguishes: no responsibility, 12–13 and 14–15 for listed crimes, 16–17, adult (CL 17)."""

    UNDER_12 = "under_12", _("Under 12")
    FROM_12 = "12_13", _("12–13")
    FROM_14 = "14_15", _("14–15")
    FROM_16 = "16_17", _("16–17")
    ADULT = "18_over", _("18 and over")


def _birthday_in(year: int, birth_on: date) -> date:
    # Civil Code 202: where the corresponding day is missing, the last day of the month takes its place.
    if (birth_on.month, birth_on.day) == (2, 29):
        return date(year, 3, 1) - timedelta(days=1)
    return birth_on.replace(year=year)


def age_on(birth_on: date, on: date) -> int:
    """Completed years on a day, the birthday counted: for general use (forms, consent, statistics).

    Whoever was born on 29 February has the birthday on the 28th in ordinary years. ValueError before birth.
    """
    if on < birth_on:
        raise ValueError("the day is before the birth")
    return on.year - birth_on.year - (on < _birthday_in(on.year, birth_on))


def full_age_on(birth_on: date, on: date) -> int:
    """Completed years for criminal responsibility (CL 17): an age is reached on the day after the birthday.

    A deed on the fourteenth birthday is that of a child of thirteen: article 2 of the Supreme Court's interpretation on
    criminal cases of minors (法释〔2006〕1号; cited from memory, to be confirmed by a lawyer). ValueError before birth.
    """
    return 0 if on == birth_on else age_on(birth_on, on - timedelta(days=1))


def age_band(age: int) -> AgeBand:
    """The band of an age in completed years; take `full_age_on` for the age at the offence. ValueError below 0."""
    if age < 0:
        raise ValueError("an age cannot be negative")
    for limit, band in ((12, AgeBand.UNDER_12), (14, AgeBand.FROM_12), (16, AgeBand.FROM_14), (18, AgeBand.FROM_16)):
        if age < limit:
            return band
    return AgeBand.ADULT


# --- finding numbers in text before it leaves (V24) ---


class Found(NamedTuple):
    """Where a number stands in a text: `text[start:end]`. It does not carry the number itself."""

    kind: Literal["id_number", "mobile"]
    start: int
    end: int


# One character for one, so that positions stay those of the text.
_HALF_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ＋－\u3000\xa0", "0123456789XX+-  ")
# A look-ahead, so that a row of digits which is no ID number does not swallow the beginning of one.
_ID_IN_TEXT = re.compile(r"(?<![0-9])(?=([0-9]{6}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{3}[ -]?[0-9Xx](?![0-9])))")
_MOBILE_IN_TEXT = re.compile(
    r"(?<![0-9])(?:(?:\+|00)?86[ -]?)?"
    r"1(?:[0-9]{2}[ -]?[0-9]{4}[ -]?[0-9]{4}|[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}|[0-9]{4}[ -]?[0-9]{6})(?![0-9])"
)


def find_identifiers(text: str) -> list[Found]:
    """The ID numbers and mobile phone numbers in a text, in order, without overlap: to warn before it leaves.

    An ID number must have a possible birth date and the right check character; a mobile number is 11 digits beginning
    with 1. Usual groupings with blanks or hyphens and full-width digits are seen; numbers spelled out in words, split
    otherwise, or inside longer rows of digits are not. Names are not looked for. Time grows linearly with the text.
    """
    plain = text.translate(_HALF_WIDTH)
    found: list[Found] = []
    rest: list[str] = []
    done = 0
    for match in _ID_IN_TEXT.finditer(plain):
        start, end = match.span(1)
        # Two matches that are both accepted cannot overlap: no group of one number begins where another's may.
        if _is_id_number(match.group(1)):
            found.append(Found("id_number", start, end))
            rest += plain[done:start], "#" * (end - start)
            done = end
    found += (Found("mobile", *match.span()) for match in _MOBILE_IN_TEXT.finditer("".join(rest) + plain[done:]))
    return sorted(found, key=lambda hit: hit.start)


def _is_id_number(text: str) -> bool:
    number = compact_code(text)
    return _has_birth_date(number, date(2099, 12, 31)) and number[-1] == ric.calc_check_digit(number)
