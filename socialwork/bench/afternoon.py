"""What one would write in an afternoon on the same tables: guardian's generic rows, a list as in Django's admin.

Nothing here is the product's. It is the yardstick of `manage.py bench`, reachable only under the addresses that command
uses, and deliberately plain: the ways Django and django-guardian teach first.
"""
from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from guardian.core import ObjectPermissionChecker
from guardian.shortcuts import assign_perm, get_objects_for_user

from cases.models import Case, ServiceRecord
from cases.queries import for_page
from socialwork.access.roles import Role
from socialwork.accounts.models import User
from socialwork.audit.models import Access, Event
from socialwork.deadlines.models import Deadline

VIEW, CHANGE = "cases.view_case", "cases.change_case"
HEADS = [str(Role.UNIT_HEAD), str(Role.AGENCY_MANAGER)]
HOLDERS = ("lead_id", "second_id", "supervisor_id", "prosecutor_id")


def prepare() -> None:
    """One generic row for each person who holds a case and for the heads of both sides, as `assign_perm` would add it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM guardian_userobjectpermission)")
        if cursor.fetchone()[0]:
            return
        columns = ", ".join(f"(c.{column})" for column in HOLDERS)
        cursor.execute(GRANTS.format(columns=columns), [HEADS])
        cursor.execute("ANALYZE guardian_userobjectpermission")


GRANTS = """
WITH right_of AS (
    SELECT p.id, p.content_type_id FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
    WHERE t.app_label = 'cases' AND p.codename = 'view_case'
), heads AS (
    SELECT id, organisation_id FROM accounts_user
    WHERE is_active AND roles && %s::varchar[]
)
INSERT INTO guardian_userobjectpermission (user_id, object_pk, permission_id, content_type_id)
SELECT holder.id, c.id::text, right_of.id, right_of.content_type_id
FROM cases_case c CROSS JOIN right_of CROSS JOIN LATERAL (VALUES {columns}) AS holder (id)
WHERE holder.id IS NOT NULL
UNION
SELECT heads.id, c.id::text, right_of.id, right_of.content_type_id
FROM cases_case c CROSS JOIN right_of JOIN heads ON heads.organisation_id IN (c.organ_id, c.agency_id)
"""


def nothing(request: HttpRequest) -> HttpResponse:
    """A signed-in page with nothing on it: the floor under every page of this stack."""
    return HttpResponse(f"{request.user.is_active}")


def case_list(request: HttpRequest) -> HttpResponse:
    """Page by number, newest first, found by number or work code."""
    mine = get_objects_for_user(as_taught(request.user), VIEW, Case, with_superuser=False, accept_global_perms=False)
    cases = mine.select_related("juvenile", "agency", "lead")
    if asked := request.GET.get("q"):
        cases = cases.filter(Q(number__icontains=asked) | Q(juvenile__code__icontains=asked))
    page = Paginator(cases.order_by("-touched_at", "-id"), 25).get_page(request.GET.get("page"))
    return render(request, "bench/case_list.html", {"page": page})


def case_page(request: HttpRequest, id: UUID) -> HttpResponse:
    """The case with all its records; a button for each right asked one by one."""
    case = get_object_or_404(for_page(Case.objects.all()), pk=id)
    if not allowed(request.user, VIEW, case):
        raise PermissionDenied
    context = {"case": case, "records": case.records.select_related("author"), "may_change": allowed(request.user, CHANGE, case)}
    return render(request, "bench/case_page.html", context)


class RecordForm(forms.ModelForm):
    class Meta:
        model = ServiceRecord
        fields = (
            "kind", "started_at", "lasted", "method", "place", "happened", "attended", "late_minutes", "absence_class", "absence_reason",
            "details", "crisis", "next_on",
        )


def log_visit(request: HttpRequest, id: UUID) -> HttpResponse:
    """A model form, a right to the record for each person who has one to its case (GRANTS), and what else a visit leaves.

    With `alone` in the form nothing is left but record and rights. There is no sealed text in either.
    """
    case = get_object_or_404(Case, pk=id)
    if not allowed(request.user, VIEW, case):
        raise PermissionDenied
    form = RecordForm(request.POST)
    if not form.is_valid():
        return HttpResponse(str(form.errors), status=400)
    record = form.save(commit=False)
    record.case, record.agency_id, record.author = case, case.agency_id, request.user
    record.submitted_at = record.created_at = record.started_at
    record.save()
    for person in concerned(case):
        assign_perm("cases.view_servicerecord", person, record)
    if "alone" not in request.POST:
        leave_traces(request.user, case, record)
        messages.success(request, "The record is submitted.")
    return redirect("bench_page", id=case.pk)


def leave_traces(user: Any, case: Case, record: ServiceRecord) -> None:
    """The event, the access log, and the next date on the case."""
    who = {"actor_id": user.pk, "actor_name": user.name, "organisation_id": user.organisation_id}
    what = {"target_type": record._meta.label_lower, "target_id": record.pk, "thread_id": case.thread_id}
    Event.objects.create(verb="service_record.logged", **who, **what)
    Access.objects.create(route="bench_log", action="logged", **who, **what)
    clock = Deadline.objects.running().filter(subject_id=case.pk, code=case.next_act).order_by("due_at").first()
    case.next_due_at = clock.due_at if clock else case.next_due_at
    case.touched_at = timezone.now()
    case.save()


def concerned(case: Case) -> QuerySet[User]:
    """Who holds the case, and the heads of both sides."""
    holders = Q(pk__in=[getattr(case, holder) for holder in HOLDERS])
    heads = Q(is_active=True, roles__overlap=HEADS, organisation__in=[case.organ_id, case.agency_id])
    return User.objects.filter(holders | heads)


def allowed(user: Any, name: str, case: Case) -> bool:
    """One question about one row, by its generic key."""
    return ObjectPermissionChecker(as_taught(user)).has_perm(name, case)


def as_taught(user: Any) -> Any:
    """The person as guardian expects one: with groups. Ours know none, so they are in none of them.

    The groups matter even so: what is asked, unless somebody knows better, is "mine or my groups'".
    """
    user.is_superuser, user.groups = False, Group.objects.filter(name=user.login)
    return user
