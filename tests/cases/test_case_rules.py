"""What the database itself refuses of a case, whoever asks."""
from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.models import Case
from tests import cast

NOW = timezone.now()
ACTS = ("started", "suspended", "submitted", "responded", "evaluated", "closed")
ENDED = {"closed_at": NOW, "closure_reason": "moved"}


def refused(case: Case, rule: str, **change):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**change)


def test_an_ended_case_has_an_end_and_a_reason_and_an_open_one_has_none(world):
    case, by = cast.opened(world), {"closed_by": world.intake}
    refused(case, "case_that_ended_has_an_end", state="cancelled")
    refused(case, "case_that_ended_has_an_end", **ENDED, **by)
    refused(case, "case_end_has_reason", state="transferred", **{**ENDED, "closure_reason": ""}, **by)
    refused(case, "closed_case_is_retained", state="closed", evaluated_at=NOW, evaluated_by=world.intake, **ENDED, **by)
    assert Case.objects.filter(pk=case.pk).update(state="transferred", **ENDED, **by) == 1


def test_a_state_is_known_and_stamped(world):
    case = cast.opened(world)
    refused(case, "case_state_known", state="lost")
    refused(case, "submitted_case_is_stamped", state="submitted")
    refused(case, "evaluated_case_is_stamped", state="evaluated")


@pytest.mark.parametrize("name", ACTS)
def test_an_act_has_its_time_and_its_person(world, name):
    case = cast.opened(world)
    ended = {"state": "cancelled", "closure_reason": "moved"} if name == "closed" else {}
    Case.objects.filter(pk=case.pk).update(started_at=None, started_by=None)
    refused(case, f"case_{name}_paired", **ended, **{f"{name}_at": NOW, f"{name}_by": None})
    refused(case, f"case_{name}_paired", **{f"{name}_by": world.intake})
