"""委托回执 (F03): one page, a table that answers a referral."""
from docx.document import Document as DocumentObject

from socialwork.core.letter_templates import sheet
from socialwork.core.letter_templates.sheet import cell, centred, label, lines, row, tag_row

COLUMNS = (19, 16, 12, 25, 28)
DECISION = "{% if accepted %}■接受委托　　□不接受委托{% else %}□接受委托　　■不接受委托{% endif %}"


def build() -> DocumentObject:
    """The template; its facts are ``letter_contexts.Acknowledgement``."""
    return sheet.compose(
        "委托回执",
        sheet.opening("委托回执"),
        sheet.paragraph("LetterLine", "{{ organ }}：", before=0.7),
        sheet.paragraph(
            "LetterBody",
            "你单位《委托函》（{{ referral_number }}）收悉。经研究，{% if accepted %}我单位同意接受委托"
            "{% else %}我单位不能接受委托{% endif %}，现将有关情况回复如下：",
        ),
        sheet.gap(),
        sheet.table(
            COLUMNS,
            row(
                label("服务对象编号"),
                cell("{{ subject_code }}", span=2),
                label("收到日期"),
                centred("{{ received_on }}"),
            ),
            row(label("委托服务"), cell("{{ services | join('、') }}", span=4)),
            row(label("办理意见"), cell(sheet.paragraph("LetterCell", sheet.boxes(DECISION)), span=4)),
            tag_row("if accepted", 5),
            row(label("承办人员"), label("姓名"), label("分工"), label("资格证书"), label("联系电话")),
            tag_row("for worker in workers", 5),
            row(
                centred("{{ loop.index }}"),
                centred("{{ worker.name }}"),
                centred("{{ worker.duty }}"),
                centred("{{ worker.certificate }}"),
                centred("{{ worker.phone }}"),
            ),
            tag_row("endfor", 5),
            row(
                label("拟首次接触"),
                cell("{{ first_contact_on }}", span=2),
                label("拟办结日期"),
                centred("{{ finish_on }}"),
            ),
            tag_row("else", 5),
            row(label("不接受的原因"), cell("{{ decline_reason }}", span=4)),
            row(label("具体说明"), cell(lines("LetterCell", "decline_explanation"), span=4), splits=True, height=1600),
            tag_row("endif", 5),
            row(label("备注"), cell(lines("LetterCell", "remarks"), span=4), splits=True),
            row(
                label("机构联系人"),
                cell("{{ contact_name }}", span=2),
                label("联系电话"),
                centred("{{ contact_phone }}"),
            ),
            row(label("受托机构"), sheet.seal_cell("{{ agency }}", "{{ signed_on }}", 4), height=1900),
        ),
        sheet.gap(),
    )
