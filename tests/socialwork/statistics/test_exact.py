"""The counts are those of the rows, at every moment: before folding, after it, whoever folds, whatever was changed."""
from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import Sum
from django.utils import timezone

from cases.record_kinds import ContactDetails
from cases.services.amending import Correction, amend_record
from referrals.models import Referral
from socialwork import audit
from socialwork.statistics import counting, measures, services, tasks
from socialwork.statistics.models import EVERYBODY, Addition, Delta, Rollup
from tests import cast
from tests.factories import occasions, records, story


@pytest.fixture
def told(world, monkeypatch):
    """A whole story. Records the factories write without a service are recorded as acts here, as the service would."""
    write = records.record

    def record(case, *args, **more):
        row = write(case, *args, **more)
        audit.record("service_record.logged", row, by=case.lead, at=timezone.now())
        return row

    monkeypatch.setattr(records, "record", record)
    return story.tell(world)


def kept(**where):
    """Amounts of the rollup and the deltas together, by measure and detail, of matters as a whole."""
    found = {}
    for model in (Rollup, Delta):
        rows = model.objects.filter(service="", **where).exclude(agency_id=EVERYBODY)
        for measure, detail, amount in rows.values_list("measure", "detail").annotate(all=Sum("amount")).order_by():
            found[measure, detail] = found.get((measure, detail), 0) + amount
    return {key: amount for key, amount in found.items() if amount}


def test_after_a_whole_story_the_counts_are_those_of_the_rows(told):
    assert Delta.objects.exists() and services.differences() == []
    before = kept()
    assert services.fold() > 0
    assert not Delta.objects.exists()
    assert services.differences() == [] and kept() == before
    folded = set(Rollup.objects.exclude(amount=0).values_list("agency_id", "organ_id", "month", "service", "measure", "detail", "amount"))
    services.rebuild()
    again = set(Rollup.objects.values_list("agency_id", "organ_id", "month", "service", "measure", "detail", "amount"))
    assert again == folded
    assert {measure for measure, _detail in before} >= {"referrals", "records", "minutes", "outcomes", "grades", "answer"}


def test_a_matter_with_two_services_counts_once_and_for_each(world):
    cast.opened(world, services=("social_investigation", "guidance"))
    cast.issued(world)
    rows = Delta.objects.filter(measure="referrals").values_list("service", "alone", "detail").annotate(all=Sum("amount"))
    assert set(rows.exclude(all=0)) == {
        ("", False, "running", 1), ("", False, "waiting", 1), ("social_investigation", False, "running", 1),
        ("guidance", False, "running", 1), ("social_investigation", True, "waiting", 1),
    }


def test_what_never_reached_an_agency_is_not_counted(world):
    from referrals.services import withdraw_referral

    cast.draft(world)
    withdraw_referral(
        referral=cast.submitted(world), by=world.prosecutor, at=timezone.now(), reason_code="not_needed", reason="不再需要。"
    )
    assert not Delta.objects.exists()


def test_what_rolls_back_was_never_counted(world):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        cast.issued(world)
        raise ZeroDivisionError
    assert not Delta.objects.exists()


def test_a_corrected_record_moves_to_the_month_in_which_it_took_place(world):
    case = records.started(world)
    moment = timezone.now().replace(day=15)
    row = records.record(case, lasted=30)
    type(row).objects.filter(pk=row.pk).update(started_at=moment)
    row.refresh_from_db()
    row.case = case
    was = {"attended": True, "lasted": row.lasted, "started_at": row.started_at.isoformat()}
    audit.record("service_record.logged", row, by=case.lead, at=timezone.now())
    earlier = (moment.replace(day=1) - dt.timedelta(days=3))
    type(row).objects.filter(pk=row.pk).update(started_at=earlier, lasted=90)
    row.refresh_from_db()
    row.case = case
    audit.record("service_record.amended", row, by=case.lead, at=timezone.now(), facts={"fields": ["lasted"], "was": was})
    assert services.differences() == []
    assert kept(measure="minutes") == {("minutes", "interview"): 90}
    assert kept(month=measures.month_of(moment), measure="records") == {}


def test_a_correction_through_its_service_counts_the_record_as_it_is_now(world):
    record = occasions.contact(world, cast.opened(world))
    amend_record(
        record=record, by=world.worker, at=timezone.now(), version=record.version, reason="时间写错了。",
        correction=Correction(occasion=occasions.occasion(minutes=90), details=ContactDetails(), text={"summary": occasions.SUMMARY}),
    )
    assert kept(measure="minutes") == {("minutes", "contact"): 90}
    assert kept(measure="records") == {("records", "contact"): 1} and services.differences() == []


def test_an_amendment_that_changes_no_number_adds_no_delta(world):
    case = records.started(world)
    row = records.record(case)
    row.case = case
    was = {"attended": row.attended, "lasted": row.lasted, "started_at": row.started_at.isoformat()}
    before = Delta.objects.count()
    audit.record("service_record.amended", row, by=case.lead, at=timezone.now(), facts={"fields": ["summary"], "was": was})
    assert Delta.objects.count() == before


def test_an_act_costs_one_statement_more(world, django_assert_num_queries):
    referral = cast.issued(world, services=("social_investigation", "guidance"))
    month = measures.month_of(referral.issued_at)
    with django_assert_num_queries(1):
        services.append(
            referral_id=referral.pk,
            steps=[measures.Step("referrals", "waiting", -1, month), measures.Step("referrals", "running", 1, month)],
        )
    with django_assert_num_queries(0):
        services.append(referral_id=referral.pk, steps=[])


def test_the_view_of_the_database_is_the_sentence_of_the_fold(world):
    """The migration has its own words of what a count is; the fold and the page must not differ."""
    cast.opened(world, services=("social_investigation", "guidance"))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({counting.spread('statistics_addition')}) spread EXCEPT ALL SELECT * FROM statistics_delta")
        assert cursor.fetchall() == []
        cursor.execute(f"SELECT count(*) FROM ({counting.spread('statistics_addition')}) spread")
        assert cursor.fetchone()[0] == Delta.objects.count() > 0


def test_the_installation_as_a_whole_is_kept_too(told):
    services.fold()
    whole = dict(
        Rollup.objects.filter(agency_id=EVERYBODY, service="", measure="referrals").values_list("detail").annotate(all=Sum("amount"))
    )
    assert {("referrals", detail): amount for detail, amount in whole.items() if amount} == kept(measure="referrals")


def test_the_command_counts_anew_and_compares(told, capsys):
    Addition.objects.all().delete()
    with pytest.raises(SystemExit):
        call_command("rebuild_statistics", check=True)
    assert tasks.check() > 0
    call_command("rebuild_statistics")
    call_command("rebuild_statistics", check=True)
    assert "Differences: 0" in capsys.readouterr().out
    assert tasks.check() == 0 and tasks.fold() == 0


@pytest.fixture
def referral(committed):
    """A referral that was sent, its own counts folded."""
    found = cast.issued(committed)
    services.fold()
    return found


def put(referral: Referral, count: int) -> None:
    """So many acts that change the same count."""
    Addition.objects.bulk_create(
        Addition(referral_id=referral.pk, steps=[["records", "contact", 1, "2026-01-01"]]) for _number in range(count)
    )


def total() -> int:
    return sum(kept(measure="records").values())


def test_two_folders_at_once_count_nothing_twice(referral):
    put(referral, 3000)
    counted, failed = [], []

    def work():
        try:
            for _turn in range(20):
                counted.append(services.fold(most=100))
        except DatabaseError as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == [] and sum(counted) == 3000
    assert total() == 3000 and not Delta.objects.exists()


def test_a_folder_killed_in_the_middle_loses_nothing(referral):
    put(referral, 500)
    with pytest.raises(DatabaseError), transaction.atomic():
        services.fold()
        assert total() == 500 and not Delta.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.close()
    assert Addition.objects.count() == 500 and not Rollup.objects.filter(measure="records").exists()
    assert services.fold() == 500 and total() == 500


def test_acts_go_on_while_somebody_folds(referral):
    put(referral, 200)
    with transaction.atomic():
        services.fold()

        def act():
            put(referral, 50)
            connections.close_all()

        other = threading.Thread(target=act)
        other.start()
        other.join(timeout=10)
        assert not other.is_alive()
    assert total() == 250
