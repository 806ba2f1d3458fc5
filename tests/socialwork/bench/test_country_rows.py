"""Rows of the country in the server's own form: what is written is what is read, and what is sealed opens."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from cases.models import Assignment, Case
from socialwork.bench.country import sealing
from socialwork.bench.country.chance import DAY, Days, Identifiers
from socialwork.bench.country.sheet import Sheet
from socialwork.bench.country.tables import BEGIN, END, NULL, Table, field, identifier, since, spelled
from socialwork.core import crypto
from socialwork.organisations.models import AgreementService, AgreementVersion, District
from socialwork.people.models import SearchToken

ONE = UUID("019a0000-0000-7000-8000-000000000001")
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def read_back(model: Any, **values: Any) -> Any:
    """The row after COPY into a table of the same columns that has no keys."""
    table = Table(model)
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TEMPORARY TABLE "copy" (LIKE "{table.name}" INCLUDING GENERATED) ON COMMIT DROP')
        with cursor.copy(table.copy("copy")) as copy:
            for part in (BEGIN, table.row(**values), END):
                copy.write(part)
    return model.objects.raw('SELECT * FROM "copy"')[0]


@pytest.mark.django_db
def test_texts_days_numbers_and_lists_come_back() -> None:
    row = read_back(
        AgreementVersion, id=ONE, created_at=NOON, agreement_id=str(ONE), number=2, valid_from=dt.date(2016, 2, 29),
        starts_on="1999-12-31", ends_on=dt.date(2030, 1, 1), kind="purchase", area=["110000", "990000"],
        training_duty="每年两次。", made_by_id=identifier(ONE),
    )
    assert (row.id, row.created_at, row.agreement_id, row.number, row.made_by_id) == (ONE, NOON, ONE, 2, ONE)
    assert (row.valid_from, row.starts_on) == (dt.date(2016, 2, 29), dt.date(1999, 12, 31))
    assert (row.area, row.training_duty, row.response_hours, row.change_reason) == (["110000", "990000"], "每年两次。", 16, "")


@pytest.mark.django_db
@pytest.mark.parametrize("price", ["0", "0.05", "800.00", "12345.60", "99999999.99"])
def test_prices_come_back(price: str) -> None:
    row = read_back(
        AgreementService, id=ONE, created_at=NOON, version_id=ONE, service_type="guidance", quota=60, unit="per_case",
        unit_price=price,
    )
    assert (row.unit_price, row.quota) == (Decimal(price), 60)


@pytest.mark.django_db
def test_a_time_without_an_end_comes_back() -> None:
    row = read_back(
        Assignment, id=ONE, created_at=NOON, case_id=ONE, function="lead", worker_id=ONE,
        held=since(Days(NOON.date()).moment(0)), assigned_by_id=ONE,
    )
    assert row.held.lower == Days(NOON.date()).base and row.held.lower_inc and row.held.upper_inf


def test_numbers_that_the_database_gives_are_left_to_it() -> None:
    assert "id" not in Table(SearchToken).columns and "id" in Table(Case).columns


def test_columns_that_are_unknown_missing_or_out_of_order_are_refused() -> None:
    table = Table(District)
    with pytest.raises(KeyError):
        table.row(code="999999", nobody="x")
    with pytest.raises(KeyError):
        Table(Case).row(id=ONE, number="1")
    with pytest.raises(KeyError, match="in their order"):
        Sheet((Case,)).adder(Case, ["number", "id"])


def test_identifiers_say_when_they_were_made_and_sort_so() -> None:
    days = Days(NOON.date())
    give = Identifiers(days, 65_535, Random(1)).give
    made = [give(minute) for minute in (-60 * DAY, 0, 1, days.now)]
    found = [UUID(spelled(one)) for one in made]
    assert made == sorted(made) and found == sorted(found)
    assert all((one.version, one.variant) == (7, "specified in RFC 4122") for one in found)
    assert found[1].int >> 80 == int(days.base.timestamp() * 1000)
    assert [identifier(one) for one in found] == made


@pytest.mark.parametrize("suite", ["INTL", "GM"])
def test_what_is_sealed_opens_at_its_place_only(settings: Any, suite: str) -> None:
    settings.CIPHER_SUITE = suite
    sealing._short_way.cache_clear()
    key = crypto.new_data_key()
    sealer = sealing.Sealer(key)
    place, other = crypto.aad("cases_servicerecord", ONE, ONE, "sealed"), crypto.aad("cases_case", ONE, ONE, "sealed")
    blobs = {sealer.seal(b"words", place) for _ in range(1_000)}
    assert len({blob[2:14] for blob in blobs}) == 1_000
    for blob in list(blobs)[:5]:
        assert crypto.decrypt(key, blob, place) == b"words" and not crypto.needs_reencrypt(blob)
        with pytest.raises(crypto.WrongPlace):
            crypto.decrypt(key, blob, other)
    sealing._short_way.cache_clear()


def test_a_form_the_product_no_longer_reads_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_BEFORE", b"otherwise|")
    sealing._short_way.cache_clear()
    with pytest.raises(sealing.Disagrees):
        sealing.Sealer(crypto.new_data_key())
    sealing._short_way.cache_clear()


def test_a_field_says_how_long_it_is() -> None:
    assert field(b"ab") == b"\0\0\0\2ab" and NULL == b"\xff" * 4
