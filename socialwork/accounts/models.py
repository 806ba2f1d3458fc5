"""People who sign in, and what qualifies them to work with children."""
from __future__ import annotations

import datetime as dt
import hashlib

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from socialwork.access.roles import Role
from socialwork.core.ids import uuid7
from socialwork.core.models import BaseModel, VersionedModel
from socialwork.organisations.models import Organisation
from socialwork.organisations.periods import a_year_after


class Users(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.select_related("organisation").get(login=username)


class User(AbstractBaseUser):
    """A named person in one organisation, with the roles held there. There is no superuser.

    `roles` take effect at the next request, because they are read with the session's user. A person who changes to
    another organisation gets a new account; the old one is closed the same day.

    `one_time_until` is set while the password was chosen by somebody else: it opens nothing but the page where the
    person chooses one, and no longer than until then.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    login = models.CharField(_("Sign-in name"), max_length=60, unique=True)
    name = models.CharField(max_length=80)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="users", db_index=False)
    roles = ArrayField(models.CharField(max_length=30, choices=Role.choices), default=list)
    is_active = models.BooleanField(default=True)
    one_time_until = models.DateTimeField(null=True, blank=True)
    mail_each = models.BooleanField(default=False)
    mail_digest = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: list[str] = []

    objects = Users()

    class Meta:
        constraints = [
            # Administrators of the system and auditors never hold a role that opens a file (GB/T 22239, three persons).
            models.CheckConstraint(
                condition=~Q(roles__overlap=[Role.AUDITOR, Role.SYSTEM_OPERATOR]) | Q(roles__len=1),
                name="administrators_hold_one_role",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "name"], name="user_organisation"),
            # The few administrators among all people are found without reading them.
            GinIndex(fields=["roles"], name="user_roles"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:person", args=[self.pk])

    def has_role(self, *roles: Role) -> bool:
        return any(role in self.roles for role in roles)


class StaffRecord(VersionedModel):
    """One person one file: what must be in order before a case may be assigned.

    The background check is yearly (Law on Protection of Minors, art. 62); undertaking and legal training precede the
    first case (local practice).
    """

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="staff")
    sex = models.CharField(max_length=10, blank=True)
    functions = ArrayField(models.CharField(max_length=40), default=list)
    languages = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    background_check_on = models.DateField(null=True, blank=True)
    undertaking_on = models.DateField(null=True, blank=True)
    legal_training_on = models.DateField(null=True, blank=True)
    employed_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(employed_on__isnull=True) | Q(left_on__gte=F("employed_on")),
                name="left_after_employed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    def get_absolute_url(self) -> str:
        return reverse("accounts:person", args=[self.user_id])

    @property
    def background_check_until(self) -> dt.date | None:
        """The last day the background check holds (Law on Protection of Minors, art. 62: yearly)."""
        return a_year_after(self.background_check_on) if self.background_check_on else None

    def background_check_valid(self, today: dt.date) -> bool:
        """Made, and not older than twelve months."""
        until = self.background_check_until
        return until is not None and self.background_check_on <= today <= until


class Certificate(BaseModel):
    """A qualification of a member of staff: code of the vocabulary `certificate`, number, dates."""

    staff = models.ForeignKey(StaffRecord, on_delete=models.CASCADE, related_name="certificates")
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("issued_on")), name="certificate_ends_after_issue"
            ),
            models.UniqueConstraint(
                fields=["staff", "kind", "number"], condition=~Q(number=""), name="one_certificate_of_a_number"
            ),
        ]

    def __str__(self) -> str:
        return self.kind

    def get_absolute_url(self) -> str:
        return reverse("accounts:person", args=[self.staff.user_id])


class SavedFilter(BaseModel):
    """A combination of filters of a worklist that a person gave a name."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_filters", db_index=False)
    worklist = models.CharField(max_length=60)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "worklist", "name"], name="one_filter_name")]


class LastSeen(models.Model):
    """When a person last looked at a matter: what is newer is unread."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    thread_id = models.UUIDField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "thread_id"], name="one_look_per_matter")]


class AccessToken(BaseModel):
    """The key with which a person's own programs use the API. Only its digest is kept: a copy of the table opens nothing.

    digest: SHA-256 of the key. The key has 256 random bits, so a slow hash would add nothing.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="access_token")
    digest = models.BinaryField(max_length=32, unique=True)

    @staticmethod
    def digest_of(key: str) -> bytes:
        return hashlib.sha256(key.encode()).digest()
