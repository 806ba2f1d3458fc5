"""一案一评估表 (F38): points in parts, failings that veto, the prosecutor's opinion."""
from docx.document import Document as DocumentObject

from socialwork.core.letter_templates import sheet
from socialwork.core.letter_templates.sheet import cell, centred, label, lines, row, tag_row

COLUMNS = (16, 37, 67, 19, 19, 42)
FOUND = "{% if veto.found %}■有　□无{% else %}□有　■无{% endif %}"


def build() -> DocumentObject:
    """The template; its facts are ``letter_contexts.EvaluationForm``."""
    return sheet.compose(
        "一案一评估表",
        sheet.paragraph("LetterMark", sheet.SECRECY_MARK),
        sheet.paragraph("LetterTitle", "一案一评估表", before=0.5),
        sheet.gap(),
        sheet.table(
            COLUMNS,
            row(label("评估单位", 2), cell("{{ organ }}", span=4)),
            row(label("受评机构", 2), cell("{{ agency }}", span=4)),
            row(
                label("委托文号", 2),
                cell("{{ referral_number }}"),
                label("服务对象编号", 2),
                cell("{{ subject_code }}"),
            ),
            row(label("服务内容", 2), cell("{{ services | join('、') }}", span=4)),
            row(label("服务期间", 2), cell("{{ period }}", span=4)),
            row(label("序号"), label("评估项目"), label("评估内容"), label("分值"), label("得分"), label("说明")),
            tag_row("for part in parts", 6),
            row(
                centred("{{ loop.index }}"),
                centred("{{ part.name }}"),
                cell("{{ part.criteria }}"),
                centred("{{ part.full_points }}"),
                centred("{{ part.points }}"),
                cell("{{ part.remark }}"),
            ),
            tag_row("endfor", 6),
            row(label("否决事项（有一项的，总分计零分）", 6)),
            tag_row("for veto in vetoes", 6),
            row(
                centred("{{ loop.index }}"),
                cell("{{ veto.name }}", span=2),
                cell(sheet.paragraph("LetterCellCentred", sheet.boxes(FOUND)), span=2),
                cell("{{ veto.note }}"),
            ),
            tag_row("endfor", 6),
            row(label("总分", 2), centred("{{ total }}"), label("等次", 2), centred("{{ grade }}")),
            row(label("评估意见", 2), cell(lines("LetterCell", "opinion"), span=4), splits=True, height=1200),
            row(label("改进建议", 2), cell(lines("LetterCell", "suggestions"), span=4), splits=True, height=1200),
            row(
                label("承办检察官", 2),
                cell("{{ evaluator }}"),
                label("审核人", 2),
                cell("{{ reviewer }}"),
                height=760,
            ),
            row(label("评估单位", 2), sheet.seal_cell("{{ organ }}", "{{ signed_on }}", 4), height=1900),
        ),
        sheet.paragraph("LetterNote", "等次：90分以上为优秀，75分至89分为良好，60分至74分为合格，不满60分为不合格。"),
    )
