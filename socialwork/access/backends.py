"""Passwords are checked by Django; rights are not asked here."""
from __future__ import annotations

from functools import reduce
from operator import add
from typing import Any

from django.contrib.auth.backends import ModelBackend

from socialwork.core.registry import unread_counters


class DenyByDefaultBackend(ModelBackend):
    """Signs people in, and answers no to every has_perm: rights are row filters (socialwork.access.policy)."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_user(self, user_id: Any) -> Any:
        from django.contrib.auth import get_user_model

        model = get_user_model()
        waiting = {"unread_count": reduce(add, (count() for count in unread_counters))} if unread_counters else {}
        user = model.objects.select_related("organisation").filter(pk=user_id).annotate(**waiting).first()
        return user if user and self.user_can_authenticate(user) else None
