"""Loaded once: the stories reach their ends, every state occurs, and everybody has something to do."""
from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from stdnum.cn import ric

from cases.models import Case, MonthlyReport, Plan, Report, ServiceRecord
from cases.services.months import MONTHLY_CLOCK, differences, end_months
from cases.states import CaseState, PlanState, RecordState, ReportState
from referrals.models import Referral
from referrals.states import ReferralState
from socialwork.access.roles import Role
from socialwork.accounts.models import LastSeen, User
from socialwork.audit.models import Event
from socialwork.core.models import FormDraft
from socialwork.deadlines.models import Deadline
from socialwork.demo.filler.making import further_matters
from socialwork.demo.loading import stories
from socialwork.demo.words import read
from socialwork.notifications.models import Notice, Outgoing
from socialwork.people.dossiers import open_dossier, read_across
from socialwork.people.models import Guardian, Identity
from tests.socialwork.demo.conftest import load

pytestmark = pytest.mark.django_db
# Who is asked to do something; those who only look after accounts, systems and records are not.
ASKED = set(Role) - {Role.ORGAN_ADMIN, Role.SYSTEM_OPERATOR, Role.AUDITOR, Role.CIVIL_AFFAIRS_OFFICER, Role.SUPERVISOR}


def test_the_stories_reach_their_ends(demo: str) -> None:
    beside = {child["id"]["region"] for child in further_matters(stories()).children.values()}
    told = [row.pk for row in Referral.objects.select_related("juvenile") if region_of(row.juvenile_id) not in beside]
    cases = Case.objects.filter(referral__in=told)
    assert Counter(cases.values_list("state", flat=True)) == {"closed": 17, "transferred": 1}
    states = Counter(Referral.objects.filter(pk__in=told).values_list("state", flat=True))
    assert states["withdrawn"] == states["declined"] == 1
    assert ServiceRecord.objects.filter(case__in=cases).count() > 100


def test_everything_is_told_and_every_role_can_sign_in(demo: str) -> None:
    assert not Outgoing.objects.filter(confirmed_at=None).exists()
    assert Notice.objects.exists()
    for role in ("承办检察官", "社工", "督导"):
        assert role in demo


def test_a_second_run_changes_nothing(demo: str) -> None:
    before = counted()
    load()
    assert counted() == before


def test_every_state_occurs(demo: str) -> None:
    assert set(Referral.objects.values_list("state", flat=True)) == set(ReferralState)
    assert set(Case.objects.values_list("state", flat=True)) == set(CaseState)
    assert set(Report.objects.values_list("state", flat=True)) == set(ReportState)
    assert set(ServiceRecord.objects.values_list("state", flat=True)) == set(RecordState)
    # A plan is proposed or adopted in one go with its writing, so none lies as a draft.
    assert set(Plan.objects.values_list("state", flat=True)) >= set(PlanState) - {PlanState.DRAFT}


@pytest.mark.parametrize("role", sorted(ASKED))
def test_everybody_finds_something_to_do_today(demo: str, sign_in: Any, role: Role) -> None:
    page = sign_in(signed_in_as(role)).get("/")
    assert page.status_code == 200
    assert page.context["acts"]


@pytest.mark.parametrize("role", sorted(set(Role)))
def test_every_sign_in_opens_its_first_page(demo: str, sign_in: Any, role: Role) -> None:
    assert sign_in(signed_in_as(role)).get("/").status_code == 200


def test_the_supervisor_has_records_and_reports_to_read(demo: str) -> None:
    supervisor = signed_in_as(Role.SUPERVISOR)
    assert Report.objects.filter(case__supervisor=supervisor, state=ReportState.IN_REVIEW).count() >= 2
    assert ServiceRecord.objects.filter(supervisor=supervisor, state=RecordState.SUBMITTED).count() >= 5


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


def test_months_are_reported_and_the_night_finds_none_overdue(demo: str) -> None:
    states = Counter(MonthlyReport.objects.values_list("state", flat=True))
    assert states["submitted"] >= 1 and states["answered"] >= 12
    assert MonthlyReport.objects.filter(round=2).count() == 1
    now = timezone.now()
    end_months(at=now)
    assert not Deadline.objects.running().filter(code=MONTHLY_CLOCK, due_at__lt=now).exists()
    assert list(differences(at=now)) == []


def test_old_notices_are_read_and_new_ones_are_not(demo: str) -> None:
    assert Notice.objects.filter(read_at=None).exists()
    assert Notice.objects.exclude(read_at=None).exists()
    assert LastSeen.objects.exists()
    assert FormDraft.objects.count() >= 2


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


def signed_in_as(role: Role) -> User:
    """The person whose sign-in is printed for the role: the first of the file who may."""
    logins = [entry["login"] for entry in read(settings.DEMO_DIR / "people.toml")["staff"]]
    people = {user.login: user for user in User.objects.filter(is_active=True, roles__contains=[role])}
    return next(people[login] for login in logins if login in people)


def region_of(juvenile_id: Any) -> str:
    identity = Identity.objects.get(juvenile_id=juvenile_id)
    open_dossier(juvenile_id).read(identity)
    return str(identity.text["id_number"])[:6]


def counted() -> dict[str, Any]:
    models = (Case, Referral, ServiceRecord, Notice, Identity)
    return {model.__name__: model._default_manager.count() for model in models}
