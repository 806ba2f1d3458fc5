"""委托函 (F02) in the letter format of GB/T 9704-2012, section 10.1."""
from docx.document import Document as DocumentObject

from socialwork.core.letter_templates import sheet
from socialwork.core.letter_templates.package import HEITI

FIXED_REQUIREMENTS = (
    "由两名以上具备资质的社会工作者共同办理；与案件有利害关系的，应当主动说明并回避。",
    "走访、访谈应当保护未成年人的名誉、隐私和个人信息，避免无关人员知悉涉案情况。",
    "发现未成年人正在遭受侵害或者面临其他危险的，应当立即依法报告，并告知{{ self_reference }}承办人。",
    "本函及所附材料仅供本次委托使用，不得外传或者转委托；委托结束后，按照约定退还或者销毁。",
)


def build() -> DocumentObject:
    """The template; its facts are ``letter_contexts.ReferralLetter``."""
    body, heading = "LetterBody", "LetterHeading"
    return sheet.compose(
        "委托函",
        sheet.paragraph(
            "LetterLine",
            sheet.run(sheet.SECRECY_MARK, font=HEITI),
            sheet.run("{% if urgency %}　{{ urgency }}{% endif %}", font=HEITI),
            sheet.TAB,
            "{{ number }}",
            before=0.25,
            extra=sheet.RIGHT_TAB,
        ),
        sheet.paragraph("LetterTitle", "{{ title }}", before=2),
        sheet.paragraph("LetterLine", "{{ agency }}：", before=1),
        sheet.paragraph(
            body,
            "{% if legal_bases %}根据{{ legal_bases | join('、') }}的规定，{% endif %}"
            "{% if agreement %}按照{{ agreement }}的约定，{% endif %}"
            "现委托你单位对下列未成年人开展{{ services | join('、') }}工作。有关事项函告如下：",
        ),
        sheet.paragraph(heading, "一、服务对象基本情况"),
        _labelled("subject"),
        sheet.tag("if not subject"),
        sheet.paragraph(body, "（略）"),
        sheet.tag("endif"),
        sheet.paragraph(heading, "二、案件基本情况"),
        _labelled("case_facts"),
        sheet.tag("for text in case_brief"),
        sheet.paragraph(body, "{{ text }}"),
        sheet.tag("endfor"),
        sheet.tag("if not case_facts and not case_brief"),
        sheet.paragraph(body, "（略）"),
        sheet.tag("endif"),
        sheet.paragraph(heading, "三、委托事项"),
        sheet.tag("for matter in matters"),
        sheet.paragraph("LetterSubheading", "（{{ loop.index | numeral }}）{{ matter.service }}"),
        sheet.tag("for point in matter.points"),
        sheet.paragraph(body, "{% if loop.length > 1 %}{{ loop.index }}.{% endif %}{{ point }}"),
        sheet.tag("endfor"),
        sheet.tag("else"),
        sheet.paragraph(body, "按照上述服务的规范要求办理。"),
        sheet.tag("endfor"),
        sheet.paragraph(heading, "四、办理期限"),
        sheet.paragraph(
            body,
            "请于{{ time_limit }}前办理完毕，并将书面报告及访谈记录等原始材料送交{{ self_reference }}。"
            "{% if time_limit_reason %}{{ time_limit_reason }}{% endif %}",
        ),
        sheet.paragraph(heading, "五、办理要求"),
        *(
            sheet.paragraph(body, f"（{numeral}）{text}")
            for numeral, text in zip("一二三四", FIXED_REQUIREMENTS, strict=True)
        ),
        sheet.tag("for text in requirements"),
        sheet.paragraph(body, f"（{{{{ (loop.index + {len(FIXED_REQUIREMENTS)}) | numeral }}}}）{{{{ text }}}}"),
        sheet.tag("endfor"),
        sheet.paragraph(
            body,
            "收到本函后，请于{% if reply_by %}{{ reply_by }}前{% else %}三个工作日内{% endif %}"
            "确定承办人员并送交回执；不能接受委托的，请书面说明理由。",
        ),
        sheet.paragraph(body, "特此函告。", keep_next=True),
        sheet.attachments("attachments"),
        sheet.signature("issuing_organ", "signed_on", keep_next=True),
        sheet.paragraph(
            body,
            "（联系人：{% if contact_department %}{{ contact_department }}　{% endif %}{{ contact_name }}；"
            "联系电话：{{ contact_phone }}）",
            align="left",
        ),
        sheet.tag("if copies_to"),
        sheet.paragraph("LetterLine", sheet.run("抄送：{{ copies_to | join('，') }}。", size=14), before=1, left=315),
        sheet.tag("endif"),
        letterhead=True,
    )


def _labelled(name: str) -> str:
    return (
        sheet.tag(f"for line in {name}")
        + sheet.paragraph("LetterBody", "{{ line.label }}：{{ line.text }}")
        + sheet.tag("endfor")
    )
