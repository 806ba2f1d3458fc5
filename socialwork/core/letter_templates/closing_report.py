"""结案报告 (F35): reason, results against the goals, what stays open, follow-up visits, opinions."""
from docx.document import Document as DocumentObject

from socialwork.core.letter_templates import sheet
from socialwork.core.letter_templates.sheet import cell, centred, label, paragraph, row, tag, tag_row


def build() -> DocumentObject:
    """The template; its facts are ``letter_contexts.ClosingReport``."""
    heading = "LetterHeading"
    return sheet.compose(
        "结案报告",
        sheet.opening("结案报告"),
        paragraph("LetterLine", "{{ organ }}：", before=1),
        paragraph(
            "LetterBody",
            "受你单位委托（{{ referral_number }}），我单位对服务对象{{ subject_code }}开展的"
            "{{ services | join('、') }}工作已经结束，现将结案情况报告如下：",
        ),
        paragraph(heading, "一、结案事由"),
        paragraph("LetterBody", "服务自{{ opened_on }}开始，至{{ closed_on }}结束。结案原因：{{ reason }}。"),
        tag("for text in reason_explanation"),
        paragraph("LetterBody", "{{ text }}"),
        tag("endfor"),
        paragraph(heading, "二、服务过程"),
        sheet.lines("LetterBody", "process"),
        tag("for line in figures"),
        paragraph("LetterBody", "{{ line.label }}：{{ line.text }}"),
        tag("endfor"),
        paragraph(heading, "三、目标完成情况"),
        _goals(),
        paragraph(heading, "四、尚未解决的问题"),
        sheet.lines("LetterBody", "unresolved"),
        paragraph(heading, "五、跟进回访安排"),
        _follow_ups(),
        paragraph(heading, "六、服务对象及监护人意见"),
        paragraph("LetterSubheading", "（一）服务对象意见"),
        sheet.lines("LetterBody", "client_opinion", "未表示意见。"),
        paragraph("LetterSubheading", "（二）监护人意见"),
        sheet.lines("LetterBody", "guardian_opinion", "未表示意见。"),
        paragraph("LetterBody", "特此报告。", keep_next=True),
        sheet.attachments("attachments"),
        sheet.gap(),
        sheet.signing_table("signatories"),
        sheet.signature("agency", "signed_on", before=1),
    )


def _goals() -> str:
    return "".join(
        (
            tag("if goals"),
            sheet.gap(),
            sheet.table(
                (10, 38, 16, 36),
                row(label("序号"), label("服务目标"), label("完成情况"), label("依据"), header=True),
                tag_row("for goal in goals", 4),
                row(
                    centred("{{ loop.index }}"),
                    cell("{{ goal.goal }}"),
                    centred("{{ goal.result }}"),
                    cell("{{ goal.evidence }}"),
                    splits=True,
                ),
                tag_row("endfor", 4),
            ),
            sheet.gap(),
            tag("else"),
            paragraph("LetterBody", "未设定服务目标。"),
            tag("endif"),
        )
    )


def _follow_ups() -> str:
    return "".join(
        (
            tag("if follow_ups"),
            sheet.gap(),
            sheet.table(
                (26, 50, 24),
                row(label("计划日期"), label("回访内容"), label("负责人"), header=True),
                tag_row("for visit in follow_ups", 3),
                row(centred("{{ visit.planned_on }}"), cell("{{ visit.content }}"), centred("{{ visit.responsible }}")),
                tag_row("endfor", 3),
            ),
            sheet.gap(),
            tag("else"),
            paragraph("LetterBody", "不安排跟进回访。"),
            tag("endif"),
        )
    )
