"""Reading one's notices by program."""
from __future__ import annotations

from rest_framework import serializers

from socialwork.access.drf_views import Rows
from socialwork.notifications.models import Notice
from socialwork.notifications.presenters import text_of
from socialwork.notifications.views import NoticeList


class NoticeSerializer(serializers.ModelSerializer):
    """What one was told: the sentence of the page, without a personal fact, and where the matter stands."""

    text = serializers.SerializerMethodField()

    class Meta:
        model = Notice
        fields = ("id", "created_at", "level", "verb", "text", "label", "path", "read_at")
        read_only_fields = fields

    def get_text(self, row: Notice) -> str:
        return text_of(row)


class ListNotices(Rows):
    """Everything the caller was told, newest first."""

    page_class = NoticeList
    serializer_class = NoticeSerializer
