"""The empty Word file every letter starts from: A4 page, type area, fonts and styles of GB/T 9704-2012.

Measures are those of the standard: margins 37, 28, 35 and 26 mm leave a type area of 156 x 225 mm for 22 lines of 28
characters in 16 pt. The fonts it asks for belong to their makers and are only named here; ``w:altName`` names what a
plain Windows or WPS has instead.
"""
from dataclasses import dataclass
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as DocumentObject
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

LANGUAGE = "zh-CN"
# Latin words keep English line breaking: called Chinese, LibreOffice breaks telephone numbers in the middle.
LANGUAGES = f'<w:lang w:val="en-US" w:eastAsia="{LANGUAGE}" w:bidi="ar-SA"/>'
PITCH = 579  # twentieths of a point: 22 lines in 225 mm
TEXT_WIDTH = 8844  # twentieths of a point: 156 mm
CHARACTER = 315  # twentieths of a point: 1/28 of the type area
RED = "E60012"

FANGSONG = "仿宋_GB2312"
KAITI = "楷体_GB2312"
HEITI = "黑体"
SONGTI = "宋体"
TITLE_FONT = "方正小标宋简体"
LATIN = "Times New Roman"
ALTERNATIVES = {FANGSONG: "仿宋", KAITI: "楷体", HEITI: "SimHei", SONGTI: "SimSun", TITLE_FONT: "宋体"}


@dataclass(frozen=True)
class Style:
    """A paragraph style; lengths in twentieths of a point, ``size`` in points, ``indent`` in characters."""

    id: str
    name: str
    font: str
    size: float
    align: str = "both"
    line: int = PITCH
    before: int = 0
    indent: int = 0
    latin: str = LATIN
    spacing: int = 0
    keep_next: bool = False
    color: str = ""
    outline: int | None = None


STYLES = (
    Style("LetterBody", "公文正文", FANGSONG, 16, indent=2, spacing=-5),
    Style("LetterLine", "公文顶格", FANGSONG, 16, align="left", spacing=-5),
    Style("LetterTitle", "公文标题", TITLE_FONT, 22, "center", 700, latin=TITLE_FONT, keep_next=True, outline=0),
    Style("LetterSubtitle", "公文副标题", KAITI, 16, "center", keep_next=True),
    Style("LetterHeading", "公文一级标题", HEITI, 16, indent=2, latin=HEITI, spacing=-5, keep_next=True, outline=1),
    Style("LetterSubheading", "公文二级标题", KAITI, 16, indent=2, spacing=-5, keep_next=True, outline=2),
    Style("LetterHead", "发文机关标志", TITLE_FONT, 32, "center", 860, latin=TITLE_FONT, color=RED),
    Style("LetterHeadLong", "发文机关标志（长）", TITLE_FONT, 24, "center", 680, latin=TITLE_FONT, color=RED),
    Style("LetterRule", "红色双线", SONGTI, 2, "left", 40),
    Style("LetterMark", "保密提示", HEITI, 16, "left", latin=HEITI),
    Style("LetterSignature", "署名", FANGSONG, 16, "center", spacing=-5),
    Style("LetterCell", "表格正文", FANGSONG, 12, "left", 400),
    Style("LetterCellCentred", "表格居中", FANGSONG, 12, "center", 400),
    Style("LetterCellHeading", "表格标题", HEITI, 12, "center", 400, latin=HEITI),
    Style("LetterCaption", "表题", HEITI, 14, "left", PITCH, latin=HEITI, keep_next=True),
    Style("LetterNote", "表注", KAITI, 12, "both", 400),
    Style("LetterGap", "表间距", FANGSONG, 5, "left", 160, keep_next=True),
    Style("LetterFolio", "页码", SONGTI, 14, "left", 320, latin=SONGTI),
)


def new_document(title: str) -> DocumentObject:
    """An empty document with our page, styles and settings and nothing else: no author, machine, thumbnail, theme."""
    document = Document()
    _drop_foreign_parts(document)
    _write_styles(document)
    _write_settings(document)
    _write_fonts(document)
    _write_properties(document, title)
    _write_page(document)
    return document


def fonts_xml(east_asian: str, latin: str) -> str:
    """``w:rFonts`` naming both scripts; the hint makes quotation marks and dashes full-width Chinese ones."""
    return (
        f'<w:rFonts w:hint="eastAsia" w:ascii="{latin}" w:hAnsi="{latin}" '
        f'w:eastAsia="{east_asian}" w:cs="{latin}"/>'
    )


def _drop_foreign_parts(document: DocumentObject) -> None:
    keep = {RELATIONSHIP_TYPE.STYLES, RELATIONSHIP_TYPE.SETTINGS, RELATIONSHIP_TYPE.FONT_TABLE}
    relations = document.part.rels
    for key in [key for key, relation in relations.items() if relation.reltype not in keep]:
        del relations[key]
    relations = document.part.package.rels
    keep = {RELATIONSHIP_TYPE.OFFICE_DOCUMENT, RELATIONSHIP_TYPE.CORE_PROPERTIES}
    for key in [key for key, relation in relations.items() if relation.reltype not in keep]:
        del relations[key]
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)


def _style_xml(style: Style) -> str:
    keep = "<w:keepNext/>" if style.keep_next else ""
    outline = "" if style.outline is None else f'<w:outlineLvl w:val="{style.outline}"/>'
    chars, width = style.indent * 100, style.indent * CHARACTER
    indent = f'<w:ind w:firstLineChars="{chars}" w:firstLine="{width}"/>' if style.indent else ""
    spacing = f'<w:spacing w:val="{style.spacing}"/>' if style.spacing else ""
    color = f'<w:color w:val="{style.color}"/>' if style.color else ""
    return f"""<w:style {nsdecls("w")} w:type="paragraph" w:customStyle="1" w:styleId="{style.id}">
      <w:name w:val="{style.name}"/><w:basedOn w:val="Normal"/><w:qFormat/>
      <w:pPr>{keep}<w:snapToGrid w:val="0"/>
        <w:spacing w:before="{style.before}" w:after="0" w:line="{style.line}" w:lineRule="exact"/>
        {indent}<w:jc w:val="{style.align}"/>{outline}</w:pPr>
      <w:rPr>{fonts_xml(style.font, style.latin)}{color}{spacing}<w:sz w:val="{round(style.size * 2)}"/>
        <w:szCs w:val="{round(style.size * 2)}"/>{LANGUAGES}</w:rPr>
    </w:style>"""


def _write_styles(document: DocumentObject) -> None:
    root = document.styles.element
    for child in list(root):
        root.remove(child)
    root.append(parse_xml(f"""<w:docDefaults {nsdecls("w")}>
      <w:rPrDefault><w:rPr>{fonts_xml(FANGSONG, LATIN)}<w:sz w:val="32"/><w:szCs w:val="32"/>{LANGUAGES}</w:rPr>
      </w:rPrDefault>
      <w:pPrDefault/></w:docDefaults>"""))
    root.append(parse_xml(f"""<w:style {nsdecls("w")} w:type="paragraph" w:default="1" w:styleId="Normal">
      <w:name w:val="Normal"/><w:qFormat/><w:pPr><w:widowControl/><w:jc w:val="both"/></w:pPr>
      <w:rPr>{fonts_xml(FANGSONG, LATIN)}<w:kern w:val="2"/><w:sz w:val="32"/>{LANGUAGES}</w:rPr></w:style>"""))
    root.append(parse_xml(f"""<w:style {nsdecls("w")} w:type="character" w:default="1" w:styleId="DefaultParagraphFont">
      <w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>"""))
    root.append(parse_xml(f"""<w:style {nsdecls("w")} w:type="table" w:default="1" w:styleId="TableNormal">
      <w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>
      <w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="85" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>
      <w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>"""))
    for style in STYLES:
        root.append(parse_xml(_style_xml(style)))


def _write_settings(document: DocumentObject) -> None:
    root = document.settings.element
    for child in list(root):
        root.remove(child)
    settings = f"""<w:settings {nsdecls("w")}>
      <w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/><w:bordersDoNotSurroundFooter/>
      <w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/><w:drawingGridVerticalSpacing w:val="{PITCH}"/>
      <w:characterSpacingControl w:val="compressPunctuation"/>
      <w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/>
        <w:doNotExpandShiftReturn/><w:useFELayout/>
        <w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>
      </w:compat>
      <w:themeFontLang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}"/>
      <w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>"""
    for child in list(parse_xml(settings)):
        root.append(child)


def _write_fonts(document: DocumentObject) -> None:
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="auto"/>'
        f'<w:pitch w:val="variable"/></w:font>'
        for name, other in ALTERNATIVES.items()
    )
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {nsdecls("w")}>{fonts}</w:fonts>'
    part = next(r.target_part for r in document.part.rels.values() if r.reltype == RELATIONSHIP_TYPE.FONT_TABLE)
    part._blob = xml.encode()


def _write_properties(document: DocumentObject, title: str) -> None:
    properties = document.core_properties
    for child in list(properties._element):
        properties._element.remove(child)
    properties.title = title
    properties.language = LANGUAGE
    properties.created = properties.modified = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def _write_page(document: DocumentObject) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance, section.gutter = Mm(30), Mm(20), Mm(0)
    properties = section._sectPr
    for name in ("w:cols", "w:docGrid"):
        for child in properties.findall(qn(name)):
            properties.remove(child)
    properties.append(parse_xml(f'<w:cols {nsdecls("w")} w:space="425"/>'))
    properties.append(parse_xml(f'<w:docGrid {nsdecls("w")} w:type="lines" w:linePitch="{PITCH}"/>'))
