"""Objects made from kept statements are the rows the ORM would have made, and can be worked with like them."""
from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from socialwork.core import making, statements
from socialwork.core.statements import ask
from socialwork.people.models import DossierKey
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forgotten() -> Any:
    statements.forget()
    yield
    statements.forget()


def whole(case_id: Any) -> QuerySet:
    return Case.objects.filter(pk=case_id).select_related("juvenile__dossier_key", "referral", "organ")


def short(case_id: Any) -> QuerySet:
    return Case.objects.filter(pk=case_id).only("number")


def made(build: Any, case: Case) -> Case:
    return next(iter(ask(build, case.pk)))


def columns(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_what_is_made_is_what_the_orm_makes(world: cast.World) -> None:
    case = cast.opened(world)
    ours, theirs = made(whole, case), whole(case.pk).get()
    for name in ("referral", "organ", "juvenile"):
        assert columns(getattr(ours, name)) == columns(getattr(theirs, name))
    assert columns(ours) == columns(theirs) and ours._state.db == theirs._state.db and ours.get_deferred_fields() == theirs.get_deferred_fields()
    assert bytes(ours.juvenile.dossier_key.wrapped) == bytes(theirs.juvenile.dossier_key.wrapped)


def test_what_an_outer_join_does_not_find_is_not_there(world: cast.World) -> None:
    case = cast.opened(world)
    DossierKey.objects.filter(pk=case.juvenile_id).delete()
    with CaptureQueriesContext(connection) as sent:
        child = made(whole, case).juvenile
        assert getattr(child, "dossier_key", None) is None
    assert len(sent) == 1


def test_it_can_be_changed_and_saved(world: cast.World) -> None:
    case = made(whole, cast.opened(world))
    case.risk_level = "high"
    case.save(update_fields=["risk_level"])
    assert Case.objects.get(pk=case.pk).risk_level == "high"


def test_a_column_that_was_not_read_is_read_when_touched(world: cast.World) -> None:
    case = cast.opened(world)
    found = made(short, case)
    assert "state" in found.get_deferred_fields() and found.state == case.state


def test_who_is_told_of_every_object_made_is_told(world: cast.World) -> None:
    """A signal that somebody listens to leaves the making to the ORM."""
    case, told = cast.opened(world), []

    def hear(instance: Case, **kwargs: Any) -> None:
        told.append(instance.pk)

    post_init.connect(hear, sender=Case)
    try:
        compiler = short(case.pk).query.get_compiler("default")
        compiler.as_sql()
        assert making.maker_of(compiler) is None
        told.clear()
        assert made(short, case).pk == case.pk and told == [case.pk]
    finally:
        post_init.disconnect(hear, sender=Case)


def test_what_is_read_together_goes_together(world):
    """Without the collector, which stops everything to look for circles."""
    case = cast.opened(world)
    found = made(whole, case)
    left = [weakref.ref(each) for each in (found, found.juvenile, found.juvenile.dossier_key, found.referral)]
    gc.disable()
    try:
        del found
        assert [each() for each in left] == [None] * 4
    finally:
        gc.enable()
