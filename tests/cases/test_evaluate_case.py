"""One case, one evaluation: five parts, vetoes, grades, and an evaluator who did not do the work."""
from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from cases.models import Assignment, Case, Evaluation
from cases.services.closing import evaluate_case, full_points, grade_of
from socialwork.core.errors import Blocked, DomainError, Moved, NotVisible, NotYours
from socialwork.deadlines.models import Deadline
from socialwork.people.dossiers import open_dossier
from tests.factories import records


@pytest.mark.parametrize(
    ("points", "grade"), [(100, "excellent"), (90, "excellent"), (89, "good"), (75, "good"), (74, "pass"), (60, "pass"), (59, "fail"), (0, "fail")]
)
def test_grades(points, grade):
    assert grade_of(points) == grade


def test_the_parts_make_a_hundred():
    assert sum(full_points(part) for part in records.POINTS) == 100


def test_an_evaluation_ends_the_clock_and_is_sealed(world):
    case = records.accepted(world)
    row = evaluate_case(case=case, by=world.prosecutor, at=timezone.now(), points=records.POINTS, remark="五日之内三见面齐全。")
    case.refresh_from_db()
    assert (row.points, case.state, case.evaluated_by, case.next_act) == (90, "evaluated", world.prosecutor, "close_case")
    assert Deadline.objects.get(code="D30").met_at == case.evaluated_at
    stored = Evaluation.objects.get()
    open_dossier(case.juvenile_id).read(stored)
    assert stored.text["remark"] == "五日之内三见面齐全。"


def test_a_veto_makes_it_zero(world):
    case = records.accepted(world)
    row = evaluate_case(case=case, by=world.prosecutor, at=timezone.now(), points=records.POINTS, vetoes=["leak"])
    assert (row.points, grade_of(row.points)) == (0, "fail")


@pytest.mark.parametrize(
    "wrong", [{"timeliness": 21}, {"procedure": -1}, {"professionalism": 26}, {"effect": None}, {"confidentiality": 11}]
)
def test_points_beyond_a_part_are_refused(world, wrong):
    case = records.accepted(world)
    with pytest.raises(Blocked) as refusal:
        evaluate_case(case=case, by=world.prosecutor, at=timezone.now(), points={**records.POINTS, **wrong})
    assert [field for field, _ in refusal.value.blockers] == list(wrong)
    assert not Evaluation.objects.exists()


def test_the_database_refuses_points_beyond_a_part(world):
    case = records.evaluated(world)
    with pytest.raises(IntegrityError, match="evaluation_within_parts"), transaction.atomic():
        Evaluation.objects.filter(case=case).update(effect=26)


def test_who_worked_on_the_case_does_not_evaluate_it(world):
    case = records.accepted(world)
    with transaction.atomic():
        start = Assignment.objects.get(case=case, function="counsellor").held.lower
        Assignment.objects.filter(case=case, function="counsellor").delete()
        Assignment.objects.create(
            case=case, function="counsellor", worker=world.prosecutor, held=DateTimeTZRange(start, None),
            assigned_by=world.manager,
        )
    with pytest.raises(DomainError) as refusal:
        evaluate_case(case=case, by=world.prosecutor, at=timezone.now(), points=records.POINTS)
    assert refusal.value.code == "V5"


@pytest.mark.parametrize(
    ("login", "refusal"), [("unit_head", NotYours), ("manager", NotYours), ("worker", NotYours), ("colleague", NotVisible)]
)
def test_only_the_prosecutor_in_charge_evaluates(world, login, refusal):
    case = records.accepted(world)
    with pytest.raises(refusal):
        evaluate_case(case=case, by=world.people[login], at=timezone.now(), points=records.POINTS)


def test_evaluated_once_and_only_after_the_work(world):
    with pytest.raises(Moved):
        evaluate_case(case=records.started(world), by=world.prosecutor, at=timezone.now(), points=records.POINTS)
    case = records.evaluated(world)
    with pytest.raises(Moved):
        evaluate_case(case=Case.objects.get(pk=case.pk), by=world.prosecutor, at=timezone.now(), points=records.POINTS)
