"""The country of the smallest scale, looked at through the product's own rules, services and pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from cases.models import Assignment, Case, FollowUp, ServiceRecord
from cases.record_kinds import ContactDetails, details_of
from cases.services import clocks as case_clocks
from cases.services.eligibility import LEAD, SECOND, standings
from cases.services.occasions import Occasion
from cases.services.opening import accept_referral
from cases.services.recording import log_contact
from cases.states import ACTIVE, CaseState
from referrals.models import Referral
from referrals.services import clocks as referral_clocks
from referrals.services.blocking import blockers_of, filled_in
from referrals.states import ReferralState
from socialwork.accounts.models import User
from socialwork.audit.models import Access, Event
from socialwork.bench.country.lifting import whole_schema
from socialwork.bench.country.loading import PASSWORD
from socialwork.bench.country.sheet import MATTERS, PLACES
from socialwork.core.identifiers import clean_id_number, find_identifiers
from socialwork.deadlines import queries as deadline_queries
from socialwork.deadlines.models import Deadline
from socialwork.organisations.models import Organisation
from socialwork.people.dossiers import open_dossier
from socialwork.people.models import Identity, IdentityCheck, Juvenile, Narrative
from socialwork.people.queries import find
from socialwork.people.services import find_in

pytestmark = pytest.mark.django_db
TINY = 0.0003
SAMPLE = 25


@pytest.fixture(scope="module")
def country(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """What the command says. Every test works inside this transaction, in one of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        with connection.cursor() as cursor:
            before = whole_schema(cursor)
        said = StringIO()
        call_command("seed_country", scale=TINY, seed=7, processes=2, stdout=said, stderr=StringIO())
        with connection.cursor() as cursor:
            assert whole_schema(cursor) == before
        yield said.getvalue()
        transaction.set_rollback(True)


def sample(model: type[models.Model], **conditions: Any) -> list[Any]:
    """Rows from all over the table."""
    rows = model.objects.filter(**conditions)
    step = max(rows.count() // SAMPLE, 1)
    return [row for place, row in enumerate(rows.order_by("pk")) if place % step == 0]


def unset(row: Any) -> set[str]:
    """Fields that are NULL or an empty mapping where they may be: no form sees them, so they need not allow a blank."""
    return {
        field.name
        for field in row._meta.concrete_fields
        if (field.null and getattr(row, field.attname) is None)
        or (field.default is dict and getattr(row, field.attname) == {})
    }


def child_of(row: Any) -> Any:
    """The child whose key opens a row."""
    for name in ("juvenile_id", "case", "record", "referral", "report", "section", "response", "assessment", "plan"):
        if getattr(row, name, None) is not None:
            found = getattr(row, name)
            return found if name == "juvenile_id" else child_of(found)
    raise AssertionError(row)


# --- counts and skew ---


def test_there_is_as_much_as_the_scale_says(country: str) -> None:
    cases, records = Case.objects.count(), ServiceRecord.objects.count()
    assert 300 <= cases <= 315
    assert 7.5 < records / cases < 12.5
    assert Organisation.objects.filter(family="organ").count() == 6
    assert Event.objects.count() > 2 * records
    assert Access.objects.filter(action="viewed").count() > cases
    assert set(Referral.objects.values_list("state", flat=True)) == set(ReferralState)
    assert set(Case.objects.values_list("state", flat=True)) == set(CaseState)
    assert Case.objects.filter(state="closed").count() > cases * 0.7


def test_a_few_see_much_and_most_see_little(country: str) -> None:
    seen = sorted(row["n"] for row in Case.objects.order_by().values("lead").annotate(n=Count("pk")))
    heads = sorted(row["n"] for row in Case.objects.order_by().values("organ").annotate(n=Count("pk")))
    assert heads[-1] > 75
    assert heads[-1] > 5 * heads[0]
    assert seen[len(seen) // 2] < heads[-1] / 4


def test_every_table_named_is_filled(country: str) -> None:
    assert [model.__name__ for model in (*PLACES, *MATTERS) if not model.objects.exists()] == []


def test_everybody_can_sign_in_with_the_password_that_is_printed(country: str) -> None:
    assert PASSWORD in country
    assert "a0000.manager" in country
    assert User.objects.get(login="a0000.manager").check_password(PASSWORD)


def test_nothing_is_left_for_the_first_reader_to_tidy_up(country: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relallvisible FROM pg_class WHERE relkind = 'r' AND reltuples > 0 AND (relname = ANY(%s) "
            "OR oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = ANY(%s::regclass[])))",
            [["cases_case", "cases_servicerecord"], ["audit_event", "audit_access"]],
        )
        found = dict(cursor.fetchall())
    assert len(found) > 12 and all(found.values()), found


# --- the rows keep every rule ---


def test_every_row_of_a_sample_is_valid(country: str) -> None:
    wrong = []
    for model in {*PLACES, *MATTERS}:
        for row in sample(model)[:SAMPLE]:
            try:
                row.full_clean(exclude=unset(row), validate_unique=False)
            except ValidationError as error:
                wrong.append((model.__name__, error.message_dict))
    assert wrong == []


def test_all_prose_opens_under_the_key_of_its_child(country: str) -> None:
    sealed = [model for model in apps.get_models() if issubclass(model, Narrative)]
    opened = Counter()
    for model in sealed:
        for row in sample(model):
            open_dossier(child_of(row)).read(row)
            opened[model.__name__] += bool(row.sealed)
            assert (
                not find_identifiers(" ".join(str(text) for text in (row.text or {}).values()))
                or model in (Identity,)
                or "phone" in model.PROSE
            )
    assert opened["ServiceRecord"] and opened["Identity"] and opened["CounsellingNote"] and opened["SectionText"]


def test_nobody_exists(country: str) -> None:
    for row in sample(Identity):
        open_dossier(row.juvenile_id).read(row)
        number = row.text["id_number"]
        assert clean_id_number(number) == number and number.startswith("99")
        assert row.text["phone"].startswith("100")
        assert number[6:14] == row.text["birth_on"].replace("-", "")
    assert not IdentityCheck.objects.exists()
    assert Identity.objects.order_by().values("national_index").distinct().count() == Identity.objects.count()


def test_what_was_submitted_had_no_obstacle(country: str) -> None:
    for referral in sample(Referral, submitted_at__isnull=False):
        found = blockers_of(filled_in(referral, today=timezone.localdate(referral.submitted_at)))
        assert found == [], referral
        assert filled_in(referral).age_at_offence == referral.age_at_offence


def test_details_of_records_hold_what_their_kind_asks(country: str) -> None:
    for record in sample(ServiceRecord):
        details_of(record.kind, record.details).check()
        assert (
            case_clocks.written_late(
                record.case,
                ended_at=record.started_at + timezone.timedelta(minutes=record.lasted),
                at=record.submitted_at,
            )
            == record.written_late
        )


# --- clocks ---


def test_the_reconciliation_finds_nothing(country: str) -> None:
    assert Deadline.objects.open().exists() and Deadline.objects.paused().exists()
    assert list(deadline_queries.differences()) == []


def test_ended_clocks_are_counted_right_too(country: str) -> None:
    ended = Deadline.objects.filter(pk__in=[row.pk for row in sample(Deadline)])
    for row in deadline_queries.with_history(ended):
        reckoned = deadline_queries.count_again(
            row, deadline_queries.terms_under(row, row.rule), deadline_queries.days.stored()
        )
        assert (row.due_at, row.assumed_years) == (reckoned.due_at, list(reckoned.assumed_years))


@pytest.mark.parametrize("states", [sorted(ACTIVE), sorted(set(CaseState) - ACTIVE)])
def test_the_next_act_of_cases_is_what_the_service_would_write(country: str, states: list[str]) -> None:
    rows = [row for state in states for row in sample(Case, state=state)[:SAMPLE]]
    for case in rows:
        stored = (case.next_act, case.next_due_at)
        case_clocks.refresh_next_act(case, at=case.touched_at)
        assert (case.next_act, case.next_due_at) == stored, case.state


@pytest.mark.parametrize("state", sorted(ReferralState))
def test_the_next_act_of_referrals_is_what_the_service_would_write(country: str, state: str) -> None:
    for referral in sample(Referral, state=state):
        stored = (referral.next_act, referral.next_due_at)
        referral_clocks.refresh_next_act(referral, at=referral.touched_at)
        assert (referral.next_act, referral.next_due_at) == stored


def test_visits_are_planned_for_the_day_their_clock_falls_due(country: str) -> None:
    for visit in sample(FollowUp):
        clock = Deadline.objects.get(occurrence=str(visit.pk))
        assert visit.planned_on == timezone.localdate(clock.due_at)
        assert (visit.done_at is None) == (clock.met_at is None)


def test_the_statistics_agree_with_the_rows(country: str) -> None:
    from socialwork.statistics import services as statistics

    assert statistics.differences() == []


# --- the product goes on from here ---


def test_the_search_finds_a_child_by_two_characters(country: str) -> None:
    case = Case.objects.filter(state="in_progress").order_by("pk").first()
    identity = case.juvenile.identity
    open_dossier(case.juvenile_id).read(identity)
    for user in (case.prosecutor, case.lead):
        assert case.juvenile in find(user, identity.text["name"][:2])
        assert [row.pk for row in find(user, identity.text["phone"])] == [case.juvenile_id]


def test_tokens_are_those_the_service_writes(country: str) -> None:
    from socialwork.people.models import SearchToken

    for child in sample(Juvenile)[:5]:
        rows = SearchToken.objects.filter(juvenile=child, scope_id=child.organ_id).order_by("token")
        before = list(rows.values_list("token", "sorted_at"))
        find_in(child, scope_id=child.organ_id)
        assert list(rows.values_list("token", "sorted_at")) == before


def test_a_visit_can_be_logged_on_a_case_of_the_country(country: str) -> None:
    case = Case.objects.filter(state="in_progress").order_by("pk").first()
    now = timezone.now()
    occasion = Occasion(
        started_at=now - timezone.timedelta(hours=2), ended_at=now - timezone.timedelta(hours=1), method="face"
    )
    record = log_contact(
        case=case,
        by=case.lead,
        at=now,
        occasion=occasion,
        details=ContactDetails(topics=("family",)),
        text={"summary": "谈了近况。"},
        overlap_confirmed=True,
    )
    assert record.supervisor_id == case.supervisor_id


def test_a_referral_of_the_country_can_be_accepted(country: str) -> None:
    referral = Referral.objects.filter(state="issued").order_by("pk").first()
    intake = User.objects.get(organisation=referral.agency, roles__contains=["agency_intake"])
    people = standings(referral, today=timezone.localdate())
    free = [row.user for row in people if row.fits(LEAD)]
    assert len(free) >= 2 and all(row.fits(SECOND) for row in people if row.user in free)
    before = set(Case.objects.filter(agency=referral.agency).values_list("number", flat=True))
    case = accept_referral(referral=referral, by=intake, at=timezone.now(), lead=free[0], second=free[1])
    assert case.number not in before


def test_nobody_has_more_cases_than_the_agency_allows(country: str) -> None:
    loads = Counter(
        Assignment.objects.filter(case__state__in=ACTIVE, function__in=["lead", "second"]).values_list(
            "worker", flat=True
        )
    )
    assert max(loads.values()) <= 30


@pytest.mark.parametrize("login", ["p0000.head", "a0000.manager", "a0000.000", "p0000.00", "a0000.s0"])
def test_pages_answer(country: str, sign_in: Any, login: str) -> None:
    user = User.objects.get(login=login)
    client = sign_in(user)
    assert client.get(reverse("today")).status_code == 200
    assert client.get(reverse("cases:list")).status_code == 200
    mine = {"organisation_id": user.organisation_id}
    shown = {
        "p0000.head": {"organ_id": mine["organisation_id"]},
        "a0000.manager": {"agency_id": mine["organisation_id"]},
        "a0000.000": {"lead": user},
        "p0000.00": {"prosecutor": user},
        "a0000.s0": {"supervisor": user},
    }[login]
    for state in CaseState:
        case = Case.objects.filter(state=state, **shown).order_by("pk").first()
        if case is not None:
            for name in ("detail", "records", "people"):
                assert client.get(reverse(f"cases:{name}", args=[case.pk])).status_code == 200, (state, name)


# --- the command ---


def test_a_database_in_use_is_refused(country: str) -> None:
    with pytest.raises(CommandError, match="空"):
        call_command("seed_country", scale=TINY, stdout=StringIO(), stderr=StringIO())
