"""The referrals beside the stories: every state occurs, everybody has something to do, and nobody in them can exist."""
from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from stdnum.cn import ric

from cases.models import Case, Plan, Report, ServiceRecord
from cases.states import CaseState, PlanState, RecordState, ReportState
from referrals.models import Referral
from referrals.states import ReferralState
from socialwork.access.roles import Role
from socialwork.accounts.models import LastSeen, User
from socialwork.audit.models import Event
from socialwork.core.models import FormDraft
from socialwork.deadlines.models import Deadline
from socialwork.demo.filler.diary import minutes
from socialwork.demo.filler.making import further_matters
from socialwork.demo.loading import stories
from socialwork.demo.stage import RECORD_CONSENT, Story
from socialwork.demo.words import read
from socialwork.notifications.models import Notice
from socialwork.people.dossiers import read_across
from socialwork.people.models import Guardian, Identity

# Who is asked to do something; those who only look after accounts, systems and records are not.
ASKED = set(Role) - {Role.ORGAN_ADMIN, Role.SYSTEM_OPERATOR, Role.AUDITOR, Role.CIVIL_AFFAIRS_OFFICER, Role.SUPERVISOR}
MOST_ALIKE = 2


@cache
def filler() -> Story:
    return further_matters(stories())


def said(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from said(item)
    elif isinstance(value, list):
        for item in value:
            yield from said(item)


def signed_in_as(role: Role) -> User:
    """The person whose sign-in is printed for the role: the first of the file who may."""
    logins = [entry["login"] for entry in read(settings.DEMO_DIR / "people.toml")["staff"]]
    people = {user.login: user for user in User.objects.filter(is_active=True, roles__contains=[role])}
    return next(people[login] for login in logins if login in people)


def test_it_is_the_same_every_time() -> None:
    again = further_matters(stories())
    assert (again.children, again.matters, again.acts) == (filler().children, filler().matters, filler().acts)
    assert 55 <= len(filler().matters) <= 80


def test_nothing_lies_ahead_and_the_years_are_covered() -> None:
    days = [act["day"] for act in filler().acts]
    assert max(days) < 0
    assert min(days) < -600
    for act in filler().acts:
        assert "start" not in act or minutes(act["start"]) < minutes(act["end"]) <= minutes(act["time"])


def test_every_act_has_the_fields_of_its_verb() -> None:
    # The stories hold no cancelled case, so their schema has no shape for it.
    verbs = {**read(settings.DEMO_DIR / "schema.toml")["verbs"], "cancel_case": {"required": ["case", "records"]}}
    for act in filler().acts:
        if act["verb"] != RECORD_CONSENT:
            assert set(verbs[act["verb"]]["required"]) <= set(act), act["verb"]


def test_names_and_numbers_are_nobodys() -> None:
    people = [person for child in filler().children.values() for person in [child, *child["guardians"]]]
    children = [child for story in stories() for child in story.children.values()]
    told = [person for child in children for person in [child, *child["guardians"]]]
    staff = [entry["name"] for entry in read(settings.DEMO_DIR / "people.toml")["staff"]]
    names = Counter([*staff, *(person["name"] for person in [*told, *people])])
    assert [name for name, count in names.items() if count > 1] == []
    phones = [person["phone"] for person in [*told, *people]]
    assert len(set(phones)) == len(phones)
    assert [phone for phone in phones if not re.fullmatch("100[0-9]{8}", phone)] == []


def test_no_text_calls_anybody_by_name_and_all_are_respectful() -> None:
    texts = list(said(filler().acts)) + list(said([matter["facts"] for matter in filler().matters.values()]))
    people = [person["name"] for child in filler().children.values() for person in [child, *child["guardians"]]]
    for text in texts:
        assert not [name for name in people if name in text]
        assert not [word for word in ("罪犯", "犯人", "问题少年", "失足", "坏孩子", "{") if word in text]


def test_no_two_files_read_alike() -> None:
    records = Counter(act["summary"] for act in filler().acts if act["verb"] in {"log_contact", "log_interview"})
    events = Counter(matter["facts"][0]["text"] for matter in filler().matters.values() if "previous" not in matter)
    assert [text for text, count in records.items() if count > MOST_ALIKE] == []
    assert [text for text, count in events.items() if count > 1] == []
    assert sum(count > 1 for count in records.values()) <= len(records) // 3


@pytest.mark.django_db
def test_every_state_occurs(demo: str) -> None:
    assert set(Referral.objects.values_list("state", flat=True)) == set(ReferralState)
    assert set(Case.objects.values_list("state", flat=True)) == set(CaseState)
    assert set(Report.objects.values_list("state", flat=True)) == set(ReportState)
    assert set(ServiceRecord.objects.values_list("state", flat=True)) == set(RecordState)
    # A plan is proposed or adopted in one go with its writing, so none lies as a draft.
    assert set(Plan.objects.values_list("state", flat=True)) >= set(PlanState) - {PlanState.DRAFT}


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(ASKED))
def test_everybody_finds_something_to_do_today(demo: str, sign_in: Any, role: Role) -> None:
    page = sign_in(signed_in_as(role)).get("/")
    assert page.status_code == 200
    assert page.context["acts"]


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(set(Role)))
def test_every_sign_in_opens_its_first_page(demo: str, sign_in: Any, role: Role) -> None:
    assert sign_in(signed_in_as(role)).get("/").status_code == 200


@pytest.mark.django_db
def test_the_supervisor_has_records_and_reports_to_read(demo: str) -> None:
    supervisor = signed_in_as(Role.SUPERVISOR)
    assert Report.objects.filter(case__supervisor=supervisor, state=ReportState.IN_REVIEW).count() >= 2
    assert ServiceRecord.objects.filter(supervisor=supervisor, state=RecordState.SUBMITTED).count() >= 5


@pytest.mark.django_db
def test_some_is_overdue_some_soon_and_none_in_the_future(demo: str) -> None:
    now = timezone.now()
    prosecutor = signed_in_as(Role.PROSECUTOR)
    assert Referral.objects.filter(prosecutor=prosecutor, state=ReferralState.ISSUED, next_due_at__lt=now).exists()
    open_clocks = Deadline.objects.running()
    assert open_clocks.filter(due_at__lt=now).count() >= 3
    assert open_clocks.filter(due_at__gte=now, due_at__lt=now + dt.timedelta(days=7)).count() >= 3
    assert not Event.objects.filter(at__gt=now).exists()
    assert not ServiceRecord.objects.filter(submitted_at__gt=now).exists()
    assert not Notice.objects.filter(created_at__gt=now).exists()


@pytest.mark.django_db
def test_old_notices_are_read_and_new_ones_are_not(demo: str) -> None:
    assert Notice.objects.filter(read_at=None).exists()
    assert Notice.objects.exclude(read_at=None).exists()
    assert LastSeen.objects.exists()
    assert FormDraft.objects.count() >= 2


@pytest.mark.django_db
def test_no_identity_can_be_real(demo: str) -> None:
    identities = list(Identity.objects.select_related("juvenile"))
    guardians = list(Guardian.objects.all())
    read_across((row.juvenile_id, row) for row in [*identities, *guardians])
    numbers = [row.text["id_number"] for row in identities]
    assert len(set(numbers)) == len(numbers) > 60
    for number in numbers:
        assert number.startswith("99")
        assert number[-1] == ric.calc_check_digit(number)
    assert all(row.text["phone"].startswith("100") for row in guardians)
