"""The demonstration data: parses, uses known codes, keeps to the order of the work, and can be nobody's real data."""
from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from cases.models import Evaluation
from cases.models.reporting import SECTIONS
from cases.record_kinds import PHOTOS, PRESENT_OTHERS
from cases.services.closing import VISITS
from cases.services.occasions import OUTCOMES
from referrals.states import MACHINE
from socialwork.access.roles import FAMILY_OF_ROLE, Role
from socialwork.core.identifiers import clean_credit_code

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
NAMES = (
    "1-snatching-graded-intervention", "2-girl-victim-protection", "3-theft-five-youths-guidance",
    "4-arson-hardship-help", "5-borderline-prevention", "6-snatching-social-investigation",
)


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


PEOPLE = read(FIXTURES / "demo" / "people.toml")
STORIES = {name: read(FIXTURES / "demo" / "stories" / f"{name}.toml") for name in NAMES}
VOCABULARY = read(FIXTURES / "reference" / "vocabulary.toml")
TERMS = {name: {term["code"]: term for term in table["term"]} for name, table in VOCABULARY.items()}
CODES = {name: set(terms) for name, terms in TERMS.items()}
RULES = {rule["code"] for rule in read(FIXTURES / "reference" / "deadline_rules.toml")["rule"]}
STAFF = {person["login"]: person for person in PEOPLE["staff"]}
ORGANISATIONS = {row["key"]: row for row in PEOPLE["organisations"]}

RECORDS = {"log_contact", "log_interview", "log_counselling", "log_family_session", "log_activity", "log_attendance"}
EIGHT_DOMAINS = CODES["assessment_domain"] - {"health_trauma", "safety"}

SCHEMA = read(FIXTURES / "demo" / "schema.toml")
VERBS, VOCABULARY_OF, REASON_LISTS = SCHEMA["verbs"], SCHEMA["vocabulary"], SCHEMA["reasons"]
# The two verbs that begin a referral; what follows is read off the product's own transition table.
STARTS = {"draft_referral", "refer_again"}


def acts_of(story: dict[str, Any], *verbs: str) -> list[dict[str, Any]]:
    return [act for act in story["acts"] if not verbs or act["verb"] in verbs]


def threads(act: dict[str, Any]) -> list[str]:
    """The referrals or cases an act belongs to; case and referral share one key."""
    return act.get("cases") or [act.get("case") or act["referral"]]


def moment(day: int, time: str) -> timedelta:
    hours, minutes = time.split(":")
    return timedelta(days=day, hours=int(hours), minutes=int(minutes))


def by_thread(story: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Acts by matter, in the order they are carried out: a joint activity stands in the file with one of its cases."""
    found: dict[str, list[dict[str, Any]]] = {row["key"]: [] for row in story["referrals"]}
    for act in sorted(story["acts"], key=lambda act: moment(act["day"], act["time"])):
        for thread in threads(act):
            found[thread].append(act)
    return found


def said(value: Any) -> Iterator[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from said(item)
    elif isinstance(value, list):
        for item in value:
            yield from said(item)


def fields(value: Any) -> Iterator[tuple[str, Any]]:
    """Every (name, value) in a value, however deep."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield name, item
            yield from fields(item)
    elif isinstance(value, list):
        for item in value:
            yield from fields(item)


def children_names(story: dict[str, Any]) -> list[str]:
    return [child["name"] for child in story["children"]]


def everybody(story: dict[str, Any]) -> list[str]:
    return children_names(story) + [guardian["name"] for child in story["children"] for guardian in child["guardians"]]


@pytest.fixture(params=NAMES)
def story(request: pytest.FixtureRequest) -> dict[str, Any]:
    return STORIES[request.param]


def test_there_are_six_stories_and_each_has_something_to_tell():
    assert sorted(path.stem for path in (FIXTURES / "demo" / "stories").glob("*.toml")) == list(NAMES)
    for name, story in STORIES.items():
        assert story["slug"] == name
        assert len(acts_of(story)) >= 30


def test_names_are_not_repeated():
    names = [person["name"] for person in PEOPLE["staff"]]
    names += [name for story in STORIES.values() for name in everybody(story)]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_numbers_of_people_can_be_nobodys():
    numbers, phones = [], [row["phone"] for row in PEOPLE["organisations"] + PEOPLE["staff"]]
    for story in STORIES.values():
        for child in story["children"]:
            assert re.fullmatch("99[0-9]{4}", child["id"]["region"])
            assert child["id"]["serial"] % 2 == (1 if child["sex"] == "male" else 0)
            numbers.append((child["id"]["region"], child["id"]["serial"]))
            phones += [child["phone"], *(guardian["phone"] for guardian in child["guardians"])]
    assert len(set(numbers)) == len(numbers)
    assert len(set(phones)) == len(phones)
    # No mobile or fixed number of the country begins with 100 and has eleven digits.
    assert [phone for phone in phones if not re.fullmatch("100[0-9]{8}", phone)] == []


def test_credit_codes_are_well_formed_and_of_an_unassigned_region():
    codes = [row["credit_code"] for row in PEOPLE["organisations"]]
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert clean_credit_code(code) == code
        assert code[2:4] == "99"


def test_words_are_respectful(story: dict[str, Any]):
    text = "\n".join(said(story))
    for word in ("罪犯", "犯人", "问题少年", "失足", "坏孩子"):
        assert word not in text


def test_no_record_calls_a_child_or_a_guardian_by_name(story: dict[str, Any]):
    text = "\n".join(said(story["acts"]))
    text += "\n".join(fact["text"] for row in story["referrals"] for fact in row["facts"])
    assert [name for name in everybody(story) if name in text] == []


def test_the_victims_story_shows_nothing_of_the_other_side():
    text = "\n".join(said(STORIES["2-girl-victim-protection"]))
    for word in ("嫌疑人", "被告人", "行为人", "加害", "施害", "侵害人", "作案"):
        assert word not in text


def test_times_and_days_are_written_the_same_way(story: dict[str, Any]):
    for name, value in fields(story):
        if name in {"time", "start", "end"}:
            assert re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", value)
        if name in {"day", "on", "by_day", "next_on", "planned_on", "offence_on", "due_on", "received_on"}:
            assert isinstance(value, int)


def test_organisations_and_agreements_refer_to_what_exists():
    districts = (FIXTURES / "reference" / "districts.csv").read_text(encoding="utf-8")
    known = {line.split(",")[0] for line in districts.splitlines()[1:]}
    assert len(ORGANISATIONS) == len(PEOPLE["organisations"])
    for row in PEOPLE["organisations"]:
        assert row["kind"] in CODES["org_type"]
        assert row["district"] in known
    for row in PEOPLE["agreements"]:
        assert {*row["area"], row["district"]} <= known
        assert {ORGANISATIONS[key]["family"] for key in row["commissioners"]} == {"organ"}
        assert ORGANISATIONS[row["agency"]]["family"] == "agency"
        assert row["type"] in CODES["agreement_type"]
        assert row["signed"] <= row["start"] < row["end"]
        starts = [version["from_day"] for version in row["versions"]]
        assert starts == sorted(starts) and starts[0] == row["start"]
        for version in row["versions"]:
            assert {line["service"] for line in version["services"]} <= CODES["service_type"]


def test_codes_of_people_are_known():
    for name, value in fields([PEOPLE["organisations"], PEOPLE["agreements"], PEOPLE["staff"]]):
        if name in VOCABULARY_OF:
            values = value if isinstance(value, list) else [value]
            assert set(values) <= CODES[VOCABULARY_OF[name]], (name, value)


def test_everybody_has_roles_that_fit_the_organisation():
    assert len(STAFF) == len(PEOPLE["staff"])
    for person in PEOPLE["staff"]:
        family = ORGANISATIONS[person["organisation"]]["family"]
        assert person["roles"]
        for role in person["roles"]:
            assert FAMILY_OF_ROLE[Role(role)] in (None, family)


def test_the_cast_of_an_agency_is_complete():
    for agency in ("agency-chenxi", "agency-qicheng", "agency-yunling"):
        staff = [person for person in PEOPLE["staff"] if person["organisation"] == agency]
        roles = Counter(role for person in staff for role in person["roles"])
        assert roles[Role.SOCIAL_WORKER] >= 6
        assert all(roles[role] for role in (Role.AGENCY_MANAGER, Role.AGENCY_INTAKE, Role.COUNSELLOR, Role.SUPERVISOR))
    assert {person["login"] for person in PEOPLE["staff"] if person.get("state") == "suspended"} == {"jiang.muchuan"}


def test_every_act_has_the_fields_of_its_verb(story: dict[str, Any]):
    for act in story["acts"]:
        shape = VERBS[act["verb"]]
        names, must = set(act), {"verb", "by", "day", "time", *shape["required"]}
        assert must <= names, (act["verb"], act["day"], must - names)
        assert names <= must | set(shape.get("optional", [])), (act["verb"], act["day"], names - must)
        assert set(shape["roles"]) & set(STAFF[act["by"]]["roles"]), (act["verb"], act["by"])


def test_codes_are_known(story: dict[str, Any]):
    for name, value in fields([story["children"], story["consents"], story["referrals"], story["acts"]]):
        if name in VOCABULARY_OF and name != "unit":
            values = value if isinstance(value, list) else [value]
            assert set(values) <= CODES[VOCABULARY_OF[name]], (name, value)
    for child in story["children"]:
        assert {guardian["relation"] for guardian in child["guardians"]} <= CODES["relation"]
    for consent in story["consents"]:
        assert consent["method"] in CODES["consent_method"]
    for row in story["referrals"]:
        assert {fact["kind"] for fact in row["facts"]} <= CODES["paragraph_kind"]
        assert set(row.get("behaviours", [])) <= CODES["misbehaviour"] | CODES["serious_misbehaviour"]
        assert row["time_limit"]["rule"] in {*RULES, ""}


def test_codes_of_acts_are_known(story: dict[str, Any]):
    persons = CODES["relation"] | set(PRESENT_OTHERS)
    for act in story["acts"]:
        verb = act["verb"]
        if verb in REASON_LISTS:
            assert act["reason_code"] in CODES[REASON_LISTS[verb]]
        if verb in {"log_contact", "log_interview", "record_follow_up"}:
            assert act["method"] in CODES["method"]
        if verb == "log_contact":
            assert set(act["topics"]) <= CODES["contact_topic"]
            assert {task["status"] for task in act.get("tasks", [])} <= CODES["task_result"]
            assert set(act.get("duty_check", {})) <= CODES["duty"]
            assert set(act.get("duty_check", {}).values()) <= CODES["duty_check"]
            assert {act.get("mood", 1), act.get("cooperation", 1)} <= {1, 2, 3, 4, 5}
        if verb == "log_family_session":
            assert set(act["topics"]) <= CODES["fel_topic"] and set(act["methods"]) <= CODES["fel_method"]
            assert act.get("change", 1) in {1, 2, 3, 4, 5}
        if verb == "log_activity":
            assert act["photos"] in PHOTOS
        if verb == "log_attendance":
            assert act["activity"] in CODES["appropriate_adult_activity"]
        if verb == "close_case":
            assert act["reason"] in CODES["closure_reason"]
            assert {goal["result"] for goal in act["goals"]} <= CODES["goal_result"]
        if verb == "respond_report":
            answers = {act["result"], *(section["result"] for section in act["sections"])}
            assert answers <= CODES["report_review"]
        assert set(act.get("persons", [])) <= persons


def test_an_absence_has_a_reason_of_its_class(story: dict[str, Any]):
    for act in story["acts"]:
        found = act.get("absences", []) + [absence for name, absence in fields(act) if name == "absence"]
        for absence in found:
            assert TERMS["not_attended_reason"][absence["reason_code"]]["group"] == absence["reason_class"]
        for row in [act, *act.get("participants", [])]:
            assert row.get("outcome", "on_time") in OUTCOMES
            assert (row.get("outcome") in {"not_attended", "did_not_happen"}) == ("absence" in row)
            assert (row.get("outcome") == "late") == ("late_minutes" in row)


def test_every_verb_and_every_class_of_absence_is_used_somewhere():
    acts = [act for story in STORIES.values() for act in story["acts"]]
    assert {act["verb"] for act in acts} == set(VERBS)
    assert {value for name, value in fields(acts) if name == "reason_class"} == CODES["not_attended_class"]


def test_acts_of_a_matter_come_in_order_and_none_lies_ahead(story: dict[str, Any]):
    written: dict[str, list[timedelta]] = {}
    for act in story["acts"]:
        if len(threads(act)) == 1:
            written.setdefault(threads(act)[0], []).append(moment(act["day"], act["time"]))
    for key, moments in written.items():
        assert moments == sorted(moments), key
        assert moments[-1] < timedelta(0)


def test_a_record_is_written_after_the_event_and_late_ones_say_why(story: dict[str, Any]):
    for act in acts_of(story, *RECORDS):
        assert act["start"] < act["end"]
        delay = moment(act["day"], act["time"]) - moment(act["on"], act["end"])
        assert delay >= timedelta(0)
        assert ("late_reason" in act) == (delay > timedelta(hours=48)), act["key"]
        assert len(act.get("summary", "")) <= 500


def test_nobody_is_in_two_places_at_once():
    busy: dict[str, list[tuple[timedelta, timedelta]]] = {}
    for story in STORIES.values():
        for act in acts_of(story, *RECORDS):
            for worker in act.get("workers", [act["by"]]):
                busy.setdefault(worker, []).append((moment(act["on"], act["start"]), moment(act["on"], act["end"])))
    for spans in busy.values():
        for (_from, until), (begins, _to) in pairwise(sorted(spans)):
            assert until <= begins


def test_a_referral_goes_through_its_states(story: dict[str, Any]):
    carried = {act["to"]: act for act in acts_of(story, "transfer_referral")}
    for key, acts in by_thread(story).items():
        state = "draft" if key in carried else ""
        for act in acts:
            verb = act["verb"]
            if verb in STARTS:
                assert state == ""
                state = "draft"
            elif verb in MACHINE.transitions:
                assert state in MACHINE[verb].sources, (key, verb, state)
                state = str(MACHINE[verb].target)
            else:
                assert state == "accepted", (key, verb, state)
        assert state in {"accepted", "declined", "withdrawn", "transferred"}
        if state == "accepted":
            assert "close_case" in [act["verb"] for act in acts]


def test_every_case_is_evaluated_and_closed_once(story: dict[str, Any]):
    for key, acts in by_thread(story).items():
        verbs = [act["verb"] for act in acts]
        if "accept_referral" not in verbs or "transfer_referral" in verbs:
            continue
        assert [verbs.count(verb) for verb in ("evaluate_case", "close_case")] == [1, 1], key
        assert ("submit_report" in verbs) != ("finish_service" in verbs)
        closing, *visits = acts[verbs.index("close_case"):]
        assert {act["verb"] for act in visits} <= {"record_follow_up"}
        assert set(closing["visits"]) <= set(VISITS)
        # Every visit that is more than a fortnight overdue has taken place.
        overdue = {months for months in closing["visits"] if closing["day"] + months * 31 < -14}
        assert overdue <= {act["after_months"] for act in visits} <= set(closing["visits"])


def test_points_stay_within_the_form(story: dict[str, Any]):
    for act in acts_of(story, "evaluate_case"):
        assert set(act["points"]) == set(Evaluation.MOST)
        assert all(0 <= points <= Evaluation.MOST[part] for part, points in act["points"].items())


def test_a_referral_can_be_submitted_as_it_stands(story: dict[str, Any]):
    children = {child["key"]: child for child in story["children"]}
    for row in story["referrals"]:
        kinds = {fact["kind"] for fact in row["facts"]}
        assert {"facts", "request"} <= kinds
        assert any(fact["shared"] for fact in row["facts"])
        age = children[row["child"]]["age_at_offence"]["years"]
        for line in row["services"]:
            service = TERMS["service_type"][line["service"]]
            assert row["subject_type"] in service["subject_types"], (row["key"], line["service"])
            assert service.get("min_age_at_event", 0) <= age <= service.get("max_age_at_event", 99)
            assert row["stage"] in service.get("stages", [row["stage"]])
            assert line["matters"]
        assert STAFF[row["prosecutor"]]["organisation"] == row["organ"]


def test_an_agreement_covers_each_referral_on_its_day(story: dict[str, Any]):
    received = {row["key"]: row for row in story["referrals"]}
    for act in acts_of(story, "submit_referral"):
        row = received[act["referral"]]
        live = [
            agreement for agreement in PEOPLE["agreements"]
            if agreement["agency"] == row["agency"] and row["organ"] in agreement["commissioners"]
            and agreement["start"] <= act["day"] <= agreement["end"]
        ]
        terms = [[v for v in agreement["versions"] if v["from_day"] <= act["day"]][-1] for agreement in live]
        wanted = {line["service"] for line in row["services"]}
        assert any(wanted <= {line["service"] for line in version["services"]} for version in terms), row["key"]


def test_workers_are_in_order_on_the_day_they_are_assigned(story: dict[str, Any]):
    agencies = {row["key"]: row["agency"] for row in story["referrals"]}
    for act in acts_of(story, "accept_referral", "accept_handover"):
        agency = agencies[threads(act)[0]]
        workers = [act["lead"], act["second"]] if act["verb"] == "accept_referral" else [act["by"]]
        assert len(set(workers)) == len(workers)
        for login in workers:
            person = STAFF[login]
            assert person["organisation"] == agency and Role.SOCIAL_WORKER in person["roles"]
            checked = max(day for day in person["background_checks"] if day <= act["day"])
            assert act["day"] - checked <= 365
            assert person["undertaking"] < act["day"] and person["training"] < act["day"]


def test_only_those_on_the_case_write_about_it(story: dict[str, Any]):
    prosecutors = {row["key"]: row["prosecutor"] for row in story["referrals"]}
    for key, acts in by_thread(story).items():
        team: dict[str, str] = {}
        offers = {act["key"]: act for act in acts if act["verb"] == "reassign_case"}
        for act in acts:
            if act["verb"] == "accept_referral":
                team = {role: act[role] for role in ("lead", "second", "supervisor", "counsellor") if role in act}
            elif act["verb"] == "accept_handover":
                offer = offers[act["handover"]]
                assert team[offer["role"]] == offer["from"] and act["by"] == offer["to"]
                team[offer["role"]] = act["by"]
            elif act["verb"] == "log_activity":
                assert {row["by"] for row in act["participants"] if row["case"] == key} <= set(team.values())
            elif set(VERBS[act["verb"]]["roles"]) & {"social_worker", "counsellor", "supervisor"}:
                assert act["by"] in team.values(), (key, act["verb"], act["by"])
                assert set(act.get("workers", [])) <= set(team.values()), (key, act.get("key"))
                assert act["by"] in act.get("workers", [act["by"]])
            elif VERBS[act["verb"]]["roles"] == ["prosecutor"]:
                assert act["by"] == prosecutors[key]


def test_what_needs_consent_has_it_before_the_first_record(story: dict[str, Any]):
    children = {child["key"]: child for child in story["children"]}
    for row in story["referrals"]:
        acts = by_thread(story)[row["key"]]
        needed = {kind for line in row["services"] for kind in TERMS["service_type"][line["service"]]["needs_consent"]}
        given = {kind: min(c["day"] for c in story["consents"] if c["child"] == row["child"] and kind in c["kinds"])
                 for kind in needed if any(act["verb"] == "accept_referral" for act in acts)}
        for act in acts:
            if act["verb"] == "log_counselling":
                assert given["psych_counselling"] <= act["on"]
            if act["verb"] in {"adopt_plan", "approve_plan"} and "service" in needed:
                assert given["service"] <= act["day"]
        people = {"subject", *(guardian["key"] for guardian in children[row["child"]]["guardians"])}
        for consent in story["consents"]:
            if consent["child"] == row["child"]:
                assert consent["given_by"] and set(consent["given_by"]) <= people


def test_an_assessment_has_the_eight_domains_and_is_confirmed(story: dict[str, Any]):
    confirmed = [act["assessment"] for act in acts_of(story, "confirm_assessment")]
    for act in acts_of(story, "assess_case"):
        domains = [rating["domain"] for rating in act["domains"]]
        assert set(domains) >= EIGHT_DOMAINS and len(set(domains)) == len(domains)
        assert {rating["rating"] for rating in act["domains"]} <= {0, 1, 2, 3}
        assert confirmed.count(act["key"]) == 1
    assert len(acts_of(story, "confirm_assessment")) == len(acts_of(story, "assess_case"))


def test_the_judgement_of_a_level_above_or_below_the_ratings_is_explained():
    levels = {0: "low", 1: "low", 2: "medium", 3: "high"}
    for story in STORIES.values():
        rated = {act["key"]: max(row["rating"] for row in act["domains"]) for act in acts_of(story, "assess_case")}
        for act in acts_of(story, "confirm_assessment"):
            if levels[rated[act["assessment"]]] != act["risk_level"]:
                assert "调为" in act["reason"], act["assessment"]


def test_plans_and_their_ends_speak_of_the_same_goals(story: dict[str, Any]):
    for acts in by_thread(story).values():
        goals: set[str] = set()
        for act in acts:
            if act["verb"] in {"propose_plan", "adopt_plan"}:
                goals = {goal["key"] for goal in act["goals"]}
                assert {goal.get("domain") for goal in act["goals"]} <= CODES["assessment_domain"]
                assert {activity["goal"] for activity in act["activities"]} == goals
                assert {activity["who"] for activity in act["activities"]} <= set(STAFF)
                assert all(activity["by_day"] >= act["day"] for activity in act["activities"])
            if act["verb"] in {"approve_plan", "return_plan"}:
                assert act["plan"] in {plan["key"] for plan in acts if plan["verb"] == "propose_plan"}
            assert set(act.get("goals", [])) <= goals if act["verb"] == "log_contact" else True
            if act["verb"] == "close_case":
                assert {goal["goal"] for goal in act["goals"]} == goals


def test_an_approval_is_asked_exactly_where_the_service_needs_it(story: dict[str, Any]):
    needs = {
        row["key"]: any(TERMS["service_type"][line["service"]]["plan_needs_approval"] for line in row["services"])
        for row in story["referrals"]
    }
    for act in acts_of(story, "propose_plan", "adopt_plan"):
        assert needs[act["case"]] == (act["verb"] == "propose_plan")


def test_a_correction_quotes_what_stood_there(story: dict[str, Any]):
    records = {act["key"]: act for act in acts_of(story, *RECORDS)}
    for act in acts_of(story, "amend_record", "review_record", "return_record"):
        record = records[act["record"]]
        assert record["case"] == act["case"]
        for change in act.get("changes", []):
            assert any(change["old"] in text for text in said(record[change["field"]]))
            assert change["new"] != change["old"]


def test_records_are_of_kinds_the_services_use(story: dict[str, Any]):
    kinds = {
        "log_contact": "contact", "log_interview": "interview", "log_counselling": "counselling",
        "log_family_session": "family_session", "log_activity": "welfare_activity",
        "log_attendance": "adult_attendance",
    }
    for row in story["referrals"]:
        used = {kind for line in row["services"] for kind in TERMS["service_type"][line["service"]]["record_kinds"]}
        for act in by_thread(story)[row["key"]]:
            assert kinds.get(act["verb"], "contact") in used | {"contact"}, (row["key"], act["verb"])


def reports() -> Iterator[tuple[dict[str, Any], str, list[dict[str, Any]]]]:
    for story in STORIES.values():
        for key, acts in by_thread(story).items():
            if any(act["verb"] == "write_report" for act in acts):
                yield story, key, acts


def test_a_report_has_twelve_sections_and_heard_three_classes_of_people():
    assert len(list(reports())) == 3
    for _story, _key, acts in reports():
        first = next(act for act in acts if act["verb"] == "write_report")
        assert [section["code"] for section in first["sections"]] == list(SECTIONS)
        assert [section["number"] for section in first["sections"]] == list(range(1, 13))
        heard = {act["interviewee"] for act in acts if act["verb"] == "log_interview" and "absence" not in act}
        assert {"subject", "guardian"} <= heard
        assert heard & {"teacher", "village_committee", "neighbour", "community_police"}
        assert first["by"] != first["co_author"]


def test_findings_rest_on_records_made_before():
    for _story, _key, acts in reports():
        known: set[str] = set()
        for act in acts:
            if act["verb"] == "log_interview" and "absence" not in act:
                known |= {act["key"], *(document["key"] for document in act.get("documents", []))}
            for section in act["sections"] if act["verb"] == "write_report" else []:
                for finding in section.get("findings", []):
                    assert set(finding["sources"]) <= known, finding["key"]
                    assert bool(finding["sources"]) != finding.get("unsourced", False), finding["key"]


def test_an_unsourced_finding_is_flagged_and_gone_before_the_report_is_submitted():
    for _story, _key, acts in reports():
        sections: dict[int, dict[str, Any]] = {}
        seen = 0
        for act in acts:
            if act["verb"] == "write_report":
                sections |= {section["number"]: section for section in act["sections"]}
                seen += sum(f.get("unsourced", False) for s in act["sections"] for f in s.get("findings", []))
            open_ones = [s for s in sections.values() if any(f.get("unsourced") for f in s.get("findings", []))]
            if act["verb"] == "send_report_for_review":
                assert all(section.get("unsourced_reason") for section in open_ones)
            if act["verb"] == "submit_report":
                assert open_ones == []
        assert seen >= 1


def test_review_is_by_section_and_never_by_an_author():
    for _story, key, acts in reports():
        authors: set[str] = set()
        sections: dict[int, dict[str, Any]] = {}
        accepted: set[int] = set()
        version = 0
        for act in acts:
            if act["verb"] == "write_report":
                authors |= {act["by"], act["co_author"]}
                sections |= {section["number"]: section for section in act["sections"]}
                accepted -= {section["number"] for section in act["sections"]}
                assert act["version"] == version + 1
                version = act["version"]
            elif "report" in act:
                assert act["version"] == version
            if act["verb"] in {"return_section", "accept_section", "submit_report"}:
                assert act["by"] not in authors
            if act["verb"] == "return_section":
                assert any(act["quote"] in text for text in said(sections[act["section"]])), act["quote"]
            if act["verb"] == "accept_section":
                assert not accepted & set(act["sections"])
                accepted |= set(act["sections"])
            if act["verb"] == "submit_report":
                assert accepted == set(range(1, 13)), key


def test_the_prosecutor_answers_every_submission_and_the_last_answer_accepts():
    for _story, _key, acts in reports():
        answers = [act["verb"] for act in acts if act["verb"] in {"submit_report", "respond_report"}]
        assert answers == ["submit_report", "respond_report"] * (len(answers) // 2)
        last = [act for act in acts if act["verb"] == "respond_report"][-1]
        assert last["result"] in {"accepted", "partly"}
        assert last["used_for"]
