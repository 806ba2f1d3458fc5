"""社会调查报告 (F09): ten sections of findings with their sources, dissent, attachments, signatures."""
from docx.document import Document as DocumentObject

from socialwork.core.letter_templates import sheet
from socialwork.core.letter_templates.package import HEITI, KAITI
from socialwork.core.letter_templates.sheet import cell, centred, label, paragraph, row, tag, tag_row

SOURCED = "{% if finding.sources %}〔{{ finding.sources | join('、') }}〕{% endif %}"
UNSOURCED = "{% if not finding.sources %}〔未注明来源〕{% endif %}"


def build() -> DocumentObject:
    """The template; its facts are ``letter_contexts.InvestigationReport``."""
    return sheet.compose(
        "社会调查报告",
        sheet.opening("社会调查报告"),
        paragraph("LetterLine", "{{ organ }}：", before=1),
        paragraph(
            "LetterBody",
            "受你单位委托（{{ referral_number }}），我单位指派社会工作者对"
            "{% if subject_name %}{{ subject_name }}（服务对象编号：{{ subject_code }}）"
            "{% else %}服务对象{{ subject_code }}{% endif %}进行了社会调查。现将调查情况报告如下：",
        ),
        _sections(),
        paragraph("LetterHeading", _number(1) + "、分歧意见"),
        sheet.lines("LetterBody", "dissent", "调查人员对调查结论和建议无分歧意见。"),
        paragraph("LetterHeading", _number(2) + "、附件清单"),
        tag("for text in attachments"),
        paragraph("LetterBody", "{{ loop.index }}.{{ text }}"),
        tag("else"),
        paragraph("LetterBody", "无。"),
        tag("endfor"),
        paragraph(
            "LetterBody",
            "本报告根据调查所得材料如实作出，供办理案件和开展教育帮助时参考。"
            "报告内容涉及未成年人隐私，请妥善保管。",
            before=1,
            keep_next=True,
        ),
        sheet.gap(),
        sheet.signing_table("signatories"),
        sheet.signature("agency", "signed_on", before=1),
        _sources(),
    )


def _number(after: int) -> str:
    return f"{{{{ (sections | length + {after}) | numeral }}}}"


def _sections() -> str:
    return "".join(
        (
            tag("for section in sections"),
            paragraph("LetterHeading", "{{ loop.index | numeral }}、{{ section.heading }}"),
            tag("for text in section.paragraphs"),
            paragraph("LetterBody", "{{ text }}"),
            tag("endfor"),
            tag("for finding in section.findings"),
            paragraph(
                "LetterBody",
                "（{{ loop.index | numeral }}）{{ finding.text }}",
                sheet.run(SOURCED, font=KAITI, size=14),
                sheet.run(UNSOURCED, font=HEITI, size=14),
            ),
            tag("endfor"),
            tag("if not section.paragraphs and not section.findings"),
            paragraph("LetterBody", "无。"),
            tag("endif"),
            tag("endfor"),
        )
    )


def _sources() -> str:
    return "".join(
        (
            tag("if sources"),
            paragraph("LetterCaption", "附表　信息来源一览表", page_break=True),
            sheet.table(
                (11, 17, 46, 26),
                row(label("标记"), label("类别"), label("来源"), label("取得日期"), header=True),
                tag_row("for source in sources", 4),
                row(
                    centred("{{ source.mark }}"),
                    centred("{{ source.kind }}"),
                    cell("{{ source.description }}"),
                    centred("{{ source.obtained_on }}"),
                ),
                tag_row("endfor", 4),
            ),
            paragraph("LetterNote", "注：被访谈人以代码表示，正文各项情况后的标记与本表对应。"),
            tag("endif"),
        )
    )
