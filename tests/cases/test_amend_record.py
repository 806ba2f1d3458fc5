"""A submitted record is corrected, not overwritten: reason, old and new side by side, until a report rests on it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import Amendment, ReviewComment, ServiceRecord
from cases.queries_records import covered_goals
from cases.record_kinds import ContactDetails, CounsellingDetails
from cases.services.amending import Correction, amend_record
from cases.services.recording import log_counselling
from cases.services.reviewing import return_record, review_record
from socialwork.access import api as access
from socialwork.audit.models import Event
from socialwork.core.errors import DomainError, Moved, NotVisible, NotYours, Stale
from socialwork.people.dossiers import open_dossier
from tests import cast
from tests.factories import records
from tests.factories.occasions import SUMMARY, consent, contact, guided, occasion, plan_in_force

NEW = "家中只有邻居在，约定晚上九点前回家。"


def correction(record, **more):
    start = record.started_at
    values = {
        "occasion": occasion(method=record.method, place=record.place),
        "details": ContactDetails(),
        "text": {"summary": NEW},
        **more,
    }
    if "occasion" not in more:
        values["occasion"] = type(values["occasion"])(
            started_at=start,
            ended_at=start + dt.timedelta(minutes=record.lasted),
            method=record.method,
            place=record.place,
        )
    return Correction(**values)


def amend(world, record, **more):
    values = {"by": world.worker, "version": record.version, "reason": "邻居补充说明。"}
    values |= {name: more.pop(name) for name in ("by", "version", "reason") if name in more}
    return amend_record(record=record, at=timezone.now(), correction=correction(record, **more), **values)


def test_old_and_new_are_kept_with_the_reason(world):
    case = cast.opened(world)
    record = contact(world, case)
    changed = amend(world, record, details=ContactDetails(mood=2))
    assert (changed.version, changed.state, changed.amended_by) == (2, "submitted", world.worker)
    row = Amendment.objects.get(record=record)
    open_dossier(case.juvenile_id).read(row, changed)
    assert row.fields == ["details.mood", "summary"]
    assert (row.text["before"]["summary"], row.text["after"]["summary"]) == (SUMMARY, NEW)
    assert (row.text["reason"], changed.text["summary"]) == ("邻居补充说明。", NEW)
    assert Event.objects.get(verb="service_record.amended").facts["fields"] == ["details.mood", "summary"]


def test_a_correction_must_be_read_again_and_settles_the_comments(world):
    record = contact(world, cast.opened(world))
    return_record(record=record, by=world.supervisor, at=timezone.now(), comment="写明谁在场。", quote="祖母")
    changed = amend(world, ServiceRecord.objects.get(pk=record.pk))
    assert changed.state == "submitted"
    assert ReviewComment.objects.get().settled_by == world.worker
    review_record(record=changed, by=world.supervisor, at=timezone.now())
    again = amend(world, changed, text={"summary": SUMMARY})
    assert (again.state, again.reviewed_by) == ("submitted", None)


def test_goals_are_part_of_it(world):
    case = guided(world)
    plan_in_force(world, case)
    one, two = covered_goals(case)
    record = contact(world, case, goals={one.row.pk: "done"})
    amend(world, record, text={"summary": SUMMARY}, goals={two.row.pk: "partly"})
    row = Amendment.objects.get()
    open_dossier(case.juvenile_id).read(row)
    assert row.fields == ["goals"]
    assert (row.text["before"]["goals"], row.text["after"]["goals"]) == ({one.words: "done"}, {two.words: "partly"})


@pytest.mark.parametrize(
    ("more", "error", "field"),
    [
        ({"reason": " "}, DomainError, "reason"),
        ({"text": {"summary": ""}}, DomainError, "summary"),
        ({"text": {"summary": "长" * 501}}, DomainError, "summary"),
        ({"text": {"summary": SUMMARY}}, DomainError, None),
        ({"version": 7}, Stale, None),
        ({"occasion": occasion(minutes=-5)}, DomainError, "ended"),
        ({"details": ContactDetails(mood=7)}, DomainError, "mood"),
    ],
)
def test_what_is_wrong_changes_nothing(world, more, error, field):
    record = contact(world, cast.opened(world))
    with pytest.raises(error) as refusal:
        amend(world, record, **more)
    assert refusal.value.field == field
    assert not Amendment.objects.exists()
    assert ServiceRecord.objects.get().version == 1


def test_a_record_a_submitted_report_rests_on_stays(world):
    report = records.with_prosecutor(world)
    cited = ServiceRecord.objects.filter(cited_by__isnull=False).first()
    with pytest.raises(Moved):
        amend(world, cited, by=report.case.lead)


@pytest.mark.parametrize(
    ("login", "refusal"),
    [
        ("supervisor", NotYours),
        ("manager", NotYours),
        ("prosecutor", NotYours),
        ("counsellor", NotVisible),
        ("unassigned", NotVisible),
        ("worker_elsewhere", NotVisible),
    ],
)
def test_nobody_else_corrects(world, login, refusal):
    record = contact(world, cast.opened(world))
    with pytest.raises(refusal):
        amend(world, record, by=world.people[login])


def test_the_second_worker_may(world):
    record = contact(world, cast.opened(world), occasion=occasion(co_worker=world.second))
    changed = amend(world, record, by=world.second)
    assert (changed.amended_by, changed.co_worker) == (world.second, world.second)


def test_the_correction_of_a_counselling_note_is_the_counsellors_own(world, sign_in):
    case = guided(world, ("psych_counselling",))
    consent(world, case)
    record = log_counselling(
        case=case, by=world.counsellor, at=timezone.now(), occasion=occasion(method="face"),
        details=CounsellingDetails(session=1), note={"progress": "愿意谈祖母。"},
    )  # fmt: skip
    with pytest.raises(NotYours):
        amend(world, record, by=world.worker, details=CounsellingDetails(session=2), text={})
    amend(
        world,
        record,
        by=world.counsellor,
        details=CounsellingDetails(session=2),
        text={},
        note={"progress": "愿意谈父亲。"},
    )
    facts, note = Amendment.objects.order_by("fields")
    assert (facts.fields, note.fields) == (["details.session"], ["note"])
    seen = {login for login, person in world.people.items() if access.can(person, "view", note)}
    assert seen == {"counsellor"}
    assert access.can(world.supervisor, "view", facts)
    assert "父亲" not in sign_in(world.supervisor).get(record.get_absolute_url()).content.decode()
    own = sign_in(world.counsellor).get(record.get_absolute_url())
    assert "愿意谈父亲" in own.content.decode()


@pytest.mark.parametrize("hour", [10, 23])
def test_the_page_is_the_form_as_it_was_filled_in(world, sign_in, hour):
    """In the morning, and over midnight."""
    start = timezone.localtime().replace(hour=hour, minute=15, second=0, microsecond=0) - dt.timedelta(days=2)
    case = guided(world)
    plan_in_force(world, case)
    goal = covered_goals(case)[0]
    record = contact(
        world, case, goals={goal.row.pk: "done"},
        details=ContactDetails(topics=("family",), mood=3, present=("father",)),
        occasion=replace(
            occasion(outcome="late", late_minutes=10), started_at=start, ended_at=start + dt.timedelta(minutes=80)
        ),
    )  # fmt: skip
    client = sign_in(world.worker)
    address = reverse("cases:amend_record", args=[record.pk])
    form = client.get(address).context["form"]
    assert form.initial["outcome"] == "late"
    body = {}
    for name, field in form.fields.items():
        value = form.initial.get(name)
        if value not in (None, "", False):
            body[name] = value.strftime("%H:%M") if isinstance(value, dt.time) else value
        assert field.label
    body |= {"_version": str(record.version), "reason": "补充"}
    unchanged = client.post(address, body)
    assert unchanged.status_code == 400
    assert "没有任何改动" in unchanged.content.decode()
    assert not Amendment.objects.exists()
    assert client.post(address, body | {"summary": NEW}).status_code == 302
    shown = client.get(record.get_absolute_url())
    assert "补充" in shown.content.decode()
    assert [row["new"] for row in shown.context["amendments"][0]["rows"]] == [NEW]
    assert client.post(address, body | {"summary": "又一次"}).status_code == 409


def test_the_reason_stands_under_its_own_heading(world, sign_in):
    record = contact(world, cast.opened(world))
    page = sign_in(world.worker).get(reverse("cases:amend_record", args=[record.pk]))
    steps = {step["title"]: step["fields"] for step in page.context["sections"]}
    assert [title[:2] for title in steps] == ["1.", "2.", "3.", "4."]
    assert steps["4. 更正原因"] == ["reason"] and "next_on" in steps["3. 后续"]
