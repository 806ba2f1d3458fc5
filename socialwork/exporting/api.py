"""Reading exports by program; asking for one and the rest are made from the pages."""
from __future__ import annotations

from rest_framework import serializers

from socialwork.access.drf_views import Row, Rows
from socialwork.exporting.models import Export
from socialwork.exporting.views import ExportList, ExportPage


class ExportSerializer(serializers.ModelSerializer):
    """Who asked for which list, why, and how far it is."""

    asked_by = serializers.CharField(source="asked_by.name")
    decided_by = serializers.CharField(source="decided_by.name", allow_null=True)
    sha256 = serializers.CharField(source="file.sha256", allow_null=True)

    class Meta:
        model = Export
        fields = (
            "id", "kind", "query", "purpose", "remark", "state", "asked_by", "created_at", "expected", "rows", "decided_by",
            "decided_at", "reason", "finished_at", "expires_at", "sha256", "version",
        )
        read_only_fields = fields


class ListExports(Rows):
    """What the caller took out, newest first; heads of a house see what leaves it."""

    page_class = ExportList
    serializer_class = ExportSerializer


class ShowExport(Row):
    """One export."""

    page_class = ExportPage
    serializer_class = ExportSerializer
