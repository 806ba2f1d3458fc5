"""The list of cases and the page of one: each sees what the role may see, the next act first."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from cases.models import Case
from cases.presenters_timeline import EVENTS, TURNING_POINTS
from cases.services.assessing import assess_case
from cases.services.occasions import Sequel
from cases.states import CASE, PLAN, RECORD, REPORT
from referrals.queries import history_for
from socialwork.access import api as access
from socialwork.audit.models import Access, Event
from tests import cast
from tests.factories.occasions import contact, guided, occasion, plan_in_force, ratings, written_plan

ON_THE_CASE = {"prosecutor", "unit_head", "intake", "manager", "worker", "second", "supervisor", "counsellor"}
TABS = ("detail", "plan", "records", "documents", "people")


def test_a_case_is_seen_by_those_on_it_only(world):
    case = cast.opened(world)
    assert {login for login, person in world.people.items() if access.can(person, "view", case)} == ON_THE_CASE


def test_when_the_agreement_ends_the_work_ends_and_the_managers_window_begins(world):
    case = cast.opened(world)
    today = timezone.localdate()
    world.east_agreement.ends_on = today - dt.timedelta(days=1)
    world.east_agreement.access_until = today + dt.timedelta(days=20)
    world.east_agreement.save()
    seen = {login for login, person in world.people.items() if access.can(person, "view", case)}
    assert seen == {"prosecutor", "unit_head", "intake", "manager"}
    assert not access.can(world.manager, "assign_staff", case)
    world.east_agreement.access_until = today - dt.timedelta(days=1)
    world.east_agreement.save()
    assert not access.can(world.manager, "view", case)


@pytest.mark.parametrize("login", sorted(ON_THE_CASE))
def test_every_part_opens_and_the_reading_is_on_record(world, sign_in, login):
    case = guided(world)
    plan_in_force(world, case)
    contact(world, case)
    client = sign_in(world.people[login])
    for name in TABS:
        assert client.get(reverse(f"cases:{name}", args=[case.pk])).status_code == 200
    assert Access.objects.filter(
        actor_id=world.people[login].pk, outcome="ok", thread_id=case.thread_id
    ).count() == len(TABS)


@pytest.mark.parametrize(("login", "shown"), [("worker", "林小舟"), ("prosecutor", "林小舟"), ("supervisor", None)])
def test_names_are_for_those_who_work_with_names(world, sign_in, login, shown):
    case = cast.opened(world)
    client = sign_in(world.people[login])
    for name in ("detail", "people"):
        text = client.get(reverse(f"cases:{name}", args=[case.pk])).content.decode()
        assert case.juvenile.code in text
        assert ("林小舟" in text) == (shown is not None)
        assert ("10012345678" in text) == (shown is not None and name == "people")
    listed = client.get(reverse("cases:list")).content.decode()
    assert "林小舟" not in listed
    assert ("林某某" in listed) == (shown is not None)


def test_the_history_is_for_the_organ_and_the_managers_each_its_own_readings(world, sign_in):
    case = cast.opened(world)
    address = reverse("cases:history", args=[case.pk])
    sign_in(world.prosecutor).get(reverse("cases:detail", args=[case.pk]))
    assert sign_in(world.worker).get(address).status_code == 403
    organ, agency = sign_in(world.prosecutor).get(address), sign_in(world.manager).get(address)
    assert "起草委托" in organ.content.decode()
    assert "起草委托" not in agency.content.decode()
    readers = {row["cells"][2] for row in agency.context["readings"]["rows"]}
    assert world.prosecutor.name not in readers
    assert world.prosecutor.name in {row["cells"][2] for row in organ.context["readings"]["rows"]}


def test_what_happened_before_two_hundred_records_is_still_told(world, sign_in):
    case = cast.opened(world)
    logged = {"verb": "service_record.logged", "thread_id": case.thread_id, "target_type": "cases.servicerecord", "at": timezone.now()}
    Event.objects.bulk_create(Event(**logged) for _number in range(210))
    with translation.override("zh-hans"):
        accepted = str(EVENTS["referral.accepted"])
    assert accepted in sign_in(world.prosecutor).get(case.get_absolute_url()).content.decode()
    assert {"referral.accepted", "case.opened"} <= {event.verb for event in history_for(world.prosecutor, case.referral)}


def test_the_timeline_joins_acts_records_and_ends_and_can_be_narrowed(world, sign_in):
    case = cast.opened(world)
    contact(world, case, sequel=Sequel(crisis="runaway"))
    client = sign_in(world.worker)
    address = reverse("cases:detail", args=[case.pk])
    titles = [entry["title"] for entry in client.get(address).context["entries"]]
    assert any(title.startswith("提交社会调查报告") for title in titles)
    assert {"帮教记录", "机构受理委托", "标记危机"} <= {str(title) for title in titles}
    only = client.get(address + "?show=records").context["entries"]
    assert [entry["title"] for entry in only] == ["帮教记录"]
    ends = client.get(address + "?show=deadlines").context["entries"]
    assert [entry["ahead"] for entry in ends] == [True]


def test_every_act_of_a_case_has_words(world):
    verbs = {step.verb for machine in (CASE, PLAN, RECORD, REPORT) for step in machine.transitions.values()}
    assert verbs - set(EVENTS) == set()
    assert set(TURNING_POINTS) <= set(EVENTS)


def test_the_one_button_is_what_waits_for_this_person(world, sign_in):
    case = guided(world)
    plan = written_plan(world, case)
    from cases.services.planning import propose_plan

    propose_plan(plan=plan, by=world.worker, at=timezone.now())
    row = assess_case(
        case=case, by=world.worker, at=timezone.now(), version=0, occasion="start", ratings=ratings(family=3),
        protective=[], text={"minors_view": "想学手艺"},
    )  # fmt: skip
    address = reverse("cases:detail", args=[case.pk])
    expected = {
        "worker": reverse("cases:log_contact", args=[case.pk]),
        "counsellor": reverse("cases:log_counselling", args=[case.pk]),
        "prosecutor": reverse("cases:plan", args=[case.pk]),
        "supervisor": reverse("cases:confirm_assessment", args=[row.pk]),
    }
    for login, url in expected.items():
        assert sign_in(world.people[login]).get(address).context["primary"]["url"] == url


def test_an_investigation_begins_with_an_interview(world, sign_in):
    case = cast.opened(world)
    page = sign_in(world.worker).get(reverse("cases:detail", args=[case.pk]))
    assert page.context["primary"]["url"] == reverse("cases:log_interview", args=[case.pk])


# ---------------------------------------------------------------- the list


def numbers(page):
    return [row["cells"][0]["text"] for row in page.context["worklist"]["rows"]]


def test_the_list_is_what_the_person_may_see_next_due_first(world, sign_in):
    later, sooner = guided(world), cast.opened(world)
    for login in ("worker", "second", "supervisor", "counsellor", "manager", "prosecutor", "unit_head"):
        assert numbers(sign_in(world.people[login]).get(reverse("cases:list"))) == [sooner.number, later.number]
    for login in ("unassigned", "colleague", "worker_elsewhere", "manager_elsewhere", "unit_head_elsewhere"):
        assert numbers(sign_in(world.people[login]).get(reverse("cases:list"))) == []
    for login in ("civil_affairs", "auditor", "clerk", "organ_admin"):
        assert sign_in(world.people[login]).get(reverse("cases:list")).status_code == 404
    contact(world, later)
    newest = sign_in(world.worker).get(reverse("cases:list") + "?sort=new")
    assert numbers(newest) == [later.number, sooner.number]


def test_filters_narrow_it_and_stand_as_chips(world, sign_in):
    overdue, week, far = cast.opened(world), guided(world), guided(world)
    now = timezone.now()
    Case.objects.filter(pk=overdue.pk).update(next_due_at=now - dt.timedelta(days=2), risk_level="high")
    Case.objects.filter(pk=week.pk).update(next_due_at=now + dt.timedelta(days=3))
    Case.objects.filter(pk=far.pk).update(
        **{"state": "cancelled", "closed_at": now, "closed_by": world.prosecutor, "closure_reason": "moved"}
    )
    client = sign_in(world.manager)

    def listed(query):
        return set(numbers(client.get(reverse("cases:list") + query)))

    assert listed("") == {overdue.number, week.number}
    assert listed("?state=all") == {overdue.number, week.number, far.number}
    assert listed("?state=cancelled") == {far.number}
    assert listed("?due=overdue") == {overdue.number}
    assert listed("?due=week") == {week.number}
    assert listed("?risk=high") == {overdue.number}
    assert listed("?service=guidance") == {week.number}
    assert listed(f"?worker={world.second.pk}") == {overdue.number, week.number}
    assert listed(f"?worker={world.unassigned.pk}") == set()
    assert listed("?risk=nonsense&service=1' OR 1=1") == {overdue.number, week.number}
    page = client.get(reverse("cases:list") + "?due=overdue&risk=high")
    assert [chip["remove_url"] for chip in page.context["worklist"]["filters"]] == ["?due=overdue", "?risk=high"]
    row = page.context["worklist"]["rows"][0]
    due = row["cells"][3].html
    assert row["tone"] == "danger" and "due-danger" in due and "逾期" in due


def test_what_changed_since_the_last_look_is_unread(world, sign_in):
    case = cast.opened(world)
    client = sign_in(world.worker)

    def unread():
        return bool(client.get(reverse("cases:list")).context["worklist"]["rows"][0]["cells"][0]["state"])

    assert unread()
    client.get(reverse("cases:detail", args=[case.pk]))
    assert not unread()
    contact(world, case, by=world.second)
    assert unread()


def test_pages_of_the_list_follow_each_other(world, sign_in):
    from socialwork.access import listing

    made = [guided(world).number for _ in range(3)]
    page = listing.list_rows(Case, world.worker, sort=listing.Sort("next_due_at"), size=2)
    rest = listing.list_rows(Case, world.worker, sort=listing.Sort("next_due_at"), size=2, cursor=page.next_cursor)
    assert sorted(case.number for case in page.rows + rest.rows) == sorted(made)


def test_the_cost_of_list_and_page_does_not_grow_with_the_rows(world, sign_in):
    client = sign_in(world.worker)

    def cost(address):
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    case = guided(world)
    plan_in_force(world, case)
    contact(world, case)
    addresses = [reverse("cases:list"), *(reverse(f"cases:{name}", args=[case.pk]) for name in TABS)]
    before = [cost(address) for address in addresses]
    for number in range(2):
        guided(world)
        contact(world, case, occasion=occasion(hours_ago=10 * (number + 1)))
    assert [cost(address) for address in addresses] == before


# ---------------------------------------------------------------- the team


def test_the_team_page_counts_what_the_leader_sees(world, sign_in):
    case = guided(world)
    Case.objects.filter(pk=case.pk).update(next_due_at=timezone.now() - dt.timedelta(days=1), risk_level="high")
    contact(world, cast.opened(world))
    page = sign_in(world.manager).get(reverse("cases:team"))
    rows = {row["cells"][0]["text"]: row["cells"][1:] for row in page.context["load"]["rows"]}
    lead, second = rows[world.worker.name], rows[world.second.name]
    assert [lead[0]["text"], lead[1], lead[2], lead[3], lead[4]["text"], lead[5], lead[6]] == [2, 2, 0, 5, 1, 1, 1]
    assert [second[0]["text"], second[1], second[2], second[3]] == [2, 0, 2, 2]
    assert sign_in(world.supervisor).get(reverse("cases:team")).status_code == 200
    for login in ("worker", "prosecutor", "civil_affairs"):
        assert sign_in(world.people[login]).get(reverse("cases:team")).status_code == 404
    elsewhere = sign_in(world.manager_elsewhere).get(reverse("cases:team"))
    assert world.worker.name not in elsewhere.content.decode()
