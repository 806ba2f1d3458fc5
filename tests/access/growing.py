"""More of everything: the same page with many rows, so that a query per row shows."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import DatabaseError, models, transaction
from django.utils import timezone

from cases.models import Assignment, Case
from cases.models.reporting import SECTIONS
from referrals.models import NO_DUE, Referral
from socialwork.core import vocabulary
from socialwork.core.ids import uuid7
from socialwork.notifications.models import Notice
from tests import cast

MORE = 5
# The record of acts and readings grows by itself; what stands behind a session is nobody's list.
APART = {"audit", "sessions", "contenttypes", "auth", "axes", "authtoken"}
# Columns that hold a code of a list: another one of the list, not another text.
CODES: dict[str, tuple[str, ...]] = {
    "service_type": tuple(term.code for term in vocabulary.terms("service_type")), "key": SECTIONS,
}


def copy_of(row: Any, nth: int, **changes: Any) -> Any:
    """A row like this one, not yet saved: what must be unique is counted on, sealed prose is left empty."""
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}
    if "sealed" in fields:
        fields["sealed"] = None
    for name in unique_names(type(row)):
        field = row._meta.get_field(name)
        value = fields.get(field.attname)
        if name in CODES:
            fields[field.attname] = CODES[name][(CODES[name].index(value) + nth) % len(CODES[name])]
        elif isinstance(field, models.UUIDField) and not field.remote_field:
            fields[field.attname] = uuid7()
        elif isinstance(field, models.CharField) and value:
            fields[field.attname] = f"{value[: (field.max_length or 60) - 3]}-{nth}"
        elif isinstance(field, models.DateField) and isinstance(value, dt.date):
            fields[field.attname] = value + dt.timedelta(days=nth)
        elif isinstance(field, models.IntegerField) and value is not None:
            fields[field.attname] = value + nth
    fields.update(changes)
    made = type(row)(**fields)
    if isinstance(row._meta.pk, models.UUIDField):
        made.pk = uuid7()
    return made


def unique_names(model: type[models.Model]) -> set[str]:
    """Columns of the model that take part in being unique."""
    found = {field.name for field in model._meta.concrete_fields if field.unique and not field.primary_key}
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            found.update(constraint.fields)
    return found


def multiply(row: Any, *, levels: int = 2, more: int = MORE) -> int:
    """Copies of everything that hangs on the row, and of what hangs on that; what may stand once only stays alone."""
    made = 0
    for child in children_of(row):
        if levels > 1:
            made += multiply(child, levels=levels - 1, more=more)
        for number in range(1, more + 1):
            try:
                with transaction.atomic():
                    copy_of(child, number).save(force_insert=True)
                    made += 1
            except DatabaseError:
                break
    return made


def children_of(row: Any) -> Iterator[Any]:
    """One row of every kind that points at this one."""
    for relation in row._meta.related_objects:
        model = relation.related_model
        if relation.many_to_many or relation.one_to_one or model._meta.app_label in APART:
            continue
        child = model._default_manager.filter(**{relation.field.name: row}).order_by("pk").first()
        if child is not None:
            yield child


def notices(people: Iterable[Any], case: Case, more: int = MORE) -> None:
    """Unread notices for everybody."""
    for person in people:
        for _number in range(more):
            Notice.objects.create(
                event_id=uuid7(), recipient=person, level="know", verb="referral.issued", target_type="cases.case",
                target_id=case.pk, thread_id=case.pk, label=case.number, path=case.get_absolute_url(),
            )


def referrals(row: Referral, more: int) -> list[Referral]:
    """Referrals like this one, with their services, made at once."""
    rows = [copy_of(row, number, number=f"{row.number}-{number}" if row.number else "") for number in range(1, more + 1)]
    Referral.objects.bulk_create(rows)
    for service in row.services.all():
        type(service).objects.bulk_create([copy_of(service, 0, referral_id=made.pk) for made in rows])
    return rows


def cases(row: Case, more: int) -> list[Case]:
    """Cases like this one, each of a referral of its own, with who has them."""
    of = referrals(row.referral, more)
    rows = [copy_of(row, number, referral_id=made.pk) for number, made in enumerate(of, 1)]
    Case.objects.bulk_create(rows)
    held = Assignment.objects.filter(case=row).order_by("pk")
    Assignment.objects.bulk_create([copy_of(each, 0, case_id=made.pk) for each in held for made in rows])
    return rows


def of_the_world(world: cast.World, more: int = MORE) -> None:
    """One more of whatever a list of the product shows, `more` times over, for everybody of the cast."""
    first = Case.objects.order_by("pk").first() or cast.opened(world)
    cases(first, more)
    for state in ("draft", "issued"):
        found = Referral.objects.filter(state=state).order_by("pk").first()
        if found is not None:
            referrals(found, more)
    for home in (*world.organisations.values(), *world.agreements.values()):
        multiply(home, levels=1, more=more)
    notices(world.people.values(), first, more)
    now = timezone.now()
    Case.objects.filter(next_due_at__gte=NO_DUE).update(next_act="log_contact", next_due_at=now + dt.timedelta(days=3))
