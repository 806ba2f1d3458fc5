"""Words of oversight: groups of states that are counted, and what the record of acts calls things."""
from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Group(models.TextChoices):
    """Where a service that was asked for stands. Each one asked stands in exactly one group."""

    WAITING = "waiting", pgettext_lazy("counts", "Waiting for an answer")
    NOT_TAKEN = "not_taken", pgettext_lazy("counts", "Not taken up")
    RUNNING = "running", pgettext_lazy("counts", "Case running")
    CLOSED = "closed", pgettext_lazy("counts", "Case closed")
    ENDED = "ended", pgettext_lazy("counts", "Case ended otherwise")


DEFINITIONS: dict[str, Any] = {
    Group.WAITING: _("Sent to the agency, which has not answered yet or has asked for information."),
    Group.NOT_TAKEN: _("Declined by the agency, or withdrawn or transferred before the agency accepted."),
    Group.RUNNING: _("Accepted and not ended: from the acceptance to the evaluation, suspended cases included."),
    Group.CLOSED: _("Closed by the prosecutor after the evaluation."),
    Group.ENDED: _("Cancelled, or transferred to another agency, after the agency had accepted."),
}

# What things are called in the record of acts.
TARGETS: dict[str, Any] = {
    "accounts.staffrecord": pgettext_lazy("thing", "Staff record"),
    "accounts.user": pgettext_lazy("thing", "Account"),
    "cases.assessment": pgettext_lazy("thing", "Pre-assessment"),
    "cases.case": pgettext_lazy("thing", "Case"),
    "cases.handover": pgettext_lazy("thing", "Hand-over"),
    "cases.plan": pgettext_lazy("thing", "Plan"),
    "cases.report": pgettext_lazy("thing", "Report"),
    "cases.reportsection": pgettext_lazy("thing", "Section of a report"),
    "cases.servicerecord": pgettext_lazy("thing", "Service record"),
    "deadlines.deadline": pgettext_lazy("thing", "Time limit"),
    "deadlines.deadlinerule": pgettext_lazy("thing", "Rule of a time limit"),
    "organisations.agreement": pgettext_lazy("thing", "Agreement"),
    "organisations.organisation": pgettext_lazy("thing", "Organisation"),
    "people.guardian": pgettext_lazy("thing", "Guardian"),
    "people.juvenile": pgettext_lazy("thing", "Child's file"),
    "referrals.referral": pgettext_lazy("thing", "Referral"),
}

# Acts that are no arrow of a state machine; the others are called as on their buttons.
ACTS: dict[str, Any] = {
    "account.closed": pgettext_lazy("act", "Account closed"),
    "account.edited": pgettext_lazy("act", "Account edited"),
    "account.opened": pgettext_lazy("act", "Account opened"),
    "account.password_changed": pgettext_lazy("act", "Password changed"),
    "account.password_chosen": pgettext_lazy("act", "First password chosen"),
    "account.password_renewed": pgettext_lazy("act", "One-time password given"),
    "account.reopened": pgettext_lazy("act", "Account reopened"),
    "account.roles_changed": pgettext_lazy("act", "Roles changed"),
    "account.token_created": pgettext_lazy("act", "Key for the API created"),
    "account.token_revoked": pgettext_lazy("act", "Key for the API taken back"),
    "agency.inspected": pgettext_lazy("act", "Agency inspected"),
    "agency.registered": pgettext_lazy("act", "Agency registered"),
    "agency.registration_edited": pgettext_lazy("act", "Registration edited"),
    "agreement.changed": pgettext_lazy("act", "Terms changed"),
    "agreement.drafted": pgettext_lazy("act", "Agreement drafted"),
    "assessment.confirmed": pgettext_lazy("act", "Pre-assessment confirmed"),
    "assessment.made": pgettext_lazy("act", "Pre-assessment made"),
    "case.crisis_flagged": pgettext_lazy("act", "Crisis reported"),
    "case.follow_up_recorded": pgettext_lazy("act", "Follow-up recorded"),
    "case.opened": pgettext_lazy("act", "Case opened"),
    "case.prosecutor_told": pgettext_lazy("act", "Prosecutor told"),
    "case.staff_assigned": pgettext_lazy("act", "Staff assigned"),
    "consent.recorded": pgettext_lazy("act", "Consent recorded"),
    "deadline.extended": pgettext_lazy("act", "Time limit extended"),
    "deadline_rule.adopted": pgettext_lazy("act", "Rule of a time limit adopted"),
    "hand_over.accepted": pgettext_lazy("act", "Hand-over accepted"),
    "hand_over.offered": pgettext_lazy("act", "Hand-over offered"),
    "hand_over.withdrawn": pgettext_lazy("act", "Hand-over withdrawn"),
    "juvenile.guardian_added": pgettext_lazy("act", "Guardian added"),
    "juvenile.guardian_changed": pgettext_lazy("act", "Guardian corrected"),
    "juvenile.identity_corrected": pgettext_lazy("act", "Personal data corrected"),
    "juvenile.registered": pgettext_lazy("act", "Child registered"),
    "organisation.caseload_limits_set": pgettext_lazy("act", "Caseload limits set"),
    "organisation.edited": pgettext_lazy("act", "Settings edited"),
    "organisation.registered": pgettext_lazy("act", "Organisation registered"),
    "plan.written": pgettext_lazy("act", "Plan written"),
    "referral.drafted": pgettext_lazy("act", "Referral drafted"),
    "referral.edited": pgettext_lazy("act", "Referral edited"),
    "report.begun": pgettext_lazy("act", "Report begun"),
    "report.section_written": pgettext_lazy("act", "Section written"),
    "service_record.logged": pgettext_lazy("act", "Service record logged"),
    "staff_record.certificate_added": pgettext_lazy("act", "Certificate added"),
    "staff_record.certificate_removed": pgettext_lazy("act", "Certificate removed"),
    "staff_record.edited": pgettext_lazy("act", "Staff record edited"),
}

READINGS: dict[str, Any] = {
    "viewed": pgettext_lazy("reading", "Opened"),
    "listed": pgettext_lazy("reading", "Listed"),
    "searched": pgettext_lazy("reading", "Searched"),
    "printed": pgettext_lazy("reading", "Printed"),
    "exported": pgettext_lazy("reading", "Exported"),
    "downloaded": pgettext_lazy("reading", "Downloaded"),
}
OUTCOMES: dict[str, Any] = {
    "ok": pgettext_lazy("reading", "Shown"),
    "refused": pgettext_lazy("reading", "Refused"),
}

# Pages as their readers know them; a page of an act, or of the API, goes by its address name.
PAGES: dict[str, Any] = {
    "accounts:staff": _("Staff"),
    "accounts:person": _("Account"),
    "cases:detail": _("Timeline"),
    "cases:documents": _("Documents"),
    "cases:history": _("Readings and history"),
    "cases:list": _("Cases"),
    "cases:people": _("People"),
    "cases:plan": _("Plan"),
    "cases:record": _("A service record"),
    "cases:records": _("Records"),
    "cases:report": _("Report"),
    "cases:review_report": _("Review"),
    "cases:team": _("Team"),
    "organisations:agreement": _("Agreement"),
    "organisations:agreements": _("Agreements"),
    "organisations:detail": _("Organisation"),
    "organisations:list": _("Organisations"),
    "oversight:acts": _("Record of acts"),
    "oversight:agencies": _("Agencies"),
    "oversight:agency": _("Agency"),
    "oversight:counts": _("Counts"),
    "oversight:readings": _("Readings"),
    "people:find": _("Find or begin"),
    "people:juvenile": _("The child's page"),
    "referrals:detail": _("Referral"),
    "referrals:inbox": _("Received referrals"),
    "referrals:list": _("Referrals"),
    "referrals:preview_referral": _("What the agency sees"),
}
