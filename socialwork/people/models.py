"""Children and the adults around them. Work rows know a code; who it is stands encrypted in tables of its own."""
from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from socialwork.core.models import BaseModel, VersionedModel
from socialwork.files.models import StoredFile
from socialwork.organisations.models import Organisation


class Juvenile(BaseModel):
    """A minor as the work knows them: a random code, never derived from name or number.

    Owned by the organ that first referred the child; another organ that refers the same child has a row of its own,
    so that nobody learns from a collision that the child is known elsewhere.
    """

    code = models.CharField(max_length=12, unique=True)
    organ = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="juveniles", db_index=False)
    sex = models.CharField(max_length=10)
    registered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["organ", "created_at", "id"], name="juvenile_organ")]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("people:juvenile", args=[self.pk])


class DossierKey(models.Model):
    """The data key of one child's dossier, wrapped. Without it nothing written about the child can be read."""

    juvenile = models.OneToOneField(Juvenile, on_delete=models.CASCADE, primary_key=True, related_name="dossier_key")
    wrapped = models.BinaryField()


class Narrative(BaseModel):
    """A row with words about a child: all its prose is one encrypted value under the child's dossier key.

    `text` is the opened prose of a loaded row (socialwork.people.dossiers); templates never see an unopened one.
    """

    sealed = models.BinaryField(null=True, editable=False)

    # Field names of the prose, declared by each subclass: what is personal is decided where it is declared.
    PROSE: ClassVar[tuple[str, ...]] = ()
    text: ClassVar[dict[str, Any] | None] = None

    class Meta:
        abstract = True


class Identity(Narrative):
    """Who the child is: name, number, birth date, address, phone, school. One encrypted value, blind indexes beside it.

    `number_index` finds the exact ID number inside the owning organ, `national_index` lets the product notice the same
    child elsewhere without telling anybody where.
    """

    PROSE = (
        "name", "former_name", "id_type", "id_number", "birth_on", "ethnicity", "household", "address", "phone",
        "school", "grade", "occupation", "health", "special_needs", "language",
    )

    juvenile = models.OneToOneField(Juvenile, on_delete=models.CASCADE, related_name="identity")
    version = models.PositiveIntegerField(default=1)
    number_index = models.BinaryField(null=True)
    national_index = models.BinaryField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["number_index"], name="identity_number"),
            models.Index(fields=["national_index"], name="identity_national"),
        ]


class SearchToken(models.Model):
    """A blind piece of a name or phone number, findable only inside one organisation.

    Rows, not an array: equality on bytes keeps its index under row-level security, and the rows come in page order.
    """

    scope_id = models.UUIDField()
    token = models.BinaryField()
    sorted_at = models.DateTimeField()
    juvenile = models.ForeignKey(Juvenile, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope_id", "token", "juvenile"], name="one_token")]
        indexes = [models.Index(fields=["scope_id", "token", "-sorted_at", "-juvenile"], name="search_token")]


class Circumstances(VersionedModel):
    """Schooling, living arrangement and care of a child, as codes (domain chapter 10.6, 10.7)."""

    juvenile = models.OneToOneField(Juvenile, on_delete=models.CASCADE, related_name="circumstances")
    education_status = models.CharField(max_length=40, blank=True)
    education_level = models.CharField(max_length=40, blank=True)
    living = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    parenting = models.CharField(max_length=40, blank=True)


class Guardian(Narrative):
    """A guardian or contact of the child, with relation and flags (legal representative, actual carer, accomplice …)."""

    PROSE = ("name", "phone", "address", "occupation", "note")

    juvenile = models.ForeignKey(Juvenile, on_delete=models.CASCADE, related_name="guardians", db_index=False)
    version = models.PositiveIntegerField(default=1)
    relation = models.CharField(max_length=40)
    flags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    unavailable_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["juvenile", "created_at"], name="guardian_juvenile")]


class Consent(Narrative):
    """An agreement given by the child or a guardian: to what, in which capacity, how, until withdrawn (domain 8).

    Where it was signed on paper the paper stays the original; `scan` is its picture, which may follow later. A scan that is
    replaced stays among the files of the dossier, and the record of acts says which it was.
    """

    PROSE = ("signer", "witness", "note")

    juvenile = models.ForeignKey(Juvenile, on_delete=models.CASCADE, related_name="consents", db_index=False)
    guardian = models.ForeignKey(Guardian, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=20, choices=[("minor", "minor"), ("guardian", "guardian"), ("substitute", "substitute")])
    kind = models.CharField(max_length=40)
    scope = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    text_version = models.CharField(max_length=40)
    given_on = models.DateField()
    method = models.CharField(max_length=40)
    substitute_reason = models.CharField(max_length=40, blank=True)
    scan = models.OneToOneField(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="consent_withdrawn_paired",
            ),
        ]
        indexes = [models.Index(fields=["juvenile", "kind", "given_on"], name="consent_juvenile")]


class IdentityCheck(BaseModel):
    """The same ID number stands in another organ's register: a silent task for whoever may resolve it, seen by no list."""

    juvenile = models.ForeignKey(Juvenile, on_delete=models.CASCADE, related_name="+", db_index=False)
    other = models.ForeignKey(Juvenile, on_delete=models.CASCADE, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["juvenile", "other"], name="one_identity_check")]
