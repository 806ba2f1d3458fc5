"""考察帮教月报 (F25): the month in figures, goals of the plan, judgements, what comes next, requests."""

from docx.document import Document as DocumentObject

from socialwork.core.letter_templates import sheet
from socialwork.core.letter_templates.sheet import cell, centred, label, paragraph, row, tag, tag_row


def build() -> DocumentObject:
    """The template; its facts are ``letter_contexts.MonthlyReport``."""
    heading = "LetterHeading"
    return sheet.compose(
        "考察帮教月报",
        sheet.opening("考察帮教月报"),
        paragraph("LetterSubtitle", "（{{ month }}）"),
        paragraph("LetterLine", "{{ organ }}：", before=1),
        paragraph(
            "LetterBody",
            "现将受你单位委托（{{ referral_number }}）对服务对象{{ subject_code }}"
            "{% if subject_name %}（{{ subject_name }}）{% endif %}开展{{ services | join('、') }}的"
            "{{ period }}工作情况报告如下：",
        ),
        paragraph(heading, "一、本月工作数据"),
        _pairs("figures", "项目", "本月情况"),
        tag("if missed_reason"),
        paragraph("LetterSubheading", "联系次数不足的说明"),
        sheet.lines("LetterBody", "missed_reason"),
        tag("endif"),
        paragraph(heading, "二、帮教目标进展"),
        _tasks(),
        paragraph(heading, "三、表现与评估"),
        _pairs("situation", "项目", "情况"),
        paragraph("LetterSubheading", "（一）违反规定情况"),
        sheet.lines("LetterBody", "breaches", "本月未发现。"),
        paragraph("LetterSubheading", "（二）住址、就学、就业及联系方式变动"),
        sheet.lines("LetterBody", "changes", "本月无变动。"),
        paragraph("LetterSubheading", "（三）取得的进步"),
        sheet.lines("LetterBody", "progress"),
        paragraph("LetterSubheading", "（四）存在的问题"),
        sheet.lines("LetterBody", "problems"),
        paragraph(heading, "四、下月工作安排"),
        sheet.lines("LetterBody", "next_month"),
        paragraph(heading, "五、需要检察机关支持的事项"),
        sheet.lines("LetterBody", "request"),
        paragraph("LetterBody", "特此报告。", keep_next=True),
        sheet.gap(),
        sheet.signing_table("signatories"),
        sheet.signature("agency", "signed_on", before=1),
    )


def _pairs(name: str, left: str, right: str) -> str:
    """A table of labelled values."""
    return "".join(
        (
            sheet.gap(),
            sheet.table(
                (56, 44),
                row(label(left), label(right), header=True),
                tag_row(f"for line in {name}", 2),
                row(cell("{{ line.label }}"), centred("{{ line.text }}")),
                tag_row("endfor", 2),
            ),
            sheet.gap(),
        )
    )


def _tasks() -> str:
    return "".join(
        (
            tag("if tasks"),
            sheet.gap(),
            sheet.table(
                (10, 50, 18, 22),
                row(label("序号"), label("帮教目标"), label("本月推进"), label("完成情况"), header=True),
                tag_row("for task in tasks", 4),
                row(
                    centred("{{ loop.index }}"),
                    cell("{{ task.goal }}"),
                    centred("{{ task.touched }}"),
                    centred("{{ task.result }}"),
                ),
                tag_row("endfor", 4),
            ),
            sheet.gap(),
            tag("else"),
            paragraph("LetterBody", "尚无生效的帮教方案。"),
            tag("endif"),
        )
    )
