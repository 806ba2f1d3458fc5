"""Papers as offices send them, and files made to do harm: all of them made here, none kept in the repository."""
from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

from PIL import Image, PngImagePlugin

from socialwork.files.word import NEEDED

SECRET_PLACE = b"GPS-of-the-home"


def pdf(extra: str = "", *, stream: bytes = b"BT ET", head: str = "") -> bytes:
    """One empty page; `extra` stands in the catalogue, `stream` is its content with `head` in its dictionary."""
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + extra.encode() + b" >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>\nendobj\n"
        b"4 0 obj\n<< /Length " + str(len(stream)).encode() + b" " + head.encode() + b" >>\nstream\n" + stream
        + b"\nendstream\nendobj\ntrailer\n<< /Root 1 0 R /Size 5 >>\nstartxref\n9\n%%EOF\n"
    )


def picture(kind: str = "JPEG", size: tuple[int, int] = (120, 160), mode: str = "RGB", **more: object) -> bytes:
    made = BytesIO()
    Image.new(mode, size, 200 if mode == "L" else None).save(made, kind, **more)
    return made.getvalue()


def photograph() -> bytes:
    """As a telephone makes it: lying on its side, with place, time and device in it."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x9286] = 6, "Phone of Lin", SECRET_PLACE.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (39.0, 54.0, 0.0)})
    return picture("JPEG", exif=exif.tobytes(), comment=SECRET_PLACE)


def png_with_words() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", SECRET_PLACE.decode())
    return picture("PNG", mode="RGBA", pnginfo=words)


def png_bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A few bytes that claim to be 900 million dots."""
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def docx(*, comment: bytes = b"", types: str = "", rels: str = "", body: str = "", **parts: bytes) -> bytes:
    """A Word file of one paragraph; further parts by their names, `__` for a slash and `_dot_` for a dot."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f"<Types>{types}</Types>")
        archive.writestr("word/document.xml", f"<w:document><w:body>{body}</w:body></w:document>")
        archive.writestr("word/_rels/document.xml.rels", f"<Relationships>{rels}</Relationships>")
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
        archive.comment = comment
    return made.getvalue()


def locked_docx() -> bytes:
    """A part whose flag says that it is encrypted."""
    whole = bytearray(docx())
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        whole[whole.index(mark) + place] |= 1
    return bytes(whole)


def packed(text: bytes) -> bytes:
    return zlib.compress(text)


LINK = '<Relationship Id="r1" Type="http://schemas.invalid/{kind}" Target="https://example.invalid/x" TargetMode="External"/>'
SCRIPT = "<< /S /JavaScript /JS (app.alert(1)) >>"

# name as sent, content, the types that are taken: accepted without a word
WELCOME: dict[str, Callable[[], tuple[str, bytes]]] = {
    "a scan": lambda: ("扫描件.pdf", pdf()),
    "a scan that says where to begin": lambda: ("scan.PDF", pdf("/OpenAction [3 0 R /Fit]")),
    "a scan with a form of line ends": lambda: ("a.pdf", pdf() + b"\r\n\x00"),
    "a packed page": lambda: ("a.pdf", pdf(stream=packed(b"BT (no /JavaScriptish here) ET" * 50), head="/Filter /FlateDecode")),
    "a photograph": lambda: ("IMG_0001.JPG", photograph()),
    "a grey picture": lambda: ("a.jpeg", picture("JPEG", mode="L")),
    "a drawing with glass": lambda: ("a.png", png_with_words()),
    "a drawing of few colours": lambda: ("a.png", picture("PNG", mode="P")),
    "a letter": lambda: ("回执.docx", docx()),
    "a letter with a link": lambda: ("a.docx", docx(rels=LINK.format(kind="hyperlink"))),
}

# name as sent, content, the reason it is refused for
REFUSED: dict[str, Callable[[], tuple[str, bytes, str]]] = {
    "nothing": lambda: ("a.pdf", b"", "empty"),
    "a program": lambda: ("setup.exe", b"MZ" + b"\x00" * 200, "type"),
    "a program called a scan": lambda: ("同意书.pdf", b"MZ" + b"\x00" * 200, "disguised"),
    "a program called twice": lambda: ("同意书.pdf.exe", pdf(), "type"),
    "a page called a picture": lambda: ("a.png", b"<html><script>alert(1)</script></html>", "disguised"),
    "a drawing in text called a picture": lambda: ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "disguised"),
    "a drawing in text": lambda: ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "type"),
    "a picture called a scan": lambda: ("a.pdf", picture(), "disguised"),
    "a picture of the other kind": lambda: ("a.png", picture(), "disguised"),
    "no name": lambda: ("", pdf(), "type"),
    "an older Word file": lambda: ("a.doc", b"\xd0\xcf\x11\xe0" + b"\x00" * 100, "type"),
    "a locked Word file": lambda: ("a.docx", b"\xd0\xcf\x11\xe0" + b"\x00" * 100, "disguised"),
    "a scan that begins elsewhere": lambda: ("a.pdf", b"<!-- -->" + pdf(), "disguised"),
    "a scan with a page in its head": lambda: ("a.pdf", pdf("/X (<script>)"), "damaged"),
    "a scan with something behind it": lambda: ("a.pdf", pdf() + b"MZ program", "damaged"),
    "a scan cut off": lambda: ("a.pdf", pdf()[:-20], "damaged"),
    "a scan that is an archive too": lambda: ("a.pdf", pdf() + docx(), "polyglot"),
    "a picture that is an archive too": lambda: ("a.png", picture("PNG") + docx(), "polyglot"),
    "a picture that is an archive with a comment": lambda: ("a.jpg", picture() + docx(comment=b"x" * 300), "polyglot"),
    "a locked scan": lambda: ("a.pdf", pdf().replace(b"/Root", b"/Encrypt 9 0 R /Root"), "locked"),
    "a scan with a script": lambda: ("a.pdf", pdf(f"/Names << /JavaScript {SCRIPT} >>"), "active"),
    "a scan with a script by another spelling": lambda: ("a.pdf", pdf("/AA << /O << /S /J#61vaScr#69pt /JS (1) >> >>"), "active"),
    "a scan that starts a program": lambda: ("a.pdf", pdf("/X << /S /Launch /F (cmd.exe) >>"), "active"),
    "a scan that acts when opened": lambda: ("a.pdf", pdf("/OpenAction 9 0 R"), "active"),
    "a scan that opens an address": lambda: ("a.pdf", pdf("/OpenAction << /S /URI /URI (https://example.invalid) >>"), "active"),
    "a scan with something attached": lambda: ("a.pdf", pdf("/Names << /EmbeddedFiles 9 0 R >>"), "active"),
    "a scan with a form that sends": lambda: ("a.pdf", pdf("/X << /S /SubmitForm >>"), "active"),
    "a script in a packed object": lambda: (
        "a.pdf", pdf(stream=packed(SCRIPT.encode()), head="/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"), "active",
    ),
    "a script in a packed object that says nothing of it": lambda: ("a.pdf", pdf(stream=packed(b" " * 70_000 + SCRIPT.encode())), "active"),
    "a script across two pieces": lambda: (
        "a.pdf", pdf(stream=packed(b" " * (1024 * 1024 - 6) + b"/JavaScript (1)"), head="/Filter /FlateDecode"), "active",
    ),
    "objects packed otherwise": lambda: (
        "a.pdf", pdf(stream=b"9jqo^", head="/Type /ObjStm /N 1 /First 4 /Filter [/ASCII85Decode /FlateDecode]"), "damaged",
    ),
    "a scan that unpacks without end": lambda: ("a.pdf", pdf(stream=packed(b"\x00" * (401 * 1024 * 1024))), "damaged"),
    "a picture without end": lambda: ("a.png", png_bomb(), "too_large"),
    "a picture a little too large": lambda: ("a.png", png_bomb(9_000, 9_000), "too_large"),
    "a picture cut off": lambda: ("a.jpg", picture(size=(900, 900))[:900], "damaged"),
    "a picture of nothing": lambda: ("a.jpg", b"\xff\xd8\xff" + b"\x00" * 50, "damaged"),
    "a letter with macros": lambda: ("a.docx", docx(word__vbaProject_dot_bin=b"x"), "active"),
    "a letter that says it has macros": lambda: ("a.docx", docx(types="<Override ContentType='x.macroEnabled.main+xml'/>"), "active"),
    "a letter with an object": lambda: ("a.docx", docx(word__embeddings__oleObject1_dot_bin=b"x"), "active"),
    "a letter with a web page": lambda: ("a.docx", docx(word__afchunk1_dot_html=b"<script>"), "active"),
    "a letter with a pattern from outside": lambda: ("a.docx", docx(rels=LINK.format(kind="attachedTemplate")), "active"),
    "a letter that calls a program": lambda: (
        "a.docx", docx(body="<w:instrText>DDE</w:instrText><w:instrText>AUTO c:\\\\cmd</w:instrText>"), "active",
    ),
    "a letter that unpacks without end": lambda: ("a.docx", docx(word__media__a_dot_xml=b"\x00" * 60_000_000), "damaged"),
    "a letter of too many parts": lambda: ("a.docx", docx(**{f"p{number}": b"" for number in range(2_001)}), "damaged"),
    "a letter that grows when read": lambda: ("a.docx", docx(word__a_dot_xml=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "damaged"),
    "a letter that leads out": lambda: ("a.docx", docx(**{"..__a": b"x"}), "damaged"),
    "a letter with a locked part": lambda: ("a.docx", locked_docx(), "damaged"),
    "a letter with something behind it": lambda: ("a.docx", docx() + b"MZ", "damaged"),
    "a letter with something before it": lambda: ("a.docx", b"PK\x03\x04" + docx(), "damaged"),
    "an archive called a letter": lambda: ("a.docx", docx().replace(sorted(NEEDED)[1].encode(), b"word/dokument.xml"), "damaged"),
}
