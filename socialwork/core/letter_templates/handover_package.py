"""个案移交清单: what changes hands when a case goes to another agency or worker, signed by both sides."""
from docx.document import Document as DocumentObject

from socialwork.core.letter_templates import sheet
from socialwork.core.letter_templates.sheet import cell, centred, label, lines, paragraph, row, tag_row


def build() -> DocumentObject:
    """The template; its facts are ``letter_contexts.HandoverPackage``."""
    return sheet.compose(
        "个案移交清单",
        sheet.opening("个案移交清单"),
        sheet.gap(),
        sheet.table(
            (19, 31, 19, 31),
            row(label("移交方"), cell("{{ from_party }}"), label("接收方"), cell("{{ to_party }}")),
            row(label("委托文号"), cell("{{ referral_number }}"), label("服务对象编号"), cell("{{ subject_code }}")),
            row(
                label("服务内容"),
                cell("{{ services | join('、') }}"),
                label("移交日期"),
                cell("{{ handed_over_on }}"),
            ),
            row(label("移交原因"), cell("{{ reason }}", span=3)),
            row(label("移交依据"), cell("{{ legal_ground }}", span=3)),
            row(label("个案现状"), cell(lines("LetterCell", "summary"), span=3), splits=True),
            row(label("注意事项"), cell(lines("LetterCell", "cautions"), span=3), splits=True),
        ),
        paragraph("LetterCaption", "一、移交材料", before=0.5),
        sheet.table(
            (10, 46, 14, 12, 18),
            row(label("序号"), label("名称"), label("数量"), label("载体"), label("备注"), header=True),
            tag_row("for item in package", 5),
            row(
                centred("{{ loop.index }}"),
                cell("{{ item.name }}"),
                centred("{{ item.quantity }}"),
                centred("{{ item.medium }}"),
                cell("{{ item.note }}"),
            ),
            tag_row("else", 5),
            row(centred("无", span=5)),
            tag_row("endfor", 5),
        ),
        paragraph("LetterCaption", "二、待办事项", before=0.5),
        sheet.table(
            (10, 46, 24, 20),
            row(label("序号"), label("事项"), label("期限"), label("负责人"), header=True),
            tag_row("for item in open_acts", 4),
            row(
                centred("{{ loop.index }}"),
                cell("{{ item.act }}"),
                centred("{{ item.due_on }}"),
                centred("{{ item.responsible }}"),
            ),
            tag_row("else", 4),
            row(centred("无", span=4)),
            tag_row("endfor", 4),
        ),
        paragraph(
            "LetterNote",
            "双方当面核对，确认上列材料和事项属实。接收方自接收之日起承担保密和保管责任；移交方不再留存服务对象的个人信息，"
            "依法应当保存的除外。本清单一式三份，移交方、接收方、委托单位各存一份。",
            before=0.5,
            keep_next=True,
        ),
        sheet.gap(),
        _signatures(),
        paragraph("LetterNote"),
    )


def _signatures() -> str:
    people = (("移交人", "giver"), ("接收人", "receiver"), ("监交人", "witness"))
    return sheet.table(
        (1, 1, 1),
        row(*(label(f"{title}（签名、盖章）") for title, _ in people)),
        row(*(centred(f"{{{{ {name} }}}}") for _, name in people), height=1500),
        row(*(centred("年　　月　　日") for _ in people)),
        keep_next=True,
    )
