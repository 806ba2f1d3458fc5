"""Official letters as Word files: fill a template with a letter's facts, name the file by its hash, make a PDF.

A template is an ordinary ``.docx`` a user can open and edit; text in double braces is replaced. Templates may come
from outside one day, therefore they run in Jinja's sandbox, unknown names are errors, and values are always escaped.
"""
import dataclasses
import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from datetime import date
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from jinja2 import StrictUndefined, Template
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from socialwork.core.errors import DomainError
from socialwork.core.letter_contexts import LETTERS, LetterContext

# A letter longer than this is a mistake or an attack; four bytes each, it stays below the XML parser's 10 MB a text.
MAX_CHARACTERS = 2_000_000
PDF_TIMEOUT_SECONDS = 60
# Parts of letter templates (body, headers, footers, properties) whose compiled form stays in memory.
COMPILED_KEPT = 128
FONT_STAND_INS = Path(__file__).with_name("letter_templates") / "fonts.conf"

# XML 1.0 allows tab, line feed, carriage return and no other control character; lone surrogates cannot be encoded;
# direction overrides and byte-order marks would let typed text rearrange or hide what the reader sees.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\ufeff\u202a-\u202e\u2066-\u2069]"
)
_LINE_BREAK = re.compile("\r\n|[\r\x85\u2028\u2029]")
_NUMERALS = "零一二三四五六七八九"


class LetterError(DomainError):
    """A letter that cannot be made; the message says why to the person who asked for it."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="letter")


def render_letter(template: str, context: LetterContext) -> bytes:
    """Fill the shipped template ``template`` (a key of ``LETTERS``) and return the Word file.

    Raises ``LetterError`` for an unknown template, a context of another letter, and text beyond ``MAX_CHARACTERS``.
    """
    expected = LETTERS.get(template)
    if expected is None:
        raise LetterError(_("There is no letter template with this name."))
    if type(context) is not expected:
        raise LetterError(_("These facts belong to another kind of letter."))
    path = Path(settings.BASE_DIR) / "templates" / "documents" / f"{template}.docx"
    return render_template(path.read_bytes(), context)


def render_template(source: bytes, context: LetterContext) -> bytes:
    """Fill the Word template ``source``, which need not be one of ours, with the fields of ``context``.

    Raises ``LetterError`` when the template names an unknown field, is not well formed or reaches for anything
    outside the letter.
    """
    from docxtpl import DocxTemplate  # slow import, only the worker needs it

    values = {field.name: _cleaned(getattr(context, field.name)) for field in dataclasses.fields(context)}
    if sum(map(_length, values.values())) > MAX_CHARACTERS:
        raise LetterError(_("The text is too long for one letter. Shorten it or split it into two documents."))
    document = DocxTemplate(BytesIO(source))
    try:
        document.render(values, _environment())
    except SecurityError as error:
        raise LetterError(_("The template uses an instruction that is not allowed in letters.")) from error
    except (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise LetterError(_("The template cannot be filled: %(problem)s.") % {"problem": error}) from error
    result = BytesIO()
    document.save(result)
    return result.getvalue()


def official_date(day: date) -> str:
    """``2026年12月5日``: Arabic figures without leading zeros (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def sha256_of(content: bytes) -> str:
    """The SHA-256 of a file as 64 hexadecimal characters, stored beside an issued letter."""
    return hashlib.sha256(content).hexdigest()


def to_pdf(docx: bytes) -> bytes | None:
    """The Word file as PDF through LibreOffice; ``None`` where LibreOffice is absent, fails or takes too long.

    Each call has its own profile folder: two conversions sharing one profile wait for or break each other.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="letter-") as folder:
        source = Path(folder) / "letter.docx"
        source.write_bytes(docx)
        command = [
            program, "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard",
            f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}",
            "--convert-to", "pdf:writer_pdf_Export", "--outdir", folder, str(source),
        ]  # fmt: skip
        if not _finishes(command, folder):
            return None
        target = source.with_suffix(".pdf")
        return target.read_bytes() if target.exists() else None


def _finishes(command: list[str], folder: str) -> bool:
    """Run the converter in a process group of its own; on time-out the whole group ends, not only the launcher."""
    # The converter learns none of our secrets. The locale makes it set an opening quotation mark as a Chinese one.
    environment = {"HOME": folder, "LC_ALL": "zh_CN.UTF-8", "FONTCONFIG_FILE": str(FONT_STAND_INS)}
    environment |= {name: os.environ[name] for name in ("PATH", "TMPDIR", "FONTCONFIG_FILE") if name in os.environ}
    process = subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=environment, start_new_session=True,
    )  # fmt: skip
    try:
        return process.wait(timeout=PDF_TIMEOUT_SECONDS) == 0
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False


class _Environment(SandboxedEnvironment):
    """Compiles the text of a template once: that takes most of the time of a letter. Nobody's facts are in it."""

    def from_string(self, source: Any, *args: Any, **kwargs: Any) -> Template:
        return _compiled(source) if not args and not kwargs else super().from_string(source, *args, **kwargs)


@lru_cache(maxsize=COMPILED_KEPT)
def _compiled(source: str) -> Template:
    return SandboxedEnvironment.from_string(_environment(), source)


@cache
def _environment() -> SandboxedEnvironment:
    environment = _Environment(autoescape=True, undefined=StrictUndefined)
    environment.globals.clear()  # letters need no functions, and ``range`` or ``lipsum`` can eat a worker
    environment.filters["numeral"] = chinese_numeral
    return environment


def chinese_numeral(number: int) -> str:
    """1 to 99 as 一 … 九十九, the numbering of headings and items."""
    tens, ones = divmod(number, 10)
    if not 0 < number < 100:
        return str(number)
    head = "" if tens == 0 else "十" if tens == 1 else _NUMERALS[tens] + "十"
    return head + (_NUMERALS[ones] if ones else "")


def _cleaned(value: Any) -> Any:
    """The same value with printable text only; paragraphs split at line breaks, blank ones dropped."""
    if isinstance(value, str):
        return _FORBIDDEN.sub("", _LINE_BREAK.sub("\n", value)).replace("\t", " ").strip()
    if isinstance(value, tuple | list):
        flat: list[Any] = []
        for item in value:
            flat.extend(_paragraphs(item) if isinstance(item, str) else [_cleaned(item)])
        return tuple(flat)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return dataclasses.replace(value, **{field.name: _cleaned(getattr(value, field.name)) for field in fields})
    return value


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in _cleaned(text).split("\n") if line.strip()]


def _length(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, tuple):
        return sum(map(_length, value))
    if dataclasses.is_dataclass(value):
        return sum(_length(getattr(value, field.name)) for field in dataclasses.fields(value))
    return 0
