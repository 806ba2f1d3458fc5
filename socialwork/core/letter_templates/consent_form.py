"""知情同意书 (F05): what is done, who learns what, what is voluntary; signed by child, guardian and worker."""
from docx.document import Document as DocumentObject

from socialwork.core.letter_templates import sheet
from socialwork.core.letter_templates.sheet import cell, centred, label, lines, paragraph, row, tag, tag_row

CRISIS = (
    "一般情况下，社会工作者会为你保守秘密。但是，当你本人或者他人的生命、身体安全面临现实危险，或者发现你正在遭受、"
    "疑似遭受侵害时，社会工作者必须立即报告有关部门，并会尽可能先告诉你。"
)
WITHDRAWAL = (
    "同意之后可以随时撤回，撤回不需要说明理由，也不会因此受到不利对待。撤回以前已经依法开展的工作仍然有效；"
    "依照法律规定必须进行的调查和报告，不因撤回而停止。"
)
UNDER_FOURTEEN = (
    "服务对象不满十四周岁，其个人信息属于敏感个人信息，处理前应当取得父母或者其他监护人的同意。"
    "机构对其个人信息实行专门的处理规则，监护人可以要求查阅、复制、更正或者删除。"
)


def build() -> DocumentObject:
    """The template; its facts are ``letter_contexts.ConsentForm``."""
    heading = "LetterHeading"
    return sheet.compose(
        "知情同意书",
        sheet.paragraph("LetterMark", sheet.SECRECY_MARK),
        paragraph("LetterTitle", "知情同意书", before=1),
        paragraph("LetterSubtitle", "（文本版本：{{ text_version }}）"),
        paragraph("LetterLine", "{{ subject_name }}及监护人：", before=1),
        paragraph(
            "LetterBody",
            "{{ agency }}受{{ organ }}委托，拟为你提供{{ services | join('、') }}服务。"
            "请在签名之前仔细阅读以下内容，有不明白的地方，可以随时请社会工作者解释。",
        ),
        paragraph(heading, "一、服务目的"),
        lines("LetterBody", "purpose"),
        paragraph(heading, "二、信息的使用范围"),
        _uses(),
        paragraph(heading, "三、自愿参加的部分"),
        lines("LetterBody", "voluntary_parts", "本次服务没有需要另行选择的内容。"),
        paragraph(heading, "四、撤回同意的权利"),
        paragraph("LetterBody", WITHDRAWAL),
        paragraph(heading, "五、保密及其例外"),
        paragraph("LetterBody", CRISIS),
        paragraph(heading, "六、录音、录像和照相"),
        _recordings(),
        paragraph(heading, "七、信息的保存和投诉"),
        paragraph("LetterBody", "{{ retention or '服务材料按照国家有关规定保存，期满后依法处理。' }}"),
        tag("if complaint_contact"),
        paragraph("LetterBody", "对服务或者信息处理有意见的，可以向{{ complaint_contact }}反映。"),
        tag("endif"),
        _further(),
        paragraph(
            "LetterBody",
            "上述内容已经向我们逐项说明，我们已经理解，并作出如下选择（请在方框内打“√”）：",
            before=1,
            keep_next=True,
        ),
        paragraph("LetterBody", sheet.boxes("□同意接受上述服务　　□不同意接受上述服务"), keep_next=True),
        sheet.gap(),
        _signatures(),
        paragraph("LetterNote", "本同意书一式两份，由服务对象一方和机构各存一份。"),
    )


def _uses() -> str:
    return sheet.gap() + sheet.table(
        (30, 36, 34),
        row(label("信息类别"), label("知悉人员"), label("用途"), header=True),
        tag_row("for use in uses", 3),
        row("{{ use.information }}", "{{ use.readers }}", "{{ use.purpose }}"),
        tag_row("else", 3),
        row(cell("无", span=3, style="LetterCellCentred")),
        tag_row("endfor", 3),
    ) + sheet.gap()


def _recordings() -> str:
    return "".join(
        (
            tag("for text in recordings"),
            paragraph("LetterBody", "{{ text }}：", sheet.boxes("□同意　□不同意")),
            tag("else"),
            paragraph("LetterBody", "本次服务不录音、不录像、不照相。"),
            tag("endfor"),
        )
    )


def _further() -> str:
    """Section eight is the rule for children below 14 or further terms, whichever there are; nine takes the rest."""
    return "".join(
        (
            tag("if under_fourteen"),
            paragraph("LetterHeading", "八、对不满十四周岁未成年人的特别说明"),
            paragraph("LetterBody", UNDER_FOURTEEN),
            tag("endif"),
            tag("if further_terms"),
            paragraph("LetterHeading", "{% if under_fourteen %}九{% else %}八{% endif %}、其他事项"),
            tag("endif"),
            tag("for text in further_terms"),
            paragraph("LetterBody", "{{ text }}"),
            tag("endfor"),
        )
    )


def _signatures() -> str:
    people = (
        ("服务对象", "{{ subject_name }}"),
        ("监护人", "{{ guardian_name }}{% if guardian_relation %}（{{ guardian_relation }}）{% endif %}"),
        ("社会工作者", "{{ worker }}{% if worker_phone %}　{{ worker_phone }}{% endif %}"),
    )
    return sheet.table(
        (18, 29, 25, 28),
        row(label("身份"), label("姓名"), label("签名（捺印）"), label("日期")),
        *(row(label(title), cell(name), cell(""), centred("　　年　　月　　日"), height=800) for title, name in people),
        keep_next=True,
    )
