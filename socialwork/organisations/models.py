"""Organisations, the divisions of the country, and the agreements that let an agency work for an organ."""
from __future__ import annotations

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from socialwork.access.roles import Family
from socialwork.core.models import BaseModel, VersionedModel
from socialwork.organisations.states import UNSIGNED, AgencyState, AgreementState


class District(models.Model):
    """An administrative division with its GB/T 2260 code (province, prefecture or county)."""

    code = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=12)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", db_index=False)
    province_code = models.CharField(max_length=6)
    effective_from = models.DateField(null=True, blank=True)
    effective_until = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["parent"], name="district_parent")]

    def __str__(self) -> str:
        return self.name

    @property
    def area_codes(self) -> list[str]:
        """The division itself and everything it lies in: what an agreement's area may name to cover it."""
        return sorted({self.code, self.parent_id or self.code, self.province_code})


class Organisation(VersionedModel):
    """A procuratorate, an agency, a civil-affairs bureau or another body that commissions or operates.

    `kind` is a code of the vocabulary `org_type`; `family` is the side of the wall it stands on. `state` is the
    admission state of an agency. `approval_levels` says whether a referral of this organ needs its unit head (1) or
    goes out at once (0).
    """

    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    family = models.CharField(max_length=20, choices=Family.choices)
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    province_code = models.CharField(max_length=6)
    credit_code = models.CharField(max_length=18, blank=True)
    letter_prefix = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    contact = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=12, choices=AgencyState.choices, default=AgencyState.ACTIVE)
    approval_levels = models.PositiveSmallIntegerField(default=1)
    caseload_warn = models.PositiveSmallIntegerField(default=25)
    caseload_block = models.PositiveSmallIntegerField(default=40)
    registered_on = models.DateField(null=True, blank=True)
    supervising_unit = models.CharField(max_length=120, blank=True)
    assessment_grade = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["credit_code"], condition=~Q(credit_code=""), name="one_credit_code"),
            models.CheckConstraint(condition=Q(approval_levels__lte=1), name="approval_levels_0_or_1"),
            models.CheckConstraint(condition=Q(family__in=Family.values), name="organisation_family_known"),
            models.CheckConstraint(
                condition=Q(family=Family.AGENCY) | Q(state=AgencyState.ACTIVE), name="only_agencies_are_admitted"
            ),
            models.CheckConstraint(condition=Q(state__in=AgencyState.values), name="organisation_state_known"),
            models.CheckConstraint(
                condition=Q(caseload_warn__gte=1, caseload_block__gte=F("caseload_warn")), name="caseload_warns_before_it_blocks"
            ),
        ]
        indexes = [
            models.Index(fields=["family", "district", "created_at", "id"], name="organisation_registry"),
            models.Index(fields=["-created_at", "-id"], name="organisation_new"),
        ]

    def __str__(self) -> str:
        return self.short_name

    def get_absolute_url(self) -> str:
        return reverse("organisations:detail", args=[self.pk])


class Recommendation(BaseModel):
    """A civil-affairs bureau recommends an agency to the organs of its district, by letter."""

    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="recommendations", db_index=False)
    bureau = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    letter_number = models.CharField(max_length=60)
    reason = models.TextField(max_length=2000)
    recommended_on = models.DateField()
    recommended_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bureau", "agency", "letter_number"], name="one_letter_per_recommendation"),
        ]
        indexes = [models.Index(fields=["agency", "recommended_on"], name="recommendation_agency")]


class Inspection(BaseModel):
    """What was found on the spot: qualification, staffing, premises, systems (admission of an agency, yearly re-check).

    `shortcomings` names the parts that were not in order; with one of them the inspection is not passed.
    """

    PARTS = ("qualification", "staffing", "premises", "systems")

    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="inspections", db_index=False)
    bureau = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    inspected_on = models.DateField()
    inspected_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    passed = models.BooleanField()
    shortcomings = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    qualification = models.TextField(max_length=2000, blank=True)
    staffing = models.TextField(max_length=2000)
    premises = models.TextField(max_length=2000)
    systems = models.TextField(max_length=2000)
    findings = models.TextField(max_length=4000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(passed=False) | Q(shortcomings=[]), name="passed_inspection_has_no_shortcomings"
            ),
            models.CheckConstraint(
                condition=Q(shortcomings__contained_by=["qualification", "staffing", "premises", "systems"]),
                name="shortcomings_are_parts",
            ),
        ]
        indexes = [models.Index(fields=["agency", "inspected_on"], name="inspection_agency")]


class RegistryEntry(BaseModel):
    """A decision about an agency's place in the registry, with its reason: chosen, put on the list, suspended, taken off."""

    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="registry_entries", db_index=False)
    act = models.CharField(max_length=40)
    reason = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["agency", "made_at"], name="registry_entry_agency")]


class Agreement(VersionedModel):
    """An agreement between one or several commissioning organs and an agency.

    The row holds what access depends on; the terms stand in versions that are never overwritten. `stopped_on` is set
    when it is suspended or terminated; `access_until` is the end of the hand-over window.
    """

    number = models.CharField(max_length=60)
    title = models.CharField(max_length=160)
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="agreements", db_index=False)
    organs = models.ManyToManyField(Organisation, through="AgreementParty", related_name="agreements_as_organ")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=AgreementState.choices, default=AgreementState.DRAFT)
    starts_on = models.DateField()
    ends_on = models.DateField()
    stopped_on = models.DateField(null=True, blank=True)
    hand_over_days = models.PositiveSmallIntegerField(default=30)
    access_until = models.DateField()
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    stopped_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="agreement_ends_after_start"),
            models.CheckConstraint(
                condition=(Q(state__in=["suspended", "terminated"]) & Q(stopped_on__isnull=False))
                | (Q(state__in=["draft", "active", "discarded"]) & Q(stopped_on__isnull=True)),
                name="agreement_stop_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(stopped_on__isnull=True) | Q(access_until__gte=F("stopped_on")), name="hand_over_follows_the_stop"
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True) | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="agreement_signed_paired",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "discarded"]) | Q(signed_at__isnull=False), name="agreement_in_force_is_signed"
            ),
            models.UniqueConstraint(
                fields=["agency", "number"], condition=~Q(state="discarded"), name="one_agreement_number"
            ),
        ]
        indexes = [models.Index(fields=["agency", "created_at", "id"], name="agreement_agency")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("organisations:agreement", args=[self.pk])

    @staticmethod
    def live(today: dt.date) -> Q:
        """In force today: full work."""
        return Q(state=AgreementState.ACTIVE, starts_on__lte=today, ends_on__gte=today)

    @staticmethod
    def readable(today: dt.date) -> Q:
        """In force or inside the hand-over window: the agency's managers may still read and hand over."""
        return ~Q(state__in=UNSIGNED) & Q(starts_on__lte=today, access_until__gte=today)

    @staticmethod
    def open_to_referrals(today: dt.date) -> Q:
        """In force, with an agency the registry has not suspended: work that runs goes on, new work is not given."""
        return Agreement.live(today) & Q(agency__state=AgencyState.ACTIVE)


class AgreementParty(BaseModel):
    """A commissioning organ that is party to an agreement; several organs may found one service centre."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="parties", db_index=False)
    organ = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "organ"], name="one_party")]


class AgreementVersion(BaseModel):
    """The terms as agreed at one time. Immutable; a change is a new version."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    kind = models.CharField(max_length=40, blank=True)
    procurement = models.CharField(max_length=40, blank=True)
    area = ArrayField(models.CharField(max_length=6), default=list)
    response_hours = models.PositiveSmallIntegerField(default=16)
    urgent_response_hours = models.PositiveSmallIntegerField(default=4)
    training_duty = models.TextField(max_length=2000, blank=True)
    data_terms = models.TextField(max_length=2000, blank=True)
    evaluation_method = models.TextField(max_length=2000, blank=True)
    change_reason = models.CharField(max_length=500, blank=True)
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="one_version_number"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="version_ends_after_start"),
            models.CheckConstraint(
                condition=Q(response_hours__gte=1, urgent_response_hours__gte=1), name="version_leaves_time_to_answer"
            ),
        ]
        indexes = [GinIndex(fields=["area"], name="version_area")]


class AgreementService(BaseModel):
    """One service in a version of an agreement: places per period and price per unit."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.CASCADE, related_name="services", db_index=False)
    service_type = models.CharField(max_length=40)
    quota = models.PositiveIntegerField()
    unit = models.CharField(max_length=20)
    unit_price = models.DecimalField(max_digits=10, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "service_type"], name="one_line_per_service"),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="price_not_negative"),
        ]
