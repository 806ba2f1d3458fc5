"""Passwords are checked by Django; rights are not asked here."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.db.models import Func, QuerySet, TextField, Value
from django.db.models.functions import Cast

from socialwork.core.registry import session_columns
from socialwork.core.statements import ask

# Tells the database who acts, until the end of the transaction, in the statement that asks who it is.
ACTING = Func(Value("app.user_id"), Cast("pk", TextField()), Value(True), function="set_config", output_field=TextField())


class DenyByDefaultBackend(ModelBackend):
    """Signs people in, and answers no to every has_perm: rights are row filters (socialwork.access.policy)."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_user(self, user_id: Any) -> Any:
        user = next(iter(ask(_person_of_session, user_id)), None)
        return user if user and self.user_can_authenticate(user) else None


def _person_of_session(user_id: UUID) -> QuerySet:
    """Who it is, with what stands around every page, and the database is told."""
    columns = {name: column() for name, column in session_columns.items()}
    return get_user_model().objects.select_related("organisation").annotate(acting=ACTING, **columns).filter(pk=user_id)
