"""Reading cases by program: the lists and rows of the pages. Acting is made from the pages themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.forms import BaseForm
from rest_framework import serializers

from cases.filters import CaseFilter
from cases.models import Case, ServiceRecord
from cases.queries import WHOLE, service_codes
from cases.queries_records import for_record_list
from cases.views.working import CaseDetail, CaseList
from referrals.models import NO_DUE
from socialwork.access import api, listing
from socialwork.access.drf_views import Row, Rows
from socialwork.access.views import ListPage
from socialwork.core.errors import NotVisible


class CaseRowSerializer(serializers.ModelSerializer):
    """A case as codes, dates and identifiers, with the names of those who work on it. The child is a work code."""

    referral = serializers.UUIDField(source="referral_id", help_text="The referral the case came of.")
    juvenile = serializers.CharField(source="juvenile.code", help_text="Work code of the child.")
    organ = serializers.CharField(source="organ.name")
    prosecutor = serializers.CharField(source="prosecutor.name")
    agency = serializers.CharField(source="agency.name")
    lead = serializers.CharField(source="lead.name")
    second = serializers.CharField(source="second.name")
    services = serializers.SerializerMethodField()
    next_due_at = serializers.SerializerMethodField(help_text="Null when no clock runs.")

    class Meta:
        model = Case
        fields = (
            "id", "number", "referral", "state", "juvenile", "organ", "prosecutor", "agency", "lead", "second", "services",
            "risk_level", "started_at", "first_contact_at", "suspended_at", "suspend_reason", "submitted_at", "return_count",
            "responded_at", "evaluated_at", "closed_at", "closure_reason", "next_act", "next_due_at", "touched_at", "version",
        )
        read_only_fields = fields

    def get_services(self, row: Case) -> list[str]:
        return service_codes(row)

    def get_next_due_at(self, row: Case) -> datetime | None:
        return row.next_due_at if row.next_due_at < NO_DUE else None


class CaseSerializer(CaseRowSerializer):
    """The same with the others on the case, and what the caller may do now."""

    supervisor = serializers.CharField(source="supervisor.name", allow_null=True)
    counsellor = serializers.CharField(source="counsellor.name", allow_null=True)
    allowed_actions = serializers.SerializerMethodField(help_text="Verbs open to the caller now.")

    class Meta(CaseRowSerializer.Meta):
        fields = (*CaseRowSerializer.Meta.fields, "supervisor", "counsellor", "retain_until", "allowed_actions")
        read_only_fields = fields

    def get_allowed_actions(self, row: Case) -> list[str]:
        return sorted(row.allowed_actions)


class RecordSerializer(serializers.ModelSerializer):
    """A service record without its words. Of counselling it says that the session took place; the note is nobody's here."""

    author = serializers.CharField(source="author.name")
    co_worker = serializers.CharField(source="co_worker.name", allow_null=True)
    details = serializers.DictField(help_text="Codes and numbers of this kind of record.")

    class Meta:
        model = ServiceRecord
        fields = (
            "id", "kind", "state", "author", "co_worker", "started_at", "lasted", "method", "place", "happened", "attended",
            "late_minutes", "absence_class", "absence_reason", "interviewee", "details", "crisis", "next_on", "submitted_at",
            "written_late", "reviewed_at", "amended_at", "version",
        )
        read_only_fields = fields


class RecordList(ListPage):
    """The service records of one case, newest first."""

    model = ServiceRecord
    sorts: ClassVar[dict[str, listing.Sort]] = {"new": listing.Sort("started_at", descending=True)}

    def shape(self, rows: QuerySet) -> QuerySet:
        return for_record_list(rows)

    def narrow(self, rows: QuerySet) -> QuerySet:
        return rows.filter(case_id=self.kwargs["id"])


class ListCases(Rows):
    """Cases of the caller: filters and orders of the page. Without a choice of state, cases that have ended are left out."""

    page_class = CaseList
    shape = WHOLE
    serializer_class = CaseRowSerializer

    @classmethod
    def filter_form(cls, page: CaseList) -> BaseForm:
        return page.filters.form

    @classmethod
    def blank_filter_form(cls) -> BaseForm:
        return CaseFilter.blank(())


class ShowCase(Row):
    """One case."""

    page_class = CaseDetail
    serializer_class = CaseSerializer


class ListRecords(Rows):
    """What was done in one case the caller may see, newest first: codes, numbers and times, no words."""

    page_class = RecordList
    serializer_class = RecordSerializer

    def parent(self, page: Any) -> Case:
        case = api.permitted(Case, page.request.user).filter(pk=page.kwargs["id"]).first()
        if case is None:
            raise NotVisible()
        return case
