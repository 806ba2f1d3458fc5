"""Referrals: an organ asks an agency to do certain services for one child, with the minimum the agency needs to know."""
from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from referrals.states import ReferralState
from socialwork.core.addresses import address_of
from socialwork.core.models import VersionedModel
from socialwork.files.models import StoredFile
from socialwork.organisations.models import Agreement, District, Organisation
from socialwork.people.models import Guardian, Juvenile, Narrative

USER = settings.AUTH_USER_MODEL

# Sorts after every real due date: rows with no next act come last without a NULL in the index.
NO_DUE = datetime(9999, 12, 31, tzinfo=UTC)
# Whose column of a referral leads to a list of referrals.
SCOPES = ("prosecutor", "organ", "agency")


class Referral(VersionedModel):
    """A commission (委托) of one child to one agency.

    Scope columns (`organ`, `prosecutor`, `agency`) stand on the row, each with an index that ends in the sort key.
    `prosecutor` is the officer in charge, also where a court or the police commissions. `next_act` is a code, due at
    `next_due_at`; NO_DUE when nothing is awaited. Ages are completed years at the offence (criminal responsibility).
    """

    number = models.CharField(max_length=60, blank=True)
    organ = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    prosecutor = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", db_index=False)
    juvenile = models.ForeignKey(Juvenile, on_delete=models.PROTECT, related_name="referrals", db_index=False)
    previous = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="successors")

    subject_type = models.CharField(max_length=40, blank=True)
    stage = models.CharField(max_length=40, blank=True)
    custody = models.CharField(max_length=40, blank=True)
    charge = models.CharField(max_length=40, blank=True)
    behaviours = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    offence_on = models.DateField(null=True, blank=True)
    age_at_offence = models.PositiveSmallIntegerField(null=True, blank=True)
    joint_offence = models.BooleanField(default=False)
    # Opaque mark that joins referrals of one incident inside one organ, for conflict checks; never shown.
    incident = models.CharField(max_length=60, blank=True)
    urgency = models.CharField(max_length=20, default="routine")
    district = models.ForeignKey(District, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    agency = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    agreement = models.ForeignKey(Agreement, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    due_on = models.DateField(null=True, blank=True)
    due_rule = models.CharField(max_length=10, blank=True)

    state = models.CharField(max_length=20, choices=ReferralState.choices, default=ReferralState.DRAFT)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    transferred_at = models.DateTimeField(null=True, blank=True)
    transferred_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason_code = models.CharField(max_length=40, blank=True)

    next_act = models.CharField(max_length=40, blank=True)
    next_due_at = models.DateTimeField(default=NO_DUE)
    touched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organ", "number"], condition=~Q(number=""), name="one_referral_number"),
            models.CheckConstraint(condition=Q(state__in=ReferralState.values), name="referral_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | Q(agency__isnull=False, agreement__isnull=False, submitted_at__isnull=False, due_on__isnull=False),
                name="referral_beyond_draft_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["issued", "info_requested", "accepted", "declined", "transferred"])
                | Q(issued_at__isnull=False),
                name="referral_sent_is_stamped",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(accepted_at__isnull=False), name="referral_accepted_is_stamped"
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | (Q(declined_at__isnull=False) & ~Q(reason_code="")),
                name="referral_declined_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | (Q(withdrawn_at__isnull=False) & ~Q(reason_code="")),
                name="referral_withdrawn_has_reason",
            ),
            *[
                models.CheckConstraint(
                    condition=Q(**{f"{name}_at__isnull": True, f"{name}_by__isnull": True})
                    | Q(**{f"{name}_at__isnull": False, f"{name}_by__isnull": False}),
                    name=f"referral_{name}_paired",
                )
                for name in (
                    "submitted", "approved", "returned", "issued", "accepted", "declined", "withdrawn", "transferred",
                )
            ],
        ]
        indexes = [
            models.Index(fields=["prosecutor", "next_due_at", "id"], name="referral_prosecutor_due"),
            models.Index(fields=["organ", "next_due_at", "id"], name="referral_organ_due"),
            # With what an agency's right to read rests on: its referrals are counted without looking at one.
            models.Index(
                fields=["agency", "next_due_at", "id"], include=["agreement", "issued_at"], name="referral_agency_due"
            ),
            *[models.Index(fields=[scope, "-touched_at", "-id"], name=f"referral_{scope}_new") for scope in SCOPES],
            models.Index(fields=["organ", "-touched_at", "-id"], condition=Q(state="draft"), name="referral_organ_draft"),
            # What waits for somebody is one state of many rows: drafts, what is to be approved, what is to be answered.
            *[
                models.Index(fields=[scope, "state", "next_due_at", "id"], name=f"referral_{scope}_state")
                for scope in SCOPES
            ],
            models.Index(fields=["agreement", "state"], name="referral_agreement_state"),
            models.Index(fields=["juvenile"], name="referral_juvenile"),
        ]

    def __str__(self) -> str:
        return self.number or self.juvenile.code

    def get_absolute_url(self) -> str:
        return address_of("referrals:detail", self.pk)

    @property
    def thread_id(self) -> UUID:
        return self.pk


class ReferralService(models.Model):
    """A service wanted in a referral, with how many units of the agreement's quota it takes."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="services", db_index=False)
    service_type = models.CharField(max_length=40)
    quantity = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["referral", "service_type"], name="one_referral_service"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="referral_service_quantity"),
        ]
        indexes = [models.Index(fields=["service_type"], name="referral_service_type")]


class BriefParagraph(Narrative):
    """One paragraph of what is known. Only the paragraphs marked `shared` are ever shown to the agency."""

    PROSE = ("body",)

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="paragraphs", db_index=False)
    kind = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()
    shared = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["referral", "position"], name="one_paragraph_per_position")]

    @property
    def thread_id(self) -> UUID:
        return self.referral_id


class ReferralGuardian(models.Model):
    """A guardian named in the referral, whom the agency may contact."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="guardian_links", db_index=False)
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["referral", "guardian"], name="one_referral_guardian")]


class Remark(Narrative):
    """Prose that goes with an act on a referral: reason of a return, a question and its answer, reason of a withdrawal."""

    PROSE = ("body",)

    class Kind(models.TextChoices):
        RETURN = "return", "return"
        QUESTION = "question", "question"
        ANSWER = "answer", "answer"
        DECLINE = "decline", "decline"
        WITHDRAW = "withdraw", "withdraw"
        TRANSFER = "transfer", "transfer"
        APPROVE = "approve", "approve"
        OVERRIDE = "override", "override"

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="remarks", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    code = models.CharField(max_length=40, blank=True)
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["referral", "said_at"], name="remark_referral")]

    @property
    def thread_id(self) -> UUID:
        return self.referral_id


class HandOverPackage(Narrative):
    """What the new agency receives when a referral is transferred: a list prepared by the organ, and what was done."""

    PROSE = ("done", "open_matters", "advice")

    referral = models.OneToOneField(Referral, on_delete=models.CASCADE, related_name="package")
    successor = models.OneToOneField(Referral, on_delete=models.CASCADE, related_name="received_package")
    prepared_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(referral=F("successor")), name="package_goes_elsewhere")]

class IssuedDocument(models.Model):
    """A document as it was issued: kind (form number), the stored file with its hash, and for which round."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="documents", db_index=False)
    kind = models.CharField(max_length=8)
    number = models.CharField(max_length=60, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["referral", "kind", "round"], name="one_document_per_round")]
        indexes = [models.Index(fields=["referral", "issued_at"], name="document_referral")]

    @property
    def thread_id(self) -> UUID:
        return self.referral_id
