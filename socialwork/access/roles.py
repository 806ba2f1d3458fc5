"""Who works with the product, and what each may do, in words for people (rendered to docs/roles.md)."""
from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    PROSECUTOR = "prosecutor", _("Case prosecutor")
    CLERK = "clerk", _("Prosecutor's clerk")
    UNIT_HEAD = "unit_head", _("Head of unit")
    ORGAN_ADMIN = "organ_admin", _("Administrator of the organisation")
    AGENCY_MANAGER = "agency_manager", _("Agency manager")
    AGENCY_INTAKE = "agency_intake", _("Agency intake officer")
    SOCIAL_WORKER = "social_worker", _("Social worker")
    COUNSELLOR = "counsellor", _("Counsellor")
    SUPERVISOR = "supervisor", _("Professional supervisor")
    CIVIL_AFFAIRS_OFFICER = "civil_affairs_officer", _("Civil-affairs officer")
    AUDITOR = "auditor", _("Auditor")
    SYSTEM_OPERATOR = "system_operator", _("System operator")


def holding(*roles: str) -> models.Func:
    """Condition on people of one organisation: they hold one of the roles.

    Who holds a role anywhere has an index. For a prepared statement the planner takes any role for a rare one and joins
    that index to the organisation's; two thirds of all people are social workers, so it read forty thousand entries for
    twelve colleagues. `IS TRUE` keeps it away from there.
    """
    held = models.ExpressionWrapper(models.Q(roles__overlap=list(map(str, roles))), models.BooleanField())
    return models.Func(held, template="(%(expressions)s) IS TRUE", output_field=models.BooleanField())


class Family(models.TextChoices):
    """The three kinds of organisation whose rights never mix, and the rest."""

    ORGAN = "organ", _("Commissioning organ")
    AGENCY = "agency", _("Social-work agency")
    CIVIL_AFFAIRS = "civil_affairs", _("Civil affairs")
    OPERATOR = "operator", _("Operator of the system")


# A role can only be held in an organisation of its family.
FAMILY_OF_ROLE = {
    Role.PROSECUTOR: Family.ORGAN,
    Role.CLERK: Family.ORGAN,
    Role.UNIT_HEAD: Family.ORGAN,
    Role.ORGAN_ADMIN: None,
    Role.AGENCY_MANAGER: Family.AGENCY,
    Role.AGENCY_INTAKE: Family.AGENCY,
    Role.SOCIAL_WORKER: Family.AGENCY,
    Role.COUNSELLOR: Family.AGENCY,
    Role.SUPERVISOR: Family.AGENCY,
    Role.CIVIL_AFFAIRS_OFFICER: Family.CIVIL_AFFAIRS,
    Role.AUDITOR: None,
    Role.SYSTEM_OPERATOR: Family.OPERATOR,
}

PARAGRAPHS = {
    Role.PROSECUTOR: _(
        "Drafts and submits referrals, answers the agency, follows the cases in own charge, accepts or returns reports, "
        "evaluates each case and closes it. Sees own matters only, not those of colleagues."
    ),
    Role.CLERK: _("Prepares drafts for the prosecutors of the same organ; cannot submit, approve or decide."),
    Role.UNIT_HEAD: _("Approves or returns referrals of the own organ and sees all its matters and figures."),
    Role.ORGAN_ADMIN: _("Keeps the staff list and settings of the own organisation; sees no matter of a child."),
    Role.AGENCY_MANAGER: _("Answers for the agency: receives referrals, assigns workers, sees all cases of the agency."),
    Role.AGENCY_INTAKE: _("Receives referrals, asks, accepts or declines, and assigns two workers."),
    Role.SOCIAL_WORKER: _("Works on the assigned cases: assessment, plan, records, reports."),
    Role.COUNSELLOR: _("Keeps counselling records of the assigned cases, readable by the assigned counsellor only."),
    Role.SUPERVISOR: _("Reviews records and reports of the assigned cases; never the own work."),
    Role.CIVIL_AFFAIRS_OFFICER: _(
        "Registers and recommends agencies, records inspections, follows agreements and sees counts; never a child's file or name."
    ),
    Role.AUDITOR: _("Reads the record of acts and readings of the own organisation; opens no file."),
    Role.SYSTEM_OPERATOR: _("Keeps accounts and settings of the installation; reads no case."),
}
