"""The vocabulary file keeps its promises, an overlay can do what it may and nothing else, and loading is repeatable."""
from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import translation

from socialwork.core import vocabulary
from socialwork.core.management.commands.load_reference import load_districts, read_districts

DAY = dt.date(2026, 6, 1)
ALL = [(name, found) for name in vocabulary.lists() for found in vocabulary.terms(name)]
# Lists that other parts of the product and chapter 10 of the domain rules rely on.
EXPECTED_LISTS = [
    "charge", "stage", "custody", "decision", "court_outcome", "behaviour_tier", "misbehaviour",
    "serious_misbehaviour", "police_measure", "school_measure", "subject_type", "relation", "guardian_flag",
    "education_status", "education_level", "living", "parenting", "cnp_condition", "duty", "breach_severity",
    "breach_response", "probation_outcome", "service_type", "interviewee", "method", "absence_reason", "risk_level",
    "urgency", "crisis_type", "report_review", "guardianship", "agency_grade", "goal_result", "closure_reason",
    "org_family", "org_type", "title", "unit", "agreement_type", "procurement_method", "certificate",
    "staff_function", "assessment_domain", "protective_factor", "domain_rating", "contact_topic", "task_result",
    "happened", "attended", "not_attended_class", "not_attended_reason", "place_type", "fel_topic", "fel_method",
    "guardianship_problem", "decline_reason", "withdraw_reason", "transfer_reason", "return_reason", "used_for",
    "evaluation_part", "evaluation_veto", "evaluation_grade", "victim_need", "consent_kind", "consent_method",
    "appropriate_adult_activity", "activity_kind", "paragraph_kind", "ethnicity", "id_type", "sex",
]
# Chapters of the Special Part of the Criminal Law by their first and last article.
CHAPTERS = {
    1: (102, 113), 2: (114, 139), 3: (140, 231), 4: (232, 262), 5: (263, 276),
    6: (277, 367), 7: (368, 381), 8: (382, 396), 9: (397, 419), 10: (420, 451),
}
DEADLINE_CODE = re.compile(r"D\d{1,2}[a-d]?")
# 侵犯人 is "infringes a person", not the word that must not be used.
FORBIDDEN = re.compile(
    r"罪犯|(?<!侵)犯人|少年犯|问题少年|失足|坏孩子|小偷|\bcriminals\b|\bconvicts?\b|\bjuvenile delinquents?\b",
    re.IGNORECASE,
)


@pytest.fixture
def overlay(tmp_path):
    """Write an overlay file and put it in force for the rest of the test."""
    active = []

    def write(text: str) -> None:
        path = tmp_path / "overlay.toml"
        path.write_text(text, encoding="utf-8")
        change = override_settings(VOCABULARY_OVERLAY=str(path))
        change.enable()
        active.append(change)

    yield write
    for change in active:
        change.disable()


def test_the_lists_others_rely_on_are_there():
    assert set(EXPECTED_LISTS) - set(vocabulary.lists()) == set()


@pytest.mark.parametrize("name", vocabulary.lists())
def test_every_list_has_terms_names_and_unique_codes(name):
    codes = vocabulary.codes(name)
    assert codes
    assert len(codes) == len(set(codes))
    with translation.override("en"):
        assert vocabulary.list_label(name).isascii()
    assert re.search(r"[\u4e00-\u9fff]", vocabulary.list_label(name))


def test_every_term_is_worded_in_both_languages_under_a_lower_snake_code():
    for name, found in ALL:
        place = f"{name}.{found.code}"
        assert re.fullmatch(r"[a-z][a-z0-9_]*", found.code), place
        assert re.search(r"[\u4e00-\u9fff]", found.zh), place
        assert found.en == found.en.strip(), place
        assert re.search(r"[A-Za-z]", found.en), place
        assert not re.search(r"[\u4e00-\u9fff，。；（）]", found.en), place


def test_wording_within_a_list_is_unambiguous():
    for name in vocabulary.lists():
        for language in ("zh", "en"):
            wordings = [getattr(found, language) for found in vocabulary.terms(name)]
            assert sorted(set(wordings)) == sorted(wordings), name


def test_chinese_wording_uses_full_width_punctuation():
    for name, found in ALL:
        assert not re.search(r"[\u4e00-\u9fff][,;:()]|[,;:()][\u4e00-\u9fff]", found.zh), f"{name}.{found.code}"


def test_no_word_that_must_not_be_said_of_a_child():
    said = [f"{name}.{found.code}" for name, found in ALL if FORBIDDEN.search(f"{found.zh} {found.en}")]
    assert said == []
    glossary = Path(settings.BASE_DIR) / "socialwork" / "docs" / "glossary.md"
    assert FORBIDDEN.findall(glossary.read_text(encoding="utf-8")) == []


def test_every_source_is_local_or_a_known_law():
    keys = [found.extra["key"] for found in vocabulary.terms("law")]
    for name, found in ALL:
        known = found.source == "local" or any(
            re.fullmatch(rf"{re.escape(key)}( \d+(\(\d+\))?)?", found.source) for key in keys
        )
        assert known, f"{name}.{found.code}: {found.source}"


def test_charges_stand_in_the_chapter_of_their_articles():
    for found in vocabulary.terms("charge"):
        if found.code == vocabulary.OTHER:
            continue
        first, last = CHAPTERS[found.extra["chapter"]]
        for article in found.extra["articles"]:
            number = re.fullmatch(r"(\d+)(之[一二三四五])?", article)
            assert number, f"{found.code}: {article}"
            assert first <= int(number[1]) <= last, f"{found.code}: {article}"


def test_conditional_non_prosecution_is_open_to_chapters_four_to_six_only():
    eligible = {found.code: found.extra["cnp_eligible"] for found in vocabulary.terms("charge")}
    assert eligible["theft"] is True
    assert {code for code, answer in eligible.items() if answer is False} == {
        "card_mgmt", "card_fraud", "dangerous_driving", "traffic", "arson", "weapons_possession",
    }
    assert {code for code, answer in eligible.items() if answer is None} == {"other"}


def test_closed_sets_of_the_law_are_complete():
    assert len(vocabulary.codes("duty")) == 4
    assert len(vocabulary.codes("misbehaviour")) == 9
    assert len(vocabulary.codes("police_measure")) == 9
    assert len(vocabulary.codes("school_measure")) == 6
    assert len(vocabulary.codes("fel_topic")) == 6
    assert len(vocabulary.codes("fel_method")) == 9
    assert {found.source for found in vocabulary.terms("cnp_condition")} == {f"PROC 476({n})" for n in range(1, 7)}


def test_ethnic_groups_are_the_fifty_six_of_the_standard():
    groups = [found for found in vocabulary.terms("ethnicity") if found.code != vocabulary.OTHER]
    assert [found.extra["gb"] for found in groups] == [f"{n:02d}" for n in range(1, 57)]
    assert len({found.extra["letters"] for found in groups}) == 56
    assert vocabulary.codes("ethnicity")[-1] == vocabulary.OTHER


def test_assessment_has_eight_domains_and_two_beside_them():
    assert Counter(found.extra["core"] for found in vocabulary.terms("assessment_domain")) == {True: 8, False: 2}


def test_evaluation_is_out_of_one_hundred_points():
    assert sum(found.extra["max_points"] for found in vocabulary.terms("evaluation_part")) == 100
    grades = [found.extra["min_points"] for found in vocabulary.terms("evaluation_grade")]
    assert grades == sorted(grades, reverse=True)
    assert grades[-1] == 0


def test_services_say_coherently_what_they_need():
    for service in vocabulary.terms("service_type"):
        extra = service.extra
        assert extra["min_interviewee_classes"] <= len(extra["interviewee_classes"]), service.code
        assert extra["needs_plan"] or not extra["plan_needs_approval"], service.code
        assert extra["subject_types"] and extra["record_kinds"], service.code
        assert all(DEADLINE_CODE.fullmatch(code) for code in extra["deadline"].values()), service.code
        assert not extra["deadline"] or "default" in extra["deadline"], service.code
        assert set(extra["deadline"]) - {"default"} <= set(vocabulary.codes("stage")), service.code
        assert extra.get("min_age_at_event", 0) <= extra.get("max_age_at_event", 200), service.code
    investigation = vocabulary.term("service_type", "social_investigation").extra
    assert investigation["needs_report"] and investigation["min_interviewee_classes"] == 3
    assert vocabulary.term("service_type", "victim_support").extra["victim_service"]
    assert vocabulary.term("service_type", "psych_assessment").extra["needs_consent"] == ("psych_assessment",)


def test_terms_cannot_be_changed():
    extra = vocabulary.term("service_type", "social_investigation").extra
    with pytest.raises(TypeError):
        extra["unit"] = "per_hour"
    with pytest.raises(TypeError):
        extra["deadline"]["default"] = "D1"
    with pytest.raises(AttributeError):
        vocabulary.term("sex", "male").zh = "x"


def test_wording_follows_the_active_language():
    lazy_text = vocabulary.lazy_label("service_type", "guidance")
    with translation.override("en"):
        assert vocabulary.label("service_type", "guidance") == "Guidance and supervision"
        assert str(lazy_text) == "Guidance and supervision"
    with translation.override("zh-hans"):
        assert str(lazy_text) == vocabulary.label("service_type", "guidance") == "观护帮教"
    with translation.override(None):
        assert vocabulary.label("service_type", "guidance") == "观护帮教"


def test_unknown_lists_and_codes_are_named():
    with pytest.raises(vocabulary.UnknownTerm, match="no vocabulary list 'nothing'"):
        vocabulary.codes("nothing")
    with pytest.raises(vocabulary.UnknownTerm, match="'sex' has no term 'x'"):
        vocabulary.label("sex", "x")
    with pytest.raises(KeyError):
        vocabulary.term("nothing", "x")


def test_choices_are_in_order_with_other_last():
    with translation.override("en"):
        pairs = vocabulary.choices("decline_reason", on=DAY, blank=True)
    assert pairs[0][0] == ""
    assert [code for code, _ in pairs[1:]] == ["conflict", "capacity", "area", "qualification", "other"]
    assert vocabulary.term("decline_reason", "other").needs_text
    assert not vocabulary.term("decline_reason", "area").needs_text


def test_grouped_choices_nest_under_the_classes():
    nested = vocabulary.choices("not_attended_reason", on=DAY, grouped=True)
    assert [title for title, _ in nested] == [found.label for found in vocabulary.terms("not_attended_class")]
    inner = [code for _, pairs in nested for code, _ in pairs]
    assert sorted(inner) == sorted(vocabulary.codes("not_attended_reason"))


def test_a_charge_cannot_be_chosen_for_a_day_before_it_existed():
    before, after = dt.date(2015, 10, 31), dt.date(2015, 11, 1)
    assert "cybercrime_aid" not in vocabulary.active_codes("charge", before)
    assert "cybercrime_aid" in vocabulary.active_codes("charge", after)
    assert "cybercrime_aid" in dict(vocabulary.choices("charge", on=before, keep=["cybercrime_aid"]))
    vocabulary.validate("charge", "cybercrime_aid")
    with pytest.raises(ValidationError) as refused:
        vocabulary.validate("charge", "cybercrime_aid", before)
    assert refused.value.code == "term_not_in_use"
    assert "2015-10-31" in refused.value.messages[0]


def test_an_unknown_code_is_refused_with_a_sentence():
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        vocabulary.validate("sex", "x" * 500)
    assert refused.value.code == "unknown_term"
    assert "“Sex”" in refused.value.messages[0]
    assert len(refused.value.messages[0]) < 200


def test_overlay_adds_rewords_and_switches_off(overlay):
    overlay("""
        [closure_reason]
        zh = "结束原因"
        term = [
            {code = "other_city", zh = "转由外市帮教", en = "Taken over by another city"},
            {code = "moved", zh = "迁居"},
            {code = "contract_end", active = false},
            {code = "death", effective_until = 2026-05-31},
        ]
        [service_type]
        term = [{code = "family_education", plan_needs_approval = true}]
    """)
    assert vocabulary.list_label("closure_reason") == "结束原因"
    assert vocabulary.label("closure_reason", "moved") == "迁居"
    assert vocabulary.term("closure_reason", "moved").en == "Moved or handed to another area"
    assert vocabulary.term("closure_reason", "other_city").source == "local"
    assert vocabulary.codes("closure_reason")[-2:] == ("other_city", "other")
    assert "contract_end" in vocabulary.codes("closure_reason")
    assert vocabulary.label("closure_reason", "contract_end") == "合同终止"
    offered = vocabulary.active_codes("closure_reason", DAY)
    assert "contract_end" not in offered and "death" not in offered and "other_city" in offered
    assert vocabulary.term("service_type", "family_education").extra["plan_needs_approval"] is True


def test_overlay_is_forgotten_with_the_setting(overlay):
    overlay('[sex]\nterm = [{code = "male", zh = "男性"}]')
    assert vocabulary.label("sex", "male") == "男性"
    with override_settings(VOCABULARY_OVERLAY=""):
        assert vocabulary.label("sex", "male") == "男"
    assert vocabulary.label("sex", "male") == "男性"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[nothing]\nterm = []", "there is no such list"),
        ('[stage]\nterm = 3', "array of tables"),
        ('[stage]\nclosed = true', "cannot set closed"),
        ('[stage]\nterm = [{zh = "某"}]', "a code is made of"),
        ('[stage]\nterm = [{code = "Neu", zh = "新", en = "New"}]', "a code is made of"),
        ('[stage]\nterm = [{code = "fresh", zh = "新"}]', "zh and en are needed"),
        ('[stage]\nterm = [{code = "trial", zh = ""}]', "zh and en are needed"),
        ('[stage]\nterm = [{code = "trial", active = "no"}]', "active must be of the type bool"),
        ('[stage]\nterm = [{code = "trial", effective_from = "2026-01-01"}]', "effective_from must be of the type"),
        ('[charge]\nterm = [{code = "arson", chapter = 5}]', "cannot change chapter"),
        ('[duty]\nterm = [{code = "obey", active = false}]', "cannot change active"),
        ('[duty]\nterm = [{code = "fifth", zh = "第五项", en = "Fifth"}]', "no term can be added"),
        ('[org_type]\nterm = [{code = "club", zh = "俱乐部", en = "Club"}]', "family is needed"),
        ('[org_type]\nterm = [{code = "club", zh = "俱乐部", en = "Club", family = "x"}]', "not in the list org_"),
        ('[service_type]\nterm = [{code = "guidance", unit = "per_mile"}]', "per_mile is not in the list unit"),
        ('[stage', "not valid TOML"),
    ],
)
def test_a_bad_overlay_stops_with_a_sentence(overlay, text, complaint):
    overlay(text)
    with pytest.raises(vocabulary.VocabularyError, match=re.escape(complaint)):
        vocabulary.lists()


def test_a_missing_overlay_file_stops_with_a_sentence():
    with (
        override_settings(VOCABULARY_OVERLAY="no-such-file.toml"),
        pytest.raises(vocabulary.VocabularyError, match="cannot be read"),
    ):
        vocabulary.lists()


def test_districts_are_complete_and_their_parents_exist():
    rows = read_districts(Path(settings.REFERENCE_DIR) / "districts.csv")
    assert len(rows) == 3218
    assert Counter(row["level"] for row in rows.values()) == {"county": 2851, "prefecture": 333, "province": 34}
    above = {"province": {None}, "prefecture": {"province"}, "county": {"prefecture", "province"}}
    for code, row in rows.items():
        parent = rows[row["parent_id"]]["level"] if row["parent_id"] else None
        assert parent in above[row["level"]], code
        assert rows[row["province_code"]]["level"] == "province", code


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("11010,东城区,county,110000", "line 3"),
        ("110000,北京市,province,", "line 3"),
        ("110101,,county,110000", "line 3"),
        ("110101,东城区,town,110000", "line 3"),
        ("110101,东城区,county,", "line 3"),
        ("110101,东城区,county,120000", "120000, which is not in the file"),
    ],
)
def test_a_bad_line_in_the_district_file_is_named(tmp_path, line, complaint):
    path = tmp_path / "districts.csv"
    path.write_text(f"code,name,level,parent\n110000,北京市,province,\n{line}\n", encoding="utf-8")
    with pytest.raises(CommandError, match=complaint):
        read_districts(path)


@pytest.mark.django_db
def test_loading_twice_is_the_same_as_loading_once(django_assert_max_num_queries):
    district = apps.get_model("organisations", "District")
    path = Path(settings.REFERENCE_DIR) / "districts.csv"
    first = load_districts(path)
    assert (first.in_file, first.changed, first.kept) == (3218, 0, 0)
    before = list(district.objects.order_by("code").values())
    assert len(before) == 3218
    with django_assert_max_num_queries(3):
        second = load_districts(path)
    assert (second.added, second.changed, second.kept) == (0, 0, 0)
    assert list(district.objects.order_by("code").values()) == before
    xiangfu = district.objects.get(code="410212")
    assert (xiangfu.name, xiangfu.parent.name, xiangfu.province_code) == ("祥符区", "开封市", "410000")


@pytest.mark.django_db
def test_a_dated_correction_outlives_the_next_load_and_an_undated_one_does_not():
    district = apps.get_model("organisations", "District")
    path = Path(settings.REFERENCE_DIR) / "districts.csv"
    load_districts(path)
    district.objects.filter(code="110101").update(name="改名区", effective_from=DAY)
    district.objects.filter(code="110102").update(name="笔误区")
    district.objects.create(
        code="110199", name="新设区", level="county", parent_id="110000", province_code="110000", effective_from=DAY
    )
    outcome = load_districts(path)
    assert (outcome.added, outcome.changed, outcome.kept) == (0, 1, 1)
    names = dict(district.objects.filter(code__in=["110101", "110102", "110199"]).values_list("code", "name"))
    assert names == {"110101": "改名区", "110102": "西城区", "110199": "新设区"}


@pytest.mark.django_db
def test_the_command_says_one_line_per_set_and_may_be_repeated():
    first, second = StringIO(), StringIO()
    call_command("load_reference", stdout=first)
    call_command("load_reference", stdout=second)
    titles = ["vocabulary", "districts", "deadline rules", "holidays"]
    assert [line.split(":")[0] for line in first.getvalue().splitlines()] == titles
    assert [line.split(":")[0] for line in second.getvalue().splitlines()] == titles
    assert "districts: 3218 in the file, 0 added, 0 changed, 0 kept as corrected here" in second.getvalue()
