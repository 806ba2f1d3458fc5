"""Shapes of case pages, who could take a case, and the places cases hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
)

from cases.models import Assignment, Case, HandOver, MonthlyReport, Plan, ServiceRecord
from cases.models.assigning import NOT_ENDED
from cases.states import ACTIVE, CaseState, PlanState
from cases.wording import CASE_TONES
from referrals.models import (
    BriefParagraph,
    HandOverPackage,
    IssuedDocument,
    Referral,
    ReferralGuardian,
    ReferralService,
    Remark,
)
from referrals.policies import ASKED
from socialwork.access import api as access
from socialwork.access.prepared import KeyAmong, Shape
from socialwork.access.roles import Family, Role, holding
from socialwork.accounts.models import Certificate, LastSeen, User
from socialwork.core import vocabulary
from socialwork.core.models import FormDraft
from socialwork.core.statements import ask
from socialwork.deadlines.queries import title_of_act
from socialwork.people.queries import SHOWN_OF_A_CHILD
from socialwork.people.registry import Matter

CASEWORK = (Role.SOCIAL_WORKER, Role.COUNSELLOR, Role.SUPERVISOR)


def for_list(rows: QuerySet, viewer_id: UUID) -> QuerySet:
    """The cases of a list, whole.

    `seen_at` is when the person last looked at the matter, `wanted` its services, `clock_title` the words of its clock.
    """
    looks = LastSeen.objects.filter(user=viewer_id, thread_id=OuterRef("referral_id")).values("seen_at")
    clock = title_of_act(Case._meta.label_lower)
    return with_services(rows).select_related("juvenile__identity", "juvenile__dossier_key").annotate(
        seen_at=Subquery(looks), clock_title=clock
    )


def for_worklist(rows: QuerySet, viewer_id: UUID) -> QuerySet:
    """What a row of a worklist shows of a case; any other column costs a query when touched."""
    return for_list(rows, viewer_id).only(
        "number", "state", "risk_level", "next_act", "next_due_at", "touched_at", "agency_id", "lead_id", "second_id",
        *SHOWN_OF_A_CHILD,
    )


# The prosecutor's people see the agency, the agency's the other worker.
LISTS = {
    Family.ORGAN: Shape(for_worklist, (("lead", ("name",)), ("agency", ("short_name",)))),
    Family.AGENCY: Shape(for_worklist, (("lead", ("name",)), ("second", ("name",)))),
}
WHOLE = Shape(
    for_list, (
        ("organ", ("name", "short_name")), ("agency", ("name", "short_name")), ("lead", ("name",)), ("second", ("name",)),
        ("prosecutor", ("name",)),
    )
)


def for_page(rows: QuerySet) -> QuerySet:
    """What stands around every page of one case."""
    return with_services(rows).select_related(
        "juvenile__identity", "juvenile__dossier_key",
        "organ",
        "agency",
        "agreement",
        "prosecutor",
        "district",
        "lead",
        "second",
        "supervisor",
        "counsellor",
        "referral",
    )


def to_choose_from(rows: QuerySet) -> QuerySet:
    """Cases among which a person chooses, with all that a record about them asks."""
    return rows.select_related(
        "juvenile__identity", "juvenile__dossier_key", "organ", "agency", "lead", "second", "prosecutor", "referral"
    )


def for_recording(rows: QuerySet) -> QuerySet:
    """What the page of a new record needs of its case: the child, who works on it, the services wanted, the relatives.

    `has_plan` says whether there are goals of a plan in force to choose from.
    """
    found = with_services(rows).annotate(
        relations=ArraySubquery(_relatives().values("guardian__relation")),
        has_plan=Exists(Plan.objects.filter(case=OuterRef("pk"), state=PlanState.APPROVED)),
    )
    return found.select_related("juvenile__identity", "juvenile__dossier_key", "referral", "lead", "second", "counsellor")


def with_services(rows: QuerySet) -> QuerySet:
    """Cases with the codes of the services wanted in their referral."""
    wanted = ReferralService.objects.filter(referral_id=OuterRef("referral_id")).order_by("service_type")
    return rows.annotate(wanted=ArraySubquery(wanted.values("service_type")))


def _relatives() -> QuerySet[ReferralGuardian]:
    """The guardians named in the referral of the case of the outer query."""
    return ReferralGuardian.objects.filter(referral_id=OuterRef("referral_id")).order_by("pk")


def service_codes(case: Case) -> list[str]:
    """The services wanted in the referral, without a query when the shape of a page or a list was loaded."""
    if "wanted" in case.__dict__:
        return list(case.wanted)
    return sorted(line.service_type for line in case.referral.services.all())


def casework_staff(agency_id: UUID, *, only: Sequence[UUID] | None = None) -> list[User]:
    """Active people of the agency with a function in casework, with their staff records, by name."""
    people = User.objects.filter(holding(*CASEWORK), organisation_id=agency_id, is_active=True)
    if only is not None:
        people = people.filter(pk__in=only)
    certificates = Prefetch("staff__certificates", Certificate.objects.order_by("kind", "id"))
    return list(people.select_related("staff", "organisation").prefetch_related(certificates).order_by("name", "pk"))


def caseloads(worker_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """Open cases of each person as lead and as second worker."""
    found: dict[UUID, list[int]] = {}
    for place, column in enumerate(("lead_id", "second_id")):
        rows = Case.objects.filter(NOT_ENDED, state__in=ACTIVE, **{f"{column}__in": list(worker_ids)}).order_by()
        for worker, number in rows.values_list(column).annotate(number=Count("pk")):
            found.setdefault(worker, [0, 0])[place] = number
    return {worker: (counts[0], counts[1]) for worker, counts in found.items()}


def side_of(subject_type: str) -> str:
    """On which side of a matter the person served stands: suspect, victim, witness, civil, support or family."""
    return vocabulary.term("subject_type", subject_type).extra["side"] if subject_type else ""


def other_sides(referral: Referral, worker_ids: Sequence[UUID]) -> dict[UUID, set[str]]:
    """On which sides of the same incident people work or worked in another referral of the same organ (13.4)."""
    if not referral.incident:
        return {}
    rows = (
        Assignment.objects.filter(
            worker_id__in=worker_ids, case__referral__incident=referral.incident, case__organ_id=referral.organ_id
        )
        .exclude(case__referral_id=referral.pk)
        .order_by()
        .values_list("worker_id", "case__referral__subject_type")
        .distinct()
    )
    found: dict[UUID, set[str]] = {}
    for worker, subject_type in rows:
        found.setdefault(worker, set()).add(side_of(subject_type))
    return found


def brief_of(user: Any, case: Case) -> list[BriefParagraph]:
    """The paragraphs of the referral this person may read: agencies only what was shared with them."""
    return list(ask(_brief, user, case.referral_id))


def _brief(user: Any, referral_id: UUID) -> QuerySet[BriefParagraph]:
    return access.permitted(BriefParagraph, user).filter(referral_id=referral_id).order_by("position")


def answers_of(user: Any, case: Case) -> list[Remark]:
    """What the agency asked before it accepted, and the answers, as far as this person may read them, oldest first."""
    return list(ask(_answers, user, case.referral_id))


def _answers(user: Any, referral_id: UUID) -> QuerySet[Remark]:
    return access.permitted(Remark, user).filter(referral_id=referral_id, kind__in=ASKED).order_by("said_at", "id")


def package_of(user: Any, case: Case) -> list[HandOverPackage]:
    """What an agency before handed over with a transfer, as far as this person may read it: one or none."""
    if case.referral.previous_id is None:
        return []
    return list(access.permitted(HandOverPackage, user).filter(successor_id=case.referral_id))


def told_of(user: Any, case: Case) -> tuple[list[BriefParagraph], list[Remark], list[HandOverPackage]]:
    """Everything the organ says about the matter that this person may read: brief, answers, package."""
    return brief_of(user, case), answers_of(user, case), package_of(user, case)


def documents_of(user: Any, case: Case) -> list[IssuedDocument]:
    """Letters and reports of the matter this person may open, newest first."""
    rows = (
        access.permitted(IssuedDocument, user).filter(referral_id=case.referral_id).select_related("file", "issued_by")
    )
    return list(rows.order_by("-issued_at", "-pk"))


def guardians_of(case: Case) -> list[Any]:
    """The guardians named in the referral."""
    links = ReferralGuardian.objects.filter(referral_id=case.referral_id).select_related("guardian").order_by("pk")
    return [link.guardian for link in links]


def assignments_of(case: Case) -> QuerySet[Assignment]:
    """Who had which function from when until when, newest first."""
    return Assignment.objects.filter(case=case).select_related("worker", "assigned_by").order_by("-held", "function")


def hand_overs_of(user: Any, case: Case) -> list[HandOver]:
    """The hand-overs of a case this person may read, newest first."""
    rows = access.permitted(HandOver, user).filter(case=case).select_related("giver", "receiver", "offered_by")
    return list(rows.order_by("-offered_at", "-id"))


def last_dates(case: Case) -> list[Any]:
    """Days agreed for the next contact in the last record of each worker, not yet passed by a later record."""
    rows = ServiceRecord.objects.filter(case=case).order_by("author", "-started_at", "-id").distinct("author")
    return sorted({row.next_on for row in rows if row.next_on})


def unsent_drafts(user: Any, case: Case) -> int:
    """How many texts about the case the person has typed and not submitted."""
    rows = [case.pk, *ServiceRecord.objects.filter(case=case).values_list("pk", flat=True)]
    rows += Plan.objects.filter(case=case).values_list("pk", flat=True)
    about = Q(object_id__in=rows) | Q(object_id__in=MonthlyReport.objects.filter(case=case).values("pk"))
    return FormDraft.objects.filter(about, user=user).exclude(form="reassign_case").count()


class Median(Aggregate):
    """The middle value, by interpolation where there are two."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


def first_contact_days(agency_ids: Sequence[UUID]) -> Mapping[UUID, float]:
    """Median days from the sending of a referral to the first contact, by agency, of cases that had one."""
    days = ExpressionWrapper(F("first_contact_at") - F("referral__issued_at"), output_field=DurationField())
    rows = (
        Case.objects.filter(agency_id__in=agency_ids, first_contact_at__isnull=False)
        .order_by()
        .values_list("agency_id")
        .annotate(median=Median(days, output_field=DurationField()))
    )
    return {agency: round(median.total_seconds() / 86400, 1) for agency, median in rows}


def case_link(user: Any, referral: Referral) -> Mapping[str, Any] | None:
    """Where the case of a referral is shown to this person, or None."""
    case = access.permitted(Case, user).filter(referral_id=referral.pk).first()
    return {"label": case.number, "url": case.get_absolute_url()} if case else None


def matters_of(user: Any, juvenile_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Matter]]:
    """The cases about these children this person may see: for search results and the child's page."""
    found: dict[UUID, list[Matter]] = {}
    for case in ask(_matters, user, list(juvenile_ids)):
        found.setdefault(case.juvenile_id, []).append(
            Matter(
                title=case.number,
                url=case.get_absolute_url(),
                label=case.get_state_display(),
                tone=CASE_TONES[case.state],
                open=case.state in ACTIVE,
                at=case.touched_at,
                district=case.district.name,
            )
        )
    return found


def _matters(user: Any, juvenile_ids: list[UUID]) -> QuerySet[Case]:
    rows = access.permitted(Case, user).filter(KeyAmong("%s", [juvenile_ids], of="juvenile_id")).select_related("district")
    return rows.order_by("-touched_at", "-id")


def taken_places(agreement_ids: Sequence[UUID]) -> Mapping[tuple[UUID, str], Mapping[str, int]]:
    """Units held by cases that were accepted and not yet begun ("waiting"), and by those under way ("active")."""
    begun = ACTIVE - {CaseState.ACCEPTED}
    rows = (
        ReferralService.objects.filter(
            referral__case__agreement_id__in=agreement_ids, referral__case__state__in=ACTIVE
        )
        .values_list("referral__case__agreement_id", "service_type")
        .annotate(
            active=Sum("quantity", filter=Q(referral__case__state__in=begun), default=0),
            waiting=Sum("quantity", filter=Q(referral__case__state=CaseState.ACCEPTED), default=0),
        )
        .order_by()
    )
    return {(agreement, service): {"active": active, "waiting": waiting} for agreement, service, active, waiting in rows}


def open_work_of(person: Any) -> int:
    """Cases that would be left without this person: what must be handed over before an account is closed."""
    holds = Q(lead=person) | Q(second=person) | Q(supervisor=person) | Q(counsellor=person) | Q(prosecutor=person)
    return Case.objects.filter(holds, NOT_ENDED, state__in=ACTIVE).count()
