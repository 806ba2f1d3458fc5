"""The list of cases and the page of one case with its parts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from cases import (
    presenters,
    presenters_actions,
    presenters_filing,
    presenters_people,
    presenters_records,
    presenters_timeline,
    queries,
    queries_records,
)
from cases.exports import chosen_from, question_of_workers, workers_to_choose
from cases.filters import CaseFilter, open_cases
from cases.models import Case, ServiceRecord
from cases.queries_filing import filed_documents_of
from cases.queries_records import (
    amendments_of,
    comments_on,
    for_record_list,
    for_record_page,
    is_cited,
    note_of,
    records_on_timeline,
)
from cases.services.seeing import mark_seen
from socialwork import audit
from socialwork.access import listing
from socialwork.access.prepared import Shape
from socialwork.access.roles import Family, Role
from socialwork.access.views import DetailPage, ListPage, Page, now
from socialwork.accounts.presenters import kept_filters
from socialwork.accounts.queries import saved_filters
from socialwork.audit.queries import acts_of, events_of, readings_of
from socialwork.core.errors import NotVisible
from socialwork.core.filtering import blank_controls, is_chosen
from socialwork.core.together import together
from socialwork.deadlines.models import Deadline
from socialwork.deadlines.queries import clocks_of, open_clocks_of
from socialwork.deadlines.wording import State
from socialwork.exporting.presenters import offer
from socialwork.files.services import open_file
from socialwork.people.dossiers import open_dossier
from socialwork.people.policies import knows_names
from socialwork.people.presenters import full_name
from socialwork.people.queries import with_identity

WORKING = (
    Role.PROSECUTOR,
    Role.UNIT_HEAD,
    Role.AGENCY_MANAGER,
    Role.AGENCY_INTAKE,
    Role.SOCIAL_WORKER,
    Role.COUNSELLOR,
    Role.SUPERVISOR,
)


class CaseList(ListPage):
    """Cases of the person, next due first; filters as chips, every filter an address of its own."""

    model = Case
    roles = WORKING
    sorts: ClassVar[dict[str, listing.Sort]] = {
        "due": listing.Sort("next_due_at"),
        "new": listing.Sort("touched_at", descending=True),
    }

    counted = sorts["due"]

    unchosen = staticmethod(open_cases)

    @property
    def shape(self) -> Shape:
        return queries.LISTS[self.request.user.organisation.family]

    def beside(self) -> tuple[Any, ...] | None:
        """The workers one may choose; with something chosen they are known before, because the filters are judged by them."""
        return None if is_chosen(self.request.GET) else question_of_workers(self.request.user)

    @cached_property
    def filters(self) -> CaseFilter:
        """Built once; its form is judged before the first arm of the list is narrowed."""
        built = CaseFilter(self.request.GET, queryset=Case.objects.none(), request=self.request, workers=workers_to_choose(self.request.user))
        built.form.is_valid()
        return built

    def narrow(self, rows: QuerySet) -> QuerySet | list[QuerySet]:
        by_due = self.request.GET.get("sort") != "new"
        return self.filters.arms(rows) if by_due else self.filters.filter_queryset(rows)

    def page(self, listed: listing.Listed) -> dict[str, Any]:
        user = self.request.user
        with_identity([case.juvenile for case in listed.rows])
        rows = list(map(presenters.ListRows(user, now()).row, listed.rows))
        name, path = self.request.resolver_match.view_name, self.request.path
        kept = kept_filters(
            saved_filters(user, name), worklist=name, path=path, query=self.request.GET.urlencode()
        )
        chosen = is_chosen(self.request.GET)
        shown = presenters.list_page(rows, self.filters.in_force() if chosen else [], self.request.GET, listed, listed.count)
        shown["worklist"]["filter_form"] = self.filters.form if chosen else blank_controls(CaseFilter.blank, chosen_from(listed.beside))
        shown["worklist"]["actions"] = offer(user, "cases", self.request.GET.urlencode())
        return {**shown, "kept": kept}


class CaseDetail(DetailPage):
    """The case: header, next act, timeline of what happened and what is coming."""

    model = Case
    template_name = "cases/detail.html"

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.for_page(rows)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        with together():
            response = super().get(request, **kwargs)
            mark_seen(case=self.row, by=request.user, at=now())
        return response

    def page(self, row: Case) -> dict[str, Any]:
        user, shown = self.request.user, self.request.GET.get("show", "all")
        shown = shown if shown in presenters_timeline.SHOWN else "all"
        clocks = clocks_of(row)
        context = around(user, row, "detail", clocks)
        records = records_on_timeline(user, row)
        brief, answers, package = told = queries.told_of(user, row)
        open_dossier(row.juvenile_id).read(*records, *brief, *answers, *package)
        entries = presenters_timeline.timeline(
            events=acts_of(row.thread_id, presenters_timeline.TURNING_POINTS), records=records, deadlines=clocks, now=now(), shown=shown
        )
        return {
            **context,
            "entries": entries,
            "filters": presenters_timeline.filters(row.get_absolute_url(), shown),
            "facts": presenters.header_facts(row, now()),
            "brief": presenters.brief_facts(*told),
        }


class CaseRecords(DetailPage):
    """The service records of a case, newest first."""

    model = Case
    template_name = "cases/records.html"

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.for_page(rows)

    def page(self, row: Case) -> dict[str, Any]:
        user = self.request.user
        listed = listing.list_rows(
            ServiceRecord,
            user,
            sort=listing.Sort("started_at", descending=True),
            shape=for_record_list,
            narrow=lambda rows: rows.filter(case=row),
            cursor=self.request.GET.get("after", ""),
        )
        open_dossier(row.juvenile_id).read(*listed.rows)
        rows = [presenters_records.list_row(record) for record in listed.rows]
        worklist = {
            "title": _("Records"),
            "columns": presenters_records.list_columns(),
            "rows": rows,
            "empty": {"title": _("Nothing has been recorded yet."), "reason": _("The first record starts the case.")},
        }
        return {**around(user, row, "records"), "worklist": worklist, "listed": listed}


class CaseDocuments(DetailPage):
    """Letters and documents issued in the matter, and what the referral says."""

    model = Case
    template_name = "cases/documents.html"

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.for_page(rows)

    def page(self, row: Case) -> dict[str, Any]:
        user = self.request.user
        brief, answers, package = told = queries.told_of(user, row)
        issued, filed = queries.documents_of(user, row), filed_documents_of(user, row)
        open_dossier(row.juvenile_id).read(*brief, *answers, *package, *filed)
        files = presenters_filing.with_signed_copies(presenters.document_lines(row, issued), issued, filed)
        return {
            **around(user, row, "documents"), "files": files, "filed": presenters_filing.filed_lines(filed),
            "brief": presenters.brief_facts(*told),
        }


class CaseDocument(Page):
    """One issued document, as it was issued."""

    model = Case

    def get(self, request: HttpRequest, file: UUID, **kwargs: Any) -> HttpResponse:
        row = self.load()
        document = next((each for each in queries.documents_of(request.user, row) if each.file_id == file), None)
        if document is None:
            raise NotVisible()
        audit.read(row, by=request.user, route=self.route, action="downloaded", detail=document.kind)
        content = open_file(document.file, dossier=open_dossier(row.juvenile_id))
        response = HttpResponse(content, content_type=document.file.content_type)
        response["Content-Disposition"] = content_disposition_header(True, document.file.name)
        response["X-Content-Type-Options"] = "nosniff"
        return response


class CasePeople(DetailPage):
    """Who the child is, who looks after it, who works on the case, and how that came about."""

    model = Case
    template_name = "cases/people.html"

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.for_page(rows)

    def page(self, row: Case) -> dict[str, Any]:
        user = self.request.user
        context = around(user, row, "people")
        guardians = queries.guardians_of(row)
        offers = queries.hand_overs_of(user, row)
        open_dossier(row.juvenile_id).read(*guardians, *offers)
        named = knows_names(user)
        entries = [presenters_people.hand_over_entry(offer, user=user, key=str(uuid4())) for offer in offers]
        return {
            **context,
            "child": presenters_people.child_facts(user, row),
            "guardians": presenters_people.guardian_facts(guardians, named=named),
            "team": presenters_people.team_facts(row),
            "hand_overs": entries,
            "assignments": presenters_people.assignment_list(list(queries.assignments_of(row))),
            "juvenile_url": reverse("people:juvenile", args=[row.juvenile_id]),
        }


class CaseHistory(DetailPage):
    """Every act and every reading. The agency sees its own readings, the organ all of them."""

    model = Case
    action = "read_history"
    template_name = "cases/history.html"

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.for_page(rows)

    def page(self, row: Case) -> dict[str, Any]:
        user = self.request.user
        events, readings = list(events_of(row.thread_id)), list(readings_of(row.thread_id))
        if user.organisation.family != Family.ORGAN:
            own = user.organisation_id
            events = [each for each in events if each.organisation_id == own or each.at >= row.referral.issued_at]
            readings = [each for each in readings if each.organisation_id == own]
        return {
            **around(user, row, "history"),
            "acts": presenters_timeline.history_list(events),
            "readings": presenters_timeline.reading_list(readings),
        }


class Record(DetailPage):
    """One service record with its corrections, comments, and whether it was read."""

    model = ServiceRecord
    template_name = "cases/record.html"

    def shape(self, rows: QuerySet) -> QuerySet:
        return for_record_page(rows)

    def page(self, row: ServiceRecord) -> dict[str, Any]:
        user, case = self.request.user, row.case
        with_identity([case.juvenile])
        open_dossier(case.juvenile_id).read(row, *(touch.goal for touch in row.goals.all()))
        note = note_of(user, row)
        return presenters_records.record_page(
            user,
            row,
            note=note,
            amendments=amendments_of(user, row),
            comments=comments_on(row),
            cited=is_cited(row),
            key=str(uuid4()),
        )


def around(user: Any, case: Case, tab: str, clocks: Sequence[Deadline] | None = None) -> dict[str, Any]:
    """What stands on every page of a case: who, state, risk, next act, tabs, and what may be done.

    `clocks` are those of the case, earliest end first, where the page has read them.
    """
    with_identity([case.juvenile])
    moment, clocks = now(), open_clocks_of(case) if clocks is None else clocks
    clock = next((each for each in clocks if each.state == State.OPEN), None)
    stopped = next((each for each in clocks if each.state == State.PAUSED), None)
    waiting = presenters_actions.waiting(case, user, queries_records.waiting_for(user, case))
    chosen = presenters_actions.primary(case, case.allowed_actions, waiting)
    return {
        "crumbs": presenters.case_crumbs(user, case),
        "person": full_name(user, case.juvenile),
        "state": presenters.state_of(case),
        "risk": presenters.risk_of(case.risk_level),
        "services": presenters.services_of(case),
        "act": presenters.next_act(case, clock, stopped, moment),
        "tabs": presenters.tabs_of(case, tab, case.allowed_actions, {}),
        "primary": chosen,
        "others": presenters_actions.others(case, case.allowed_actions, chosen),
        "age": presenters.age_words(case, moment.date()) if knows_names(user) else "",
    }
