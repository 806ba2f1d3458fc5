"""PDF files that only show pages: nothing that runs, nothing that is attached, nothing that hides from this examination.

The bytes are searched, not understood: a reader may be led to any place of a file, so the names of everything that acts
are looked for in all of it, and in everything that unpacks (ISO 32000-2, 7.5.7, 12.6.4).
"""
from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Whatever an action is called from, it acts through one of these names; each is long enough not to occur in a picture.
ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia\w*|SubmitForm|ImportData|GoToE|GoToR|Rendition|Movie|XFA|Collection|"
    rb"GoTo3DView|SetOCGState)(?![A-Za-z0-9])"
)
# A page to begin with ("[3 0 R /Fit]") is no action; everything else under this name is.
OPENS = re.compile(rb"/OpenAction(?!\s*\[)")
LOCKED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"(?<!end)stream\r?\n")
# Streams that may hold objects (`First`) and are packed in a way that is not undone here.
HOLDS_OBJECTS = re.compile(rb"/(?:First|ObjStm)(?![A-Za-z0-9])")
PACKED_OTHERWISE = re.compile(rb"/(?:ASCIIHexDecode|ASCII85Decode|LZWDecode|RunLengthDecode|Crypt|AHx|A85|LZW|RL|DecodeParms|DP|F)(?![A-Za-z0-9])")
LONGEST_NAME = 64
# A hundred colour pages at 200 dots per inch unpack to less; a file made to exhaust the reader to far more.
MOST_UNPACKED = 400 * 1024 * 1024
MOST_STREAMS = 20_000
PIECE = 1024 * 1024


def check(content: bytes) -> None:
    """Raises ValidationError for a PDF that is locked, acts, carries other files, is cut off or cannot be examined."""
    end = content.rfind(b"%%EOF")
    if end < 0 or content[end + 5 :].strip(b"\r\n\t \x00") or re.search(rb"<(?:html|script|svg)\b", content[:1024], re.IGNORECASE):
        raise _damaged()
    plain = _unescaped(content)
    if LOCKED.search(plain):
        raise ValidationError(
            _("This PDF is protected by a password. Save it without protection and choose the new file."), code="locked"
        )
    _refuse_active(plain)
    if _hides_objects(plain):
        raise _damaged()
    for piece in _unpacked(content):
        _refuse_active(_unescaped(piece))


def _refuse_active(text: bytes) -> None:
    if ACTIVE.search(text) or OPENS.search(text):
        raise ValidationError(
            _("This PDF contains programs, attachments or things that start by themselves. Print it into a new PDF and choose that."),
            code="active",
        )


def _hides_objects(plain: bytes) -> bool:
    """Whether objects are packed in more ways than one; what stands between two streams describes the second."""
    gaps = plain.split(b"endstream")
    if len(gaps) > MOST_STREAMS:
        return True
    for gap in gaps:
        found = STREAM.search(gap)
        head = gap[: found.start()] if found else b""
        if HOLDS_OBJECTS.search(head) and PACKED_OTHERWISE.search(head):
            return True
    return False


def _unpacked(content: bytes) -> Iterator[bytes]:
    """Everything in the file that unpacks, in pieces that overlap by more than a name."""
    left = MOST_UNPACKED
    for place in STREAM.finditer(content):
        unpack, before, packed = zlib.decompressobj(), b"", memoryview(content)[place.end() :]
        try:
            piece = unpack.decompress(packed, PIECE)
            while piece:
                left -= len(piece)
                if left < 0:
                    raise _damaged()
                yield before + piece
                before = piece[-LONGEST_NAME:]
                piece = b"" if unpack.eof else unpack.decompress(unpack.unconsumed_tail, PIECE)
        except zlib.error:
            continue


def _unescaped(text: bytes) -> bytes:
    """Names with their letters as they are read: `/J#61vaScript` is `/JavaScript`."""
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text) if b"#" in text else text


def _damaged() -> ValidationError:
    return ValidationError(
        _("This PDF is damaged or cannot be examined. Print it into a new PDF and choose that."), code="damaged"
    )
