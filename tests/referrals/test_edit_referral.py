"""Writing the draft: any order, nothing lost, two texts where two people wrote."""
from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals.models import BriefParagraph, Referral
from referrals.services import edit_referral
from socialwork.audit.models import Event
from socialwork.organisations.models import AgreementService
from socialwork.people.dossiers import open_dossier
from socialwork.people.models import Guardian
from tests import cast
from tests.referrals.bodies import FACTS, KEPT, REQUEST, draft_body


def address(row, name="edit_referral"):
    return reverse(f"referrals:{name}", args=[row.pk])


def paragraphs(row):
    rows = list(BriefParagraph.objects.filter(referral=row).order_by("position"))
    open_dossier(row.juvenile_id).read(*rows)
    return [(p.kind, p.text["body"], p.shared) for p in rows]


@pytest.fixture
def draft(world):
    return cast.draft(world)


@pytest.fixture
def writer(world, sign_in):
    return sign_in(world.prosecutor)


def test_the_whole_page_is_saved(world, draft, writer):
    father = Guardian.objects.get(juvenile=draft.juvenile)
    body = draft_body(
        draft, services={"social_investigation": 1, "psych_counselling": 6}, agreement=str(world.east_agreement.pk),
        guardians=[str(father.pk)], joint_offence="on", incident="2026-刑-18",
    )
    response = writer.post(address(draft), body)
    assert response.headers["Location"] == address(draft)
    draft.refresh_from_db()
    assert (draft.charge, draft.custody, draft.joint_offence, draft.incident) == ("snatching", "bail", True, "2026-刑-18")
    assert (draft.agency, draft.agreement, draft.age_at_offence) == (world.east_agency, world.east_agreement, 15)
    assert {line.service_type: line.quantity for line in draft.services.all()} == {"social_investigation": 1, "psych_counselling": 6}
    assert paragraphs(draft) == [FACTS, KEPT, REQUEST]
    assert [link.guardian for link in draft.guardian_links.all()] == [father]
    assert Event.objects.filter(verb="referral.edited", thread_id=draft.pk).count() == 1


def test_an_empty_page_can_be_saved(draft, writer):
    body = draft_body(
        draft, services={}, paragraphs=[], subject_type="", stage="", custody="", charge="", offence_on="", district="",
    )
    assert writer.post(address(draft), body).status_code == 302
    draft.refresh_from_db()
    assert (draft.stage, draft.due_on, draft.district) == ("", None, None)


def test_the_limit_is_proposed_with_its_reason_and_kept(draft, writer):
    assert writer.post(address(draft), draft_body(draft)).status_code == 302
    draft.refresh_from_db()
    page = writer.get(address(draft))
    assert draft.due_rule == "D2b"
    assert draft.due_on >= timezone.localdate() + dt.timedelta(days=15)
    limit = page.context["limit"]
    assert "提交社会调查报告" in limit["text"] and "本地约定" in limit["basis"]
    assert page.context["form"]["due_choice"].value() == "proposed"


def test_another_day_may_be_chosen(draft, writer):
    day = timezone.localdate() + dt.timedelta(days=5)
    assert writer.post(address(draft), draft_body(draft, due_choice="other", due_on=day.isoformat())).status_code == 302
    draft.refresh_from_db()
    assert (draft.due_on, draft.due_rule) == (day, "D2b")
    assert writer.get(address(draft)).context["form"]["due_choice"].value() == "other"


def test_the_clerk_writes_but_does_not_submit(world, draft, sign_in):
    clerk = sign_in(world.clerk)
    assert clerk.get(address(draft)).context["may_submit"] is False
    assert clerk.post(address(draft), draft_body(draft)).status_code == 302
    draft.refresh_from_db()
    assert draft.prosecutor == world.prosecutor


def test_others_are_refused(world, draft, sign_in):
    for person, status in ((world.unit_head, 403), (world.colleague, 404), (world.intake, 404), (world.prosecutor_elsewhere, 404)):
        for answer in (sign_in(person).get(address(draft)), sign_in(person).post(address(draft), draft_body(draft))):
            assert answer.status_code == status
        assert sign_in(person).post(address(draft, "edit_referral_live"), draft_body(draft)).status_code == status


def test_what_was_sent_is_not_edited_any_more(world, writer):
    sent = cast.issued(world)
    response = writer.post(address(sent), draft_body(sent))
    assert response.status_code == 409
    assert FACTS[1] in response.content.decode()


def test_a_stale_tab_gets_both_texts(world, draft, writer):
    edit_referral(
        referral=draft, by=world.clerk, at=timezone.now(), version=draft.version, fields={"stage": "trial"},
        services={"guidance": 2}, paragraphs=[("facts", "书记员写的案情。", True)],
    )
    draft.version = 1
    response = writer.post(address(draft), draft_body(draft))
    assert response.status_code == 409
    rows = {row["label"]: row for row in response.context["conflict"]}
    assert rows["诉讼阶段"]["old"] == "审判" and rows["诉讼阶段"]["new"] == "审查起诉"
    assert "书记员写的案情" in rows["提供给机构的情况"]["old"] and FACTS[1] in rows["提供给机构的情况"]["new"]
    assert rows["委托服务"]["old"] == "观护帮教 × 2"
    assert paragraphs(draft) == [("facts", "书记员写的案情。", True)]
    again = draft_body(draft, _version=str(response.context["version"]))
    assert writer.post(address(draft), again).status_code == 302
    assert paragraphs(draft) == [FACTS, KEPT, REQUEST]


def test_a_double_click_saves_once(draft, writer):
    body = draft_body(draft)
    assert writer.post(address(draft), body).status_code == 302
    assert writer.post(address(draft), body).status_code == 302
    assert Event.objects.filter(verb="referral.edited").count() == 1


def test_the_back_button_does_not_overwrite(draft, writer):
    body = draft_body(draft)
    assert writer.post(address(draft), body).status_code == 302
    response = writer.post(address(draft), {**body, "charge": "theft"})
    assert response.status_code == 422
    assert response.context["form"]["charge"].value() == "theft"
    assert Referral.objects.get().charge == "snatching"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"offence_on": "2999-01-01"}, "offence_on"),
        ({"offence_on": "1990-01-01"}, "offence_on"),
        ({"offence_on": "morgen"}, "offence_on"),
        ({"stage": "x"}, "stage"),
        ({"district": "999999"}, "district"),
        ({"agreement": "x"}, "agreement"),
        ({"urgency": "later"}, "urgency"),
        ({"incident": "x" * 61}, "incident"),
        ({"due_choice": "other", "due_on": "2026-02-30"}, "due_on"),
        ({"behaviours": ["truancy", "x"]}, "behaviours"),
    ],
)
def test_bad_input_is_named_at_its_field(draft, writer, changes, field):
    response = writer.post(address(draft), draft_body(draft, **changes))
    assert response.status_code == 400
    assert list(response.context["form"].errors) == [field]
    assert FACTS[1] in response.content.decode()
    assert paragraphs(draft) == []


def test_an_act_before_birth_is_named(world, draft, writer):
    day = timezone.localdate() - dt.timedelta(days=366 * 20)
    response = writer.post(address(draft), draft_body(draft, offence_on=day.isoformat()))
    assert response.status_code == 400
    assert "offence_on" in response.context["form"].errors


@pytest.mark.parametrize(
    ("services", "paragraphs_typed", "part"),
    [
        ({"social_investigation": 0}, (FACTS,), "services"),
        ({"social_investigation": 1000}, (FACTS,), "services"),
        ({"x": 1}, (FACTS,), "services"),
        ({"guidance": 1}, (("facts", "字" * 100_000, True),), "paragraphs"),
        ({"guidance": 1}, (("", "没有类别的一段。", True),), "paragraphs"),
    ],
)
def test_bad_rows_are_named_in_the_row(draft, writer, services, paragraphs_typed, part):
    response = writer.post(address(draft), draft_body(draft, services=services, paragraphs=paragraphs_typed))
    assert response.status_code == 400
    assert any(response.context["form"].formsets[part].errors)
    assert not draft.services.exists()


def test_a_service_named_twice_is_refused(draft, writer):
    body = draft_body(draft, services={"guidance": 1, "family_education": 1})
    body["services-1-service_type"] = "guidance"
    response = writer.post(address(draft), body)
    assert response.status_code == 400
    assert response.context["form"].formsets["services"].non_form_errors()


@pytest.mark.parametrize("text", ["😀 表情", "𠮷野家门前", "阿依古丽·买买提", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "第一行\r\n第二行"])
def test_any_text_is_kept_as_it_was_typed(draft, writer, text):
    assert writer.post(address(draft), draft_body(draft, paragraphs=[("facts", text, True)])).status_code == 302
    assert paragraphs(draft)[0][1].split() == text.split()
    page = writer.get(address(draft)).content.decode()
    assert "<script>alert" not in page


def test_a_removed_row_is_gone(draft, writer):
    body = draft_body(draft)
    body["paragraphs-1-DELETE"] = "on"
    assert writer.post(address(draft), body).status_code == 302
    assert paragraphs(draft) == [FACTS, REQUEST]


def test_a_row_is_added_without_scripts(draft, writer):
    response = writer.post(address(draft), draft_body(draft, _add="paragraphs"))
    assert response.status_code == 200
    assert len(response.context["form"].formsets["paragraphs"].forms) == 4
    assert response.context["form"].formsets["paragraphs"].forms[0]["body"].value() == FACTS[1]


def test_text_typed_before_the_session_ended_is_there_again(world, draft, sign_in):
    typed = {name: value for name, value in draft_body(draft).items() if name != "_key"}
    saved = sign_in(world.prosecutor).post(reverse("save_draft", args=["edit_referral", draft.pk]), typed)
    assert saved.status_code == 200
    page = sign_in(world.prosecutor).get(address(draft))
    assert page.context["form"].formsets["paragraphs"].forms[0]["body"].value() == FACTS[1]
    assert page.context["saved_at"] and not page.context["form"].errors
    assert [p["body"] for p in page.context["brief"]["paragraphs"]] == [FACTS[1], REQUEST[1]]


def test_a_kept_text_does_not_overwrite_what_was_saved_meanwhile(world, draft, sign_in):
    typed = {name: value for name, value in draft_body(draft).items() if name != "_key"}
    sign_in(world.prosecutor).post(reverse("save_draft", args=["edit_referral", draft.pk]), typed)
    sign_in(world.clerk).post(address(draft), draft_body(draft, charge="theft"))
    page = sign_in(world.prosecutor).get(address(draft))
    assert str(page.context["version"]) == "1"
    assert sign_in(world.prosecutor).post(address(draft), draft_body(draft, _version="1")).status_code == 409


def test_the_live_column_shows_what_is_typed_and_writes_nothing(draft, writer):
    body = draft_body(draft)
    response = writer.post(address(draft, "edit_referral_live"), body)
    page = response.content.decode()
    assert FACTS[1] in page and REQUEST[1] in page and KEPT[1] not in page
    assert 'id="draft-agencies"' in page
    again = writer.post(address(draft, "edit_referral_live"), {**body, "_offers": response.context["offers_mark"]})
    assert 'id="draft-agencies"' not in again.content.decode()
    assert not draft.services.exists() and paragraphs(draft) == []


def test_submitting_with_gaps_leads_back_with_links_to_them(draft, writer):
    body = draft_body(draft, charge="", paragraphs=[KEPT], _then="submit")
    response = writer.post(address(draft), body)
    assert response.headers["Location"] == f"{address(draft)}?missing=1"
    page = writer.get(response.headers["Location"])
    links = {blocker["url"] for blocker in page.context["blockers"]}
    assert {"#id_charge", "#brief", "#agency"} <= links
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_whole_draft_leads_on_to_submitting(world, draft, writer):
    body = draft_body(draft, agreement=str(world.east_agreement.pk), _then="submit")
    assert writer.post(address(draft), body).headers["Location"] == address(draft, "submit_referral")


# --- the choice of an agency ---


def rows_of(writer, draft):
    table = writer.get(address(draft)).context["agencies"]
    return [row["name"] for row in table["rows"]], [row["name"] for row in table["others"]]


def test_only_agencies_whose_agreement_covers_service_district_and_date_are_offered(world, draft, writer):
    writer.post(address(draft), draft_body(draft))
    assert rows_of(writer, draft) == (["启航社工中心"], [])
    draft.refresh_from_db()
    writer.post(address(draft), draft_body(draft, district="110101"))
    assert rows_of(writer, draft) == ([], ["启航社工中心"])
    draft.refresh_from_db()
    writer.post(address(draft), draft_body(draft, services={"job_help": 1}))
    assert rows_of(writer, draft) == ([], ["启航社工中心"])


def test_free_places_are_what_is_left_of_the_quota(world, draft, writer):
    AgreementService.objects.filter(version__agreement=world.east_agreement, service_type="social_investigation").update(quota=3)
    cast.submitted(world)
    cast.opened(world)
    writer.post(address(draft), draft_body(draft))
    row = writer.get(address(draft)).context["agencies"]["rows"][0]
    assert [(place["service"], place["free"]) for place in row["places"]] == [("社会调查", 1)]


def test_working_for_the_other_side_is_warned_of(world, draft, writer):
    cast.issued(
        world, by="prosecutor", services=("psych_counselling",), subject_type="juvenile_victim", incident="甲", charge="",
    )
    writer.post(address(draft), draft_body(draft, incident="甲"))
    notes = writer.get(address(draft)).context["agencies"]["rows"][0]["notes"]
    assert [note["tone"] for note in notes] == ["warn"]
    assert "另一方" in str(notes[0]["text"])


def test_an_ended_agreement_is_said_and_not_kept(world, draft, writer):
    writer.post(address(draft), draft_body(draft, agreement=str(world.east_agreement.pk)))
    world.east_agreement.ends_on = timezone.localdate() - dt.timedelta(days=1)
    world.east_agreement.save()
    page = writer.get(address(draft))
    assert page.context["agencies"]["lost"]
    draft.refresh_from_db()
    refused = writer.post(address(draft), draft_body(draft, agreement=str(world.east_agreement.pk)))
    assert refused.status_code == 400 and "agreement" in refused.context["form"].errors


def test_the_same_child_referred_by_a_colleague_is_mentioned_without_the_matter(world, draft, writer):
    other = cast.draft(world, juvenile=draft.juvenile)
    Referral.objects.filter(pk=other.pk).update(prosecutor=world.colleague)
    page = writer.get(address(draft))
    assert page.context["hidden"] is True
    assert str(other.pk) not in page.content.decode()


def test_the_identity_is_shown_to_those_who_may_know_it(world, draft, writer, sign_in):
    assert "林小舟" in writer.get(address(draft)).content.decode()
    assert "林小舟" in sign_in(world.clerk).get(address(draft)).content.decode()
