"""Official letters: what is typed arrives in the file unharmed, and the file is one an office can print and seal."""
import dataclasses
import re
import shutil
import sys
import time
import zipfile
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from docx import Document
from lxml import etree

from socialwork.core import letters
from socialwork.core.letter_contexts import (
    LETTERS,
    Acknowledgement,
    AssignedWorker,
    ClosingReport,
    ConsentForm,
    EvaluationForm,
    EvaluationPart,
    Finding,
    FollowUp,
    GoalResult,
    HandoverItem,
    HandoverPackage,
    InformationUse,
    InvestigationReport,
    LabelledText,
    MonthlyReport,
    MonthlyTask,
    OpenAct,
    ReferralLetter,
    ReportSection,
    ReportSource,
    ServiceMatters,
    Signatory,
    VetoItem,
)
from socialwork.core.letter_templates import BUILDERS
from socialwork.core.letter_templates.package import ALTERNATIVES

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ORGAN, AGENCY = "山城市江州区人民检察院", "江州区护苗青少年社会工作服务中心"
NUMBER, CODE, DAY = "江检未委〔2026〕18号", "J-8F3K2Q", "2026年11月22日"
HEADINGS = (
    "调查工作情况", "个人情况", "家庭情况", "学校（工作）情况", "社区环境与社会交往", "涉案情况与案后表现", "各方意见",
    "监护与帮教条件", "综合评估", "意见建议",
)  # fmt: skip
COMMON = {"agency": AGENCY, "organ": ORGAN, "referral_number": NUMBER, "subject_code": CODE, "signed_on": DAY}
SIGNATORIES = (
    Signatory(duty="调查员（主办）", name="周某某", qualification="社会工作师"),
    Signatory(duty="调查员（协办）", name="吴某某", qualification="助理社会工作师"),
    Signatory(duty="督导", name="郑某某", qualification="高级社会工作师"),
)

SAMPLES: dict[str, Any] = {
    "referral_letter": ReferralLetter(
        issuing_organ=ORGAN,
        number=NUMBER,
        title="关于委托开展社会调查的函",
        agency=AGENCY,
        signed_on=DAY,
        legal_bases=("《中华人民共和国刑事诉讼法》第二百七十九条",),
        agreement="双方签订的合作协议",
        services=("社会调查", "心理疏导"),
        subject=(LabelledText(label="服务对象编号", text=CODE), LabelledText(label="年龄", text="16周岁")),
        case_facts=(LabelledText(label="案由", text="抢夺罪"), LabelledText(label="强制措施", text="取保候审")),
        case_brief=("2026年9月，与同学夺走路人手机一部，次日由家属陪同说明情况。",),
        matters=(ServiceMatters(service="社会调查", points=("家庭情况；", "在校表现。")),),
        time_limit="2026年12月5日",
        contact_name="王某某",
        contact_phone="1000010001",
        attachments=("权利义务告知书", "到场通知书"),
        copies_to=("江州区民政局",),
    ),
    "acknowledgement": Acknowledgement(
        **COMMON,
        received_on=DAY,
        services=("社会调查",),
        accepted=True,
        contact_name="陈某某",
        contact_phone="1000010001",
        workers=(
            AssignedWorker(duty="主办", name="周某某", certificate="社会工作师", phone="1000010002"),
            AssignedWorker(duty="协办", name="吴某某", certificate="助理社会工作师", phone="1000010003"),
        ),
        first_contact_on="2026年11月26日",
        finish_on="2026年12月4日",
    ),
    "investigation_report": InvestigationReport(
        **COMMON,
        number="江护苗社调〔2026〕7号",
        sections=tuple(
            ReportSection(
                heading=heading,
                paragraphs=("服务对象自幼由祖母抚养，父亲常年在外地务工。",),
                findings=(
                    Finding(text="遇事习惯回避。", sources=("访1", "材1")),
                    Finding(text="祖母愿意配合帮教。"),
                ),
            )
            for heading in HEADINGS
        ),
        signatories=SIGNATORIES,
        sources=(ReportSource(mark="访1", kind="访谈", description="服务对象（面谈）", obtained_on=DAY),),
        attachments=("访谈记录6份",),
    ),
    "evaluation_form": EvaluationForm(
        **COMMON,
        services=("社会调查",),
        period="2026年11月24日至2027年6月10日",
        parts=tuple(
            EvaluationPart(name=name, full_points=full, points="8", criteria="按期提交报告")
            for name, full in (
                ("及时性", "20"), ("完整性与程序", "20"), ("专业性", "25"), ("服务效果", "25"), ("保密与纪律", "10"),
            )
        ),
        vetoes=(VetoItem(name="泄露信息", found=False), VetoItem(name="虚假报告", found=True, note="经查属实")),
        total="0",
        grade="不合格",
        evaluator="王某某",
        opinion=("存在否决事项。",),
    ),
    "closing_report": ClosingReport(
        **COMMON,
        services=("观护帮教",),
        opened_on="2026年12月10日",
        closed_on="2027年6月10日",
        reason="期满",
        signatories=SIGNATORIES[1:],
        process=("按月提交考察帮教月报。",),
        figures=(LabelledText(label="面谈和家访", text="24次"),),
        goals=(GoalResult(goal="重返校园", result="达成", evidence="出勤记录"),),
        unresolved=("日常监护主要依靠祖母。",),
        follow_ups=(FollowUp(planned_on="2027年7月10日", content="了解就学情况", responsible="周某某"),),
        client_opinion=("“谢谢你们。”",),
        attachments=("月报6份",),
    ),
    "monthly_report": MonthlyReport(
        **COMMON,
        services=("观护帮教",),
        month="2027年1月",
        period="2027年1月1日至1月31日",
        figures=(LabelledText(label="应联系次数", text="2次"), LabelledText(label="实际联系次数", text="1次")),
        situation=(LabelledText(label="监护人配合程度", text="4分"), LabelledText(label="目前风险等级", text="低")),
        signatories=SIGNATORIES[1:],
        tasks=(MonthlyTask(goal="每天按时到校", touched="2次", result="部分完成"),),
        missed_reason=("春节期间服务对象随祖母返乡。",),
        progress=("能够按时起床。",),
        next_month=("每两周家访一次。",),
    ),
    "handover_package": HandoverPackage(
        from_party=AGENCY,
        to_party="山城市启航青少年事务所",
        referral_number=NUMBER,
        subject_code=CODE,
        services=("观护帮教",),
        reason="迁居",
        legal_ground="监护人书面同意",
        handed_over_on=DAY,
        package=(HandoverItem(name="帮教方案", quantity="1份", medium="纸质"),),
        open_acts=(OpenAct(act="二月份月报", due_on="2027年3月5日", responsible="接收方"),),
        giver="周某某",
    ),
    "consent_form": ConsentForm(
        agency=AGENCY,
        organ=ORGAN,
        subject_name="张某某",
        services=("心理疏导",),
        purpose=("缓解到案后的紧张情绪。",),
        uses=(InformationUse(information="出席情况", readers="承办检察官", purpose="掌握进展"),),
        under_fourteen=True,
        text_version="2026年第2版",
        recordings=("疏导过程录音",),
    ),
}  # fmt: skip
PAGES = {
    "referral_letter": (2, 4), "acknowledgement": (1, 1), "investigation_report": (4, 8), "evaluation_form": (1, 2),
    "closing_report": (2, 3), "monthly_report": (2, 3), "handover_package": (1, 2), "consent_form": (2, 3),
}  # fmt: skip
each_letter = pytest.mark.parametrize("name", sorted(LETTERS))


def filled(value: Any, text: str) -> Any:
    """The same facts with every string replaced by ``text``."""
    if isinstance(value, str):
        return text
    if isinstance(value, tuple):
        return tuple(filled(item, text) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return dataclasses.replace(value, **{field.name: filled(getattr(value, field.name), text) for field in fields})
    return value


def emptied(context: Any) -> Any:
    """The same letter with no text and no list entry at all."""
    kinds = {field.name: getattr(context, field.name) for field in dataclasses.fields(context)}
    return dataclasses.replace(
        context, **{name: type(value)() for name, value in kinds.items() if isinstance(value, str | tuple)}
    )


def parts(docx: bytes) -> dict[str, etree._Element]:
    """The XML parts of a Word file, parsed without mercy."""
    with zipfile.ZipFile(BytesIO(docx)) as archive:
        assert archive.testzip() is None
        names = [name for name in archive.namelist() if name.endswith((".xml", ".rels"))]
        return {name: etree.fromstring(archive.read(name)) for name in names}


def text_of(docx: bytes) -> str:
    """All text a reader sees, one paragraph a line, headers and footers included."""
    roots = [root for name, root in sorted(parts(docx).items()) if name.startswith("word/")]
    paragraphs = [
        "".join("\n" if node.tag == W + "br" else node.text or "" for node in paragraph.iter(W + "t", W + "br"))
        for root in roots
        for paragraph in root.iter(W + "p")
    ]
    return "\n".join(paragraphs)


def template(text: str, tail: str = "") -> bytes:
    """A Word template as a user might write it."""
    document = Document()
    document.add_paragraph(text)
    if tail:
        document.add_paragraph(tail)
    result = BytesIO()
    document.save(result)
    return result.getvalue()


def strings(value: Any) -> set[str]:
    if isinstance(value, str):
        return {value} if value else set()
    if isinstance(value, tuple):
        return set().union(*map(strings, value))
    if dataclasses.is_dataclass(value):
        return set().union(*(strings(getattr(value, field.name)) for field in dataclasses.fields(value)))
    return set()


# --- what is typed arrives ---


@each_letter
def test_every_fact_of_the_letter_is_in_the_file(name):
    docx = letters.render_letter(name, SAMPLES[name])
    text = text_of(docx)
    assert {one for one in strings(SAMPLES[name]) if one not in text} == set()
    assert not re.search(r"\{[{%#]|[}%#]\}", text)
    assert Document(BytesIO(docx)).paragraphs


@each_letter
def test_markup_formulas_and_rare_characters_are_plain_text(name):
    typed = "阿不都·𠮷<&>\"'=1+1 {{ 7*7 }} {% raw %} ]]> 😀"
    text = text_of(letters.render_letter(name, filled(SAMPLES[name], typed)))
    assert typed in text
    assert "{{ 49 }}" not in text


@each_letter
def test_characters_xml_forbids_and_direction_overrides_are_removed(name):
    docx = letters.render_letter(name, filled(SAMPLES[name], "甲\x00\x07\x0b\x0c\x1f\x85乙\ud800\ufffe\u202e丙\t丁"))
    text = text_of(docx)
    assert re.search("甲\n?乙丙 丁", text)
    assert not re.search("[\x00-\x09\x0b-\x1f\ufffe\u202e]", text)


@each_letter
def test_empty_facts_leave_a_file_word_can_open(name):
    for context in (SAMPLES[name], emptied(SAMPLES[name])):
        body = parts(letters.render_letter(name, context))["word/document.xml"]
        for cell in body.iter(W + "tc"):
            assert cell[-1].tag == W + "p"
        for table in body.iter(W + "tbl"):
            assert table.getnext().tag == W + "p"
        for row in body.iter(W + "tr"):
            spans = [int(span.get(W + "val")) for span in row.iter(W + "gridSpan")]
            assert sum(spans) == len(row.getparent().find(W + "tblGrid"))


@pytest.mark.parametrize("name", ["investigation_report", "acknowledgement"])
def test_a_hundred_thousand_characters_arrive(name):
    long = "调查情况，" * 20_000
    field = "dissent" if name == "investigation_report" else "remarks"
    started = time.monotonic()
    text = text_of(letters.render_letter(name, dataclasses.replace(SAMPLES[name], **{field: (long,)})))
    assert long in text
    assert time.monotonic() - started < 20


def test_beyond_the_limit_the_letter_is_refused():
    context = dataclasses.replace(SAMPLES["acknowledgement"], remarks=("长" * (letters.MAX_CHARACTERS + 1),))
    with pytest.raises(letters.LetterError) as refusal:
        letters.render_letter("acknowledgement", context)
    assert refusal.value.code == "letter"


def test_line_breaks_make_paragraphs_in_narrative_and_lines_in_a_title():
    context = dataclasses.replace(
        SAMPLES["referral_letter"],
        title="关于委托开展\r\n社会调查的函",
        case_brief=("第一段。\r\n\r\n 第二段。\u2028第三段。",),
    )
    text = text_of(letters.render_letter("referral_letter", context)).split("\n")
    assert [line for line in text if re.fullmatch("第.段。", line)] == ["第一段。", "第二段。", "第三段。"]
    title = text.index("关于委托开展")
    assert text[title + 1] == "社会调查的函"


# --- what the letters say ---


def test_a_declined_referral_names_the_reason_and_no_workers():
    context = dataclasses.replace(
        SAMPLES["acknowledgement"],
        accepted=False,
        decline_reason="利益冲突",
        decline_explanation=("正在为同案被害人服务。",),
    )
    text = text_of(letters.render_letter("acknowledgement", context))
    assert "我单位不能接受委托" in text
    assert "□接受委托　　■不接受委托" in text
    assert "正在为同案被害人服务。" in text
    assert "周某某" not in text


def test_the_report_has_twelve_numbered_sections_and_flags_findings_without_source():
    text = text_of(letters.render_letter("investigation_report", SAMPLES["investigation_report"])).split("\n")
    numerals = (*"一二三四五六七八九十", "十一", "十二")
    titles = (*HEADINGS, "分歧意见", "附件清单")
    expected = [f"{numeral}、{title}" for numeral, title in zip(numerals, titles, strict=True)]
    assert [line for line in text if re.match("[一二三四五六七八九十]+、", line)] == expected
    assert "（一）遇事习惯回避。〔访1、材1〕" in text
    assert "（二）祖母愿意配合帮教。〔未注明来源〕" in text
    assert "调查人员对调查结论和建议无分歧意见。" in text


def test_dissent_replaces_the_statement_that_there_is_none():
    context = dataclasses.replace(SAMPLES["investigation_report"], dissent=("协办调查员认为再犯可能性为中等。",))
    text = text_of(letters.render_letter("investigation_report", context))
    assert "协办调查员认为再犯可能性为中等。" in text
    assert "无分歧意见" not in text


def test_a_veto_item_is_ticked():
    text = text_of(letters.render_letter("evaluation_form", SAMPLES["evaluation_form"]))
    assert (text.count("■有"), text.count("■无")) == (1, 1)


@pytest.mark.parametrize("under, further, numbers", [(True, True, "八九"), (False, True, "八"), (True, False, "八")])
def test_the_rule_for_children_below_fourteen_is_printed_only_for_them(under, further, numbers):
    context = dataclasses.replace(
        SAMPLES["consent_form"], under_fourteen=under, further_terms=("交通费由机构承担。",) if further else ()
    )
    text = text_of(letters.render_letter("consent_form", context))
    assert ("不满十四周岁" in text) is under
    assert "".join(re.findall("^([八九])、", text, re.MULTILINE)) == numbers


def test_dates_and_numerals_are_written_officially():
    assert letters.official_date(date(2026, 12, 5)) == "2026年12月5日"
    written = [letters.chinese_numeral(number) for number in (1, 10, 11, 20, 21, 99, 100)]
    assert written == ["一", "十", "十一", "二十", "二十一", "九十九", "100"]


# --- refusals ---


@pytest.mark.parametrize("name", ["", "nothing", "../settings", "referral_letter.docx"])
def test_an_unknown_template_is_refused(name):
    with pytest.raises(letters.LetterError):
        letters.render_letter(name, SAMPLES["referral_letter"])


def test_facts_of_another_letter_are_refused():
    with pytest.raises(letters.LetterError):
        letters.render_letter("referral_letter", SAMPLES["consent_form"])


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ agency.__init__.__globals__ }}",
        "{{ workers[0].__class__ }}",
        "{{ agency.format.__self__.__class__ }}",
        "{{ '{0.__class__}'.format(agency) }}",
        "{{ lipsum.__globals__['os'] }}",
        "{{ range(1000000000) }}",
        "{% include 'settings.py' %}",
        "{{ nothing_of_this_name }}",
        "{{ agency",
        "{{ 1 / 0 }}",
    ],
)
def test_a_template_that_reaches_beyond_the_letter_is_refused(attack):
    with pytest.raises(letters.LetterError):
        letters.render_template(template(attack), SAMPLES["acknowledgement"])


def test_a_template_of_ones_own_is_filled():
    docx = letters.render_template(template("{{ agency }}｜{{ services | join('、') }}"), SAMPLES["acknowledgement"])
    assert f"{AGENCY}｜社会调查" in text_of(docx)


# --- layout ---


@each_letter
def test_the_committed_template_is_what_the_builder_makes(name, settings, tmp_path):
    call_command("build_letter_templates", output=tmp_path, stdout=StringIO())
    committed = parts((Path(settings.BASE_DIR) / "templates" / "documents" / f"{name}.docx").read_bytes())
    built = parts((tmp_path / f"{name}.docx").read_bytes())
    assert {key: etree.tostring(root) for key, root in built.items()} == {
        key: etree.tostring(root) for key, root in committed.items()
    }
    assert set(BUILDERS) == set(LETTERS)


@each_letter
def test_page_language_and_fonts_follow_the_standard(name):
    tree = parts(letters.render_letter(name, SAMPLES[name]))
    section = tree["word/document.xml"].find(f".//{W}sectPr")
    margins = section.find(W + "pgMar")
    assert {side: round(int(margins.get(W + side)) / 56.7) for side in ("top", "left", "bottom", "right")} == {
        "top": 37, "left": 28, "bottom": 35, "right": 26,
    }  # fmt: skip
    grid = section.find(W + "docGrid")
    assert (grid.get(W + "type"), grid.get(W + "linePitch")) == ("lines", "579")
    styles = tree["word/styles.xml"]
    for properties in styles.iter(W + "rPr"):
        assert properties.find(W + "lang").get(W + "eastAsia") == "zh-CN"
    assert tree["word/settings.xml"].find(W + "themeFontLang").get(W + "eastAsia") == "zh-CN"
    for root in tree.values():
        for fonts in root.iter(W + "rFonts"):
            assert not [key for key in fonts.attrib if key.endswith("Theme")]
    fonts = {
        node.getparent().getparent().get(W + "styleId"): node.get(W + "eastAsia") for node in styles.iter(W + "rFonts")
    }
    wanted = {"LetterBody": "仿宋_GB2312", "LetterTitle": "方正小标宋简体", "LetterHeading": "黑体"}
    assert {key: fonts[key] for key in wanted} == wanted
    footers = [root for key, root in tree.items() if key.startswith("word/footer")]
    assert any("PAGE" in (node.text or "") for root in footers for node in root.iter(W + "instrText"))


@each_letter
def test_used_styles_exist_and_the_file_names_no_person_or_machine(name):
    docx = letters.render_letter(name, SAMPLES[name])
    tree = parts(docx)
    known = {style.get(W + "styleId") for style in tree["word/styles.xml"].iter(W + "style")}
    used = {node.get(W + "val") for root in tree.values() for node in root.iter(W + "pStyle")}
    assert used - known == set()
    properties = Document(BytesIO(docx)).core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    with zipfile.ZipFile(BytesIO(docx)) as archive:
        assert [key for key in archive.namelist() if key.startswith(("docProps", "customXml"))] == ["docProps/core.xml"]


def test_the_letterhead_is_red_and_the_signature_stays_with_the_text():
    tree = parts(letters.render_letter("referral_letter", SAMPLES["referral_letter"]))
    heads = [root for key, root in tree.items() if key.startswith("word/header") and ORGAN in "".join(root.itertext())]
    assert len(heads) == 1
    assert {border.get(W + "color") for border in heads[0].find(f".//{W}pBdr")} == {"E60012"}
    paragraphs = list(tree["word/document.xml"].iter(W + "p"))
    texts = ["".join(paragraph.itertext()) for paragraph in paragraphs]
    start, end = texts.index("特此函告。"), texts.index("（盖章）")
    assert all(paragraph.find(f".//{W}keepNext") is not None for paragraph in paragraphs[start : end + 1])


# --- hash and PDF ---


def test_the_hash_is_that_of_the_bytes():
    assert letters.sha256_of(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@each_letter
def test_the_pdf_has_a_sane_number_of_pages(name):
    pdf = letters.to_pdf(letters.render_letter(name, SAMPLES[name]))
    if shutil.which("soffice") is None and shutil.which("libreoffice") is None:
        assert pdf is None
        return
    assert pdf is not None and pdf.startswith(b"%PDF-")
    least, most = PAGES[name]
    assert least <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= most


def converter(folder: Path, body: str) -> None:
    # Called through a shell: the path of the interpreter may hold blanks, which a first line of "#!" cannot.
    script, program = folder / "converter.py", folder / "soffice"
    script.write_text(f"import pathlib, sys, time\n{body}\n")
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n')
    program.chmod(0o755)


def test_every_font_of_the_templates_has_a_stand_in():
    known = {node.text for node in etree.parse(letters.FONT_STAND_INS).iterfind("alias/family")}
    assert known == set(ALTERNATIVES)


def test_the_converter_is_told_no_secret(monkeypatch, tmp_path):
    converter(
        tmp_path,
        "import os\npathlib.Path(sys.argv[-1]).with_suffix('.pdf').write_text(' '.join(os.environ) + str(os.environ))",
    )
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("SECRET_KEY", "not-for-the-converter")
    assert b"not-for-the-converter" not in letters.to_pdf(b"anything")


def test_without_libreoffice_there_is_no_pdf(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert letters.to_pdf(b"anything") is None


@pytest.mark.parametrize("body", ["sys.exit(1)", "sys.exit(0)"])
def test_a_conversion_that_fails_gives_no_pdf(monkeypatch, tmp_path, body):
    converter(tmp_path, body)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert letters.to_pdf(b"anything") is None


def test_a_conversion_that_hangs_is_ended(monkeypatch, tmp_path):
    converter(tmp_path, "time.sleep(60)")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(letters, "PDF_TIMEOUT_SECONDS", 0.5)
    started = time.monotonic()
    assert letters.to_pdf(b"anything") is None
    assert time.monotonic() - started < 10


def test_each_conversion_has_its_own_profile_and_leaves_nothing(monkeypatch, tmp_path):
    log = tmp_path / "profiles"
    converter(
        tmp_path,
        f"open({str(log)!r}, 'a').write([a for a in sys.argv if a.startswith('-env')][0] + chr(10))\n"
        "pathlib.Path(sys.argv[-1]).with_suffix('.pdf').write_bytes(b'%PDF-')",
    )
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [letters.to_pdf(b"anything"), letters.to_pdf(b"anything")] == [b"%PDF-", b"%PDF-"]
    profiles = log.read_text().split()
    assert len(set(profiles)) == 2
    assert not [one for one in profiles if Path(one.removeprefix("-env:UserInstallation=file://")).parent.exists()]
