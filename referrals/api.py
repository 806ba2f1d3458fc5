"""Reading referrals by program: the lists and rows of the pages. Acting is made from the pages themselves."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from django.forms import BaseForm
from rest_framework import serializers

from referrals.filters import ReferralFilter
from referrals.models import NO_DUE, Referral
from referrals.presenters.brief import services_of
from referrals.queries import WHOLE, is_told
from referrals.views.lists import ReferralInbox, ReferralList
from referrals.views.pages import ReferralPage
from socialwork.access.drf_views import Row, Rows
from socialwork.access.roles import Family

# What an agency no longer reads once the matter is not its business any more, as on the page.
CONTENT = ("subject_type", "stage", "custody")


class ReferralRowSerializer(serializers.ModelSerializer):
    """A referral as codes, dates and identifiers. Names and prose are not given out by the API."""

    juvenile = serializers.CharField(source="juvenile.code", help_text="Work code of the child.")
    organ = serializers.CharField(source="organ.name")
    agency = serializers.SerializerMethodField()
    services = serializers.SerializerMethodField()
    next_due_at = serializers.SerializerMethodField(help_text="Null when no clock runs.")

    class Meta:
        model = Referral
        fields = (
            "id", "number", "state", "juvenile", "organ", "agency", "subject_type", "stage", "custody", "urgency", "services",
            "due_on", "next_act", "next_due_at", "issued_at", "accepted_at", "declined_at", "reason_code", "version",
        )
        read_only_fields = fields

    def to_representation(self, instance: Referral) -> dict[str, Any]:
        shown = super().to_representation(instance)
        if self.context["user"].organisation.family == Family.AGENCY and not is_told(instance):
            shown.update(dict.fromkeys(CONTENT, ""))
        return shown

    def get_agency(self, row: Referral) -> str:
        return row.agency.name if row.agency else ""

    def get_services(self, row: Referral) -> list[str]:
        return sorted(services_of(row))

    def get_next_due_at(self, row: Referral) -> datetime | None:
        return row.next_due_at if row.next_due_at < NO_DUE else None


class ReferralSerializer(ReferralRowSerializer):
    """The same with what the caller may do now."""

    allowed_actions = serializers.SerializerMethodField(help_text="Verbs open to the caller now.")

    class Meta(ReferralRowSerializer.Meta):
        fields = (*ReferralRowSerializer.Meta.fields, "allowed_actions")
        read_only_fields = fields

    def get_allowed_actions(self, row: Referral) -> list[str]:
        return sorted(row.allowed_actions)


class ListReferrals(Rows):
    """Referrals of the caller's organ side: filters and orders of the page."""

    page_class = ReferralList
    shape = WHOLE
    serializer_class = ReferralRowSerializer

    @classmethod
    def filter_form(cls, page: ReferralList) -> BaseForm:
        return page.filters.form

    @classmethod
    def blank_filter_form(cls) -> BaseForm:
        return ReferralFilter.blank(cls.page_class.other_side)


class ListReceivedReferrals(ListReferrals):
    """Referrals sent to the caller's agency."""

    page_class = ReferralInbox


class ShowReferral(Row):
    """One referral."""

    page_class = ReferralPage
    serializer_class = ReferralSerializer
