"""Keys with which a person's own programs sign in to the API."""
from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from socialwork import audit
from socialwork.access import api as access
from socialwork.accounts.models import AccessToken, User
from socialwork.core.errors import DomainError, Moved

KEY_BYTES = 32


def create_token(*, person: User, by: User, at: datetime, password: str) -> str:
    """A new key with the person's own rights; an earlier one ends. It is shown once.

    The password is asked again, so that an unlocked screen does not become a key. Raises DomainError when it is wrong.
    """
    with transaction.atomic():
        fresh = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
        access.require(by, "create_token", fresh)
        if not fresh.check_password(password):
            raise DomainError(_("This is not your password."), code="password", field="password")
        AccessToken.objects.filter(user=fresh).delete()
        key = secrets.token_urlsafe(KEY_BYTES)
        AccessToken.objects.create(user=fresh, digest=AccessToken.digest_of(key), created_at=at)
        audit.record("account.token_created", fresh, by=by, at=at)
    return key


def revoke_token(*, person: User, by: User, at: datetime) -> None:
    """Take the key back. Raises Moved when there is none."""
    with transaction.atomic():
        access.require(by, "revoke_token", person)
        removed, _kinds = AccessToken.objects.filter(user=person).delete()
        if not removed:
            raise Moved(_("There is no key any more."))
        audit.record("account.token_revoked", person, by=by, at=at)
