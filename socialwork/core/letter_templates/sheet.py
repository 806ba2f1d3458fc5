"""The pieces a letter is put together from: paragraphs, tables, signature block, page number, letterhead.

Words in double braces and ``{% %}`` are filled in by ``letters.render_template``. A tag paragraph or tag row holds
only an instruction and vanishes when the letter is made. Lengths are twentieths of a point unless they say otherwise.
"""
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from docx.document import Document as DocumentObject
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from socialwork.core.letter_templates.package import (
    CHARACTER,
    FANGSONG,
    PITCH,
    RED,
    TEXT_WIDTH,
    fonts_xml,
    new_document,
)

SECRECY_MARK = "未成年人信息　注意保密"
# The organ's name and the date stand centred on each other, the date four characters from the right edge.
SIGNATURE_INDENT = 3515
TAB = "<w:r><w:tab/></w:r>"
RIGHT_TAB = f'<w:tabs><w:tab w:val="right" w:pos="{TEXT_WIDTH}"/></w:tabs>'


def boxes(text: str) -> str:
    """A run with tick boxes: both scripts in one font, else a box takes its size from the Latin one."""
    return run(text, font=FANGSONG)


def run(text: str, *, font: str = "", latin: str = "", size: float = 0) -> str:
    """A run of text; ``font`` and ``size`` (points) only where they differ from the paragraph's style."""
    properties = fonts_xml(font, latin or font) if font else '<w:rFonts w:hint="eastAsia"/>'
    if size:
        properties += f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(
    style: str,
    *content: str,
    before: float = 0,
    keep_next: bool = False,
    page_break: bool = False,
    align: str = "",
    left: int | None = None,
    right: int = 0,
    hanging: int = 0,
    extra: str = "",
) -> str:
    """A paragraph of runs or texts; ``before`` in lines, ``extra`` further properties that follow the page break."""
    runs = "".join(part if part.startswith("<w:r>") else run(part) for part in content)
    properties = f'<w:pStyle w:val="{style}"/>'
    if keep_next:
        properties += "<w:keepNext/><w:keepLines/>"
    if page_break:
        properties += "<w:pageBreakBefore/>"
    properties += extra
    if before:
        properties += f'<w:spacing w:before="{round(before * PITCH)}"/>'
    if left is not None:
        first = f'w:hanging="{hanging}"' if hanging else 'w:firstLineChars="0" w:firstLine="0"'
        properties += f'<w:ind w:left="{left}" w:right="{right}" {first}/>'
    if align:
        properties += f'<w:jc w:val="{align}"/>'
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def gap() -> str:
    """A little air between text and a table; it goes to the next page with the table."""
    return paragraph("LetterGap")


def tag(code: str) -> str:
    """A paragraph that is only an instruction, for example ``for text in case_brief``."""
    return paragraph("LetterLine", f"{{%p {code} %}}")


def lines(style: str, name: str, empty: str = "无。") -> str:
    """A paragraph for each text of the tuple ``name``, or ``empty``: a table cell must not be left without one."""
    return (
        tag(f"for text in {name}") + paragraph(style, "{{ text }}")
        + tag("else") + paragraph(style, empty) + tag("endfor")
    )  # fmt: skip


def attachments(name: str) -> str:
    """``附件：1.…`` one line below the text, names hanging under each other, without closing punctuation (7.3.4)."""
    indent, number = 2 * CHARACTER, 300
    alone = 5 * CHARACTER
    left = alone + number
    return "".join(
        (
            tag(f"for text in {name}"),
            tag("if loop.length == 1"),
            paragraph("LetterLine", "附件：{{ text }}", before=1, keep_next=True, left=alone, hanging=alone - indent),
            tag("elif loop.first"),
            paragraph("LetterLine", "附件：1.{{ text }}", before=1, keep_next=True, left=left, hanging=left - indent),
            tag("else"),
            paragraph("LetterLine", "{{ loop.index }}.{{ text }}", keep_next=True, left=left, hanging=number),
            tag("endif"),
            tag("endfor"),
        )
    )


def signature(name: str, day: str, *, before: float = 2, keep_next: bool = False) -> str:
    """Name, date and place of the seal on one page; ``keep_next`` when a note has to stay with them.

    A name too long for the block gets a wider one, so that it does not break in the middle.
    """
    texts = (f"{{{{ {name} }}}}", f"{{{{ {day} }}}}", "（盖章）")

    def block(indent: int) -> str:
        return "".join(
            paragraph(
                "LetterSignature",
                text,
                before=0 if number else before,
                keep_next=keep_next or number < len(texts) - 1,
                left=indent,
            )
            for number, text in enumerate(texts)
        )

    long, short = block(SIGNATURE_INDENT // 3), block(SIGNATURE_INDENT)
    return tag(f"if {name} | length > 16") + long + tag("else") + short + tag("endif")


def opening(title: str, number: str = "number") -> str:
    """Secrecy mark, title and, where there is one, the number of a report or form without letterhead."""
    return "".join(
        (
            paragraph("LetterMark", SECRECY_MARK),
            paragraph("LetterTitle", title, before=0.7),
            tag(f"if {number}"),
            paragraph("LetterSubtitle", f"{{{{ {number} }}}}"),
            tag("endif"),
        )
    )


@dataclass(frozen=True)
class Cell:
    """Paragraphs of a table cell and the number of columns it spans."""

    content: str
    span: int = 1


def cell(*content: str, span: int = 1, style: str = "LetterCell") -> Cell:
    """A cell of ready paragraphs and of texts that become paragraphs in ``style``."""
    parts = (part if part.startswith("<w:p>") else paragraph(style, part) for part in content)
    return Cell("".join(parts), span)


def label(text: str, span: int = 1) -> Cell:
    """A cell that names its neighbour or its column."""
    return cell(text, span=span, style="LetterCellHeading")


def centred(text: str, span: int = 1) -> Cell:
    """A cell with a short value: a date, a number, a word."""
    return cell(text, span=span, style="LetterCellCentred")


@dataclass(frozen=True)
class Row:
    """A table row; ``header`` repeats on each page, ``splits`` lets narrative run over a page end."""

    cells: Sequence[Cell | str]
    header: bool = False
    splits: bool = False
    height: int = 520


def row(*cells: Cell | str, header: bool = False, splits: bool = False, height: int = 520) -> Row:
    """A row of cells; a plain text is a cell in the ordinary style."""
    return Row(cells, header, splits, height)


def tag_row(code: str, span: int) -> Row:
    """A row that is only an instruction, for example ``for worker in workers``; ``span`` is the table's width."""
    return row(cell(f"{{%tr {code} %}}", span=span))


def table(widths: Sequence[int], *rows: Row, keep_next: bool = False) -> str:
    """A table as wide as the type area; ``widths`` are shares. Grid and cells both carry widths: programs differ."""
    grid = [round(TEXT_WIDTH * width / sum(widths)) for width in widths]
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", 40), ("left", 85), ("bottom", 40), ("right", 85))
    )
    body = "".join(_row_xml(one, grid) for one in rows)
    if keep_next:
        body = re.sub(r"(<w:pStyle [^>]*/>)(?!<w:keepNext/>)", r"\1<w:keepNext/>", body)
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in grid)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(grid)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{sides}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
        f"<w:tblGrid>{columns}</w:tblGrid>{body}</w:tbl>"
    )


def seal_cell(name: str, day: str, span: int) -> Cell:
    """The cell of a form that takes the seal: name, date and place of the seal, centred to the right."""
    texts = (name, day, "（盖章）")
    return cell(*(paragraph("LetterCellCentred", text, left=1800) for text in texts), span=span)


def signing_table(name: str) -> str:
    """A line to sign by hand for each person of the tuple ``name``, kept with the seal that follows."""
    return table(
        (22, 17, 25, 18, 18),
        row(label("身份"), label("姓名"), label("资格"), label("签名"), label("日期")),
        tag_row(f"for person in {name}", 5),
        row(
            centred("{{ person.duty }}"),
            centred("{{ person.name }}"),
            centred("{{ person.qualification }}"),
            "",
            "",
            height=760,
        ),
        tag_row("endfor", 5),
        keep_next=True,
    )


def _row_xml(one: Row, grid: Sequence[int]) -> str:
    marks = ("" if one.splits else "<w:cantSplit/>") + f'<w:trHeight w:val="{one.height}" w:hRule="atLeast"/>'
    marks += "<w:tblHeader/>" if one.header else ""
    body, column = "", 0
    for item in one.cells:
        item = item if isinstance(item, Cell) else cell(item)
        width = sum(grid[column : column + item.span])
        column += item.span
        body += (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:gridSpan w:val="{item.span}"/>'
            f'<w:vAlign w:val="center"/></w:tcPr>{item.content}</w:tc>'
        )
    if column != len(grid):
        raise ValueError(f"A row spans {column} of {len(grid)} columns.")
    return f"<w:tr><w:trPr>{marks}</w:trPr>{body}</w:tr>"


def compose(title: str, *content: str, letterhead: bool = False) -> DocumentObject:
    """The finished template: page, ``content`` in order and page numbers, with a red letterhead for a letter (函)."""
    document = new_document(title)
    body = document.element.body
    for element in parse_xml(f'<w:body {nsdecls("w")}>{"".join(content)}</w:body>'):
        body.insert(len(body) - 1, element)
    section = document.sections[0]
    _fill(section.footer, _folio("right"))
    _fill(section.even_page_footer, _folio("left"))
    if letterhead:
        section.different_first_page_header_footer = True
        for header in (section.header, section.even_page_header):
            _fill(header, paragraph("LetterRule"))
        _fill(section.first_page_header, _letterhead())
        _fill(section.first_page_footer, _rule(top=6, bottom=18))
    return document


def _fill(part: Any, xml: str) -> None:
    part.is_linked_to_previous = False
    root = part._element
    for child in list(root):
        root.remove(child)
    for element in parse_xml(f'<w:hdr {nsdecls("w")}>{xml}</w:hdr>'):
        root.append(element)


def _folio(align: str) -> str:
    """``— 1 —`` one character in from the outer edge, its dashes 7 mm below the type area (7.5)."""
    field = "".join(
        f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>{part}</w:r>'
        for part in (
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
        )
    )
    left, right = (CHARACTER, 0) if align == "left" else (0, CHARACTER)
    return paragraph("LetterFolio", "— ", field, " —", align=align, left=left, right=right)


def _rule(top: int, bottom: int, before: float = 0) -> str:
    """The red double line of a letter, 170 mm wide; line weights in eighths of a point."""
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{RED}"/>'
        for side, size in (("top", top), ("bottom", bottom))
    )
    return paragraph("LetterRule", before=before, left=-454, right=-340, extra=f"<w:pBdr>{borders}</w:pBdr>")


def _letterhead() -> str:
    """The organ's name in red, smaller where it is long, and the double line 4 mm below it (10.1)."""
    name = "{{ issuing_organ }}"
    return (
        tag("if issuing_organ | length > 14")
        + paragraph("LetterHeadLong", name, left=-454, right=-340)
        + tag("else")
        + paragraph("LetterHead", name, left=-454, right=-340)
        + tag("endif")
        + _rule(top=18, bottom=6, before=0.3)
    )
