"""Welfare activity: one afternoon, several children, a record in the case of each."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import Case, ServiceRecord
from cases.record_kinds import ActivityDetails
from cases.services.recording import Participant, log_activity
from socialwork.core.errors import DomainError, NotVisible, NotYours
from socialwork.people.dossiers import open_dossier
from tests import cast
from tests.factories.occasions import occasion, of_others

TEXT = {"summary": "为老食堂送餐，两小时。"}
DETAILS = ActivityDetails(activity="care_visit", photos="none")


def activity(world, *participants, **more):
    values = {
        "by": world.worker,
        "occasion": occasion(method="", place="community"),
        "details": DETAILS,
        "text": TEXT,
        **more,
    }
    return log_activity(at=timezone.now(), participants=list(participants), **values)


def test_each_child_gets_an_own_record_joined_by_the_activity(world):
    one, two = cast.opened(world), cast.opened(world)
    found = activity(
        world,
        Participant(one, hours=2, evaluation="主动扶老人下楼。"),
        Participant(two, outcome="not_attended", absence_reason="school_exam"),
    )
    assert {record.case_id for record in found} == {one.pk, two.pk}
    assert len({record.activity_id for record in found}) == 1
    by_case = {record.case_id: record for record in found}
    assert (by_case[one.pk].details["hours"], by_case[one.pk].attended) == (2, True)
    assert (by_case[two.pk].details["hours"], by_case[two.pk].absence_class) == (0, "acceptable")
    open_dossier(one.juvenile_id).read(by_case[one.pk])
    assert by_case[one.pk].text["response"] == "主动扶老人下楼。"
    open_dossier(two.juvenile_id).read(by_case[two.pk])
    assert by_case[two.pk].text["response"] == ""


def test_each_child_comes_late_by_itself(world):
    early, late = cast.opened(world), cast.opened(world)
    found = activity(world, Participant(early), Participant(late, outcome="late", late_minutes=40))
    assert {record.case_id: record.late_minutes for record in found} == {early.pk: 0, late.pk: 40}
    with pytest.raises(DomainError) as refused:
        activity(world, Participant(late, outcome="late"), occasion=occasion(method="", hours_ago=6))
    assert refused.value.field == "late_minutes"


def test_one_case_that_is_not_mine_refuses_the_whole(world):
    mine = cast.opened(world)
    other = of_others(world)
    with pytest.raises(NotVisible):
        activity(world, Participant(mine), Participant(other))
    assert not ServiceRecord.objects.exists()
    assert Case.objects.get(pk=mine.pk).state == "accepted"


@pytest.mark.parametrize(
    ("details", "code", "field"),
    [
        (ActivityDetails(activity="care_visit"), "V12", "photos"),
        (ActivityDetails(photos="none"), "required", "activity"),
        (ActivityDetails(activity="hunting", photos="none"), "unknown_term", "activity"),
    ],
)
def test_pictures_are_declared_and_the_activity_named(world, details, code, field):
    with pytest.raises(DomainError) as refusal:
        activity(world, Participant(cast.opened(world)), details=details)
    assert (refusal.value.code, refusal.value.field) == (code, field)


def test_nobody_and_the_same_child_twice_are_refused(world):
    case = cast.opened(world)
    for participants in ([], [Participant(case), Participant(case)]):
        with pytest.raises(DomainError) as refusal:
            activity(world, *participants)
        assert refusal.value.field == "participants"


@pytest.mark.parametrize(
    ("login", "refusal"), [("supervisor", NotYours), ("counsellor", NotYours), ("unassigned", NotVisible)]
)
def test_nobody_else_logs(world, login, refusal):
    with pytest.raises(refusal):
        activity(world, Participant(cast.opened(world)), by=world.people[login])


def test_the_page_offers_own_cases_only_and_takes_several(world, sign_in):
    one, two, other = cast.opened(world), cast.opened(world), of_others(world)
    client = sign_in(world.worker)
    address = reverse("cases:log_activity", args=[one.pk])
    form = client.get(address).context["form"]
    offered = {key for key, _label in form.formsets["participants"].forms[0].fields["case"].choices}
    assert offered == {str(one.pk), str(two.pk)}
    body = {
        "on": form.initial["on"],
        "started": form.initial["started"].strftime("%H:%M"),
        "ended": form.initial["ended"].strftime("%H:%M"),
        "activity": "care_visit",
        "photos": "none",
        "summary": "送餐。",
        "participants-TOTAL_FORMS": "2",
        "participants-INITIAL_FORMS": "0",
        "participants-0-case": str(one.pk),
        "participants-0-outcome": "late",
        "participants-0-late_minutes": "10",
        "participants-0-hours": "2",
        "participants-1-case": str(other.pk),
        "participants-1-outcome": "on_time",
    }
    assert client.post(address, body).status_code == 400
    assert client.post(address, body | {"participants-1-case": str(two.pk)}).status_code == 302
    assert set(ServiceRecord.objects.values_list("case_id", flat=True)) == {one.pk, two.pk}
    more = client.post(address, body | {"_add": "participants"})
    assert len(more.context["form"].formsets["participants"].forms) == 3
