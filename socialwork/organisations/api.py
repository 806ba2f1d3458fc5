"""Reading organisations and agreements by program: the lists and rows of the pages."""
from __future__ import annotations

from rest_framework import serializers

from socialwork.access.drf_views import Row, Rows
from socialwork.organisations.models import Agreement
from socialwork.organisations.views.agreements import AgreementList, AgreementPage


class AgreementRowSerializer(serializers.ModelSerializer):
    """An agreement as its period and parties; prices and clauses are read on the page."""

    agency = serializers.CharField(source="agency.name")
    organs = serializers.SerializerMethodField(help_text="Names of the commissioning organs.")

    class Meta:
        model = Agreement
        fields = (
            "id", "number", "title", "state", "agency", "organs", "starts_on", "ends_on", "stopped_on", "access_until",
            "hand_over_days", "version",
        )
        read_only_fields = fields

    def get_organs(self, row: Agreement) -> list[str]:
        return sorted(party.organ.name for party in row.parties.all())


class AgreementSerializer(AgreementRowSerializer):
    """The same with what the caller may do now."""

    allowed_actions = serializers.SerializerMethodField(help_text="Verbs open to the caller now.")

    class Meta(AgreementRowSerializer.Meta):
        fields = (*AgreementRowSerializer.Meta.fields, "allowed_actions")
        read_only_fields = fields

    def get_allowed_actions(self, row: Agreement) -> list[str]:
        return sorted(row.allowed_actions)


class ListAgreements(Rows):
    """Agreements open to the caller, newest first."""

    page_class = AgreementList
    serializer_class = AgreementRowSerializer


class ShowAgreement(Row):
    """One agreement."""

    page_class = AgreementPage
    serializer_class = AgreementSerializer
