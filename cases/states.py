"""Life of a case (个案) at the agency, and of the things in it (domain 6.7)."""
from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from socialwork.workflow.transitions import Machine, Transition


class CaseState(models.TextChoices):
    ACCEPTED = "accepted", _("Accepted, not started")
    IN_PROGRESS = "in_progress", _("In progress")
    SUSPENDED = "suspended", _("Suspended")
    SUBMITTED = "submitted", _("Report with the prosecutor")
    RETURNED = "returned", _("Report returned")
    REPORT_ACCEPTED = "report_accepted", _("Report accepted")
    EVALUATED = "evaluated", _("Evaluated")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")
    TRANSFERRED = "transferred", _("Transferred")


C = CaseState
ACTIVE = frozenset({C.ACCEPTED, C.IN_PROGRESS, C.SUSPENDED, C.SUBMITTED, C.RETURNED, C.REPORT_ACCEPTED, C.EVALUATED})
WORKING = frozenset({C.ACCEPTED, C.IN_PROGRESS, C.RETURNED})
# A suspension stops the clocks; what was done meanwhile (a visit in hospital) is still written down.
RECORDING = frozenset({C.ACCEPTED, C.IN_PROGRESS, C.SUSPENDED, C.SUBMITTED, C.RETURNED, C.REPORT_ACCEPTED})
ENDED = frozenset({C.CLOSED, C.CANCELLED, C.TRANSFERRED})

CASE = Machine.of(
    [
        Transition("start_case", frozenset({C.ACCEPTED}), C.IN_PROGRESS, "case.started", _("Start"), ("started",),
                   ("social_worker",), _("the first act is logged")),
        Transition("suspend_case", frozenset({C.ACCEPTED, C.IN_PROGRESS, C.RETURNED}), C.SUSPENDED, "case.suspended",
                   _("Suspend"), ("suspended",), ("prosecutor",), _("a reason; clocks pause")),
        Transition("resume_case", frozenset({C.SUSPENDED}), C.IN_PROGRESS, "case.resumed", _("Resume"), (),
                   ("prosecutor",), _("clocks run again")),
        Transition("submit_report", frozenset({C.IN_PROGRESS, C.RETURNED}), C.SUBMITTED, "case.report_submitted",
                   _("Submit to the prosecutor"), ("submitted",), ("supervisor",), _("every section accepted in review")),
        Transition("return_report", frozenset({C.SUBMITTED}), C.RETURNED, "case.report_returned", _("Return"),
                   ("responded",), ("prosecutor",), _("reasons by section")),
        Transition("accept_report", frozenset({C.SUBMITTED}), C.REPORT_ACCEPTED, "case.report_accepted",
                   _("Accept the report"), ("responded",), ("prosecutor",), _("a decision on every section")),
        Transition("finish_service", frozenset({C.IN_PROGRESS}), C.REPORT_ACCEPTED, "case.service_finished",
                   _("Confirm that the service is finished"), ("responded",), ("prosecutor",),
                   _("only where no service of the referral ends with a report")),
        Transition("evaluate_case", frozenset({C.REPORT_ACCEPTED}), C.EVALUATED, "case.evaluated", _("Evaluate"),
                   ("evaluated",), ("prosecutor",), _("the evaluation form")),
        Transition("close_case", frozenset({C.EVALUATED}), C.CLOSED, "case.closed", _("Close"), ("closed",),
                   ("prosecutor", "agency_manager"), _("the closing checklist is complete")),
        Transition("cancel_case", ACTIVE - {C.EVALUATED}, C.CANCELLED, "case.cancelled", _("Cancel"), ("closed",),
                   ("prosecutor",), _("a reason and what happens to the records")),
        Transition("transfer_case", ACTIVE - {C.EVALUATED}, C.TRANSFERRED, "case.transferred", _("Transfer"), ("closed",),
                   ("prosecutor",), _("a reason; the new agency receives a hand-over package")),
    ],
    only_in={
        **dict.fromkeys(
            ("log_contact", "log_interview", "log_counselling", "log_family_session", "log_activity", "log_attendance"),
            RECORDING,
        ),
        **dict.fromkeys(("assess_case", "write_plan"), WORKING | {C.SUSPENDED, C.SUBMITTED, C.REPORT_ACCEPTED}),
        **dict.fromkeys(("assign_staff", "reassign_case", "write_monthly_report"), ACTIVE),
        # What was decided at the end comes back signed afterwards.
        "upload_document": ACTIVE | {C.CLOSED},
    },
)


class PlanState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("With the prosecutor")
    APPROVED = "approved", _("In force")
    RETURNED = "returned", _("Returned")
    SUPERSEDED = "superseded", _("Replaced by a newer version")


P = PlanState
PLAN = Machine.of(
    [
        Transition("propose_plan", frozenset({P.DRAFT, P.RETURNED}), P.PROPOSED, "plan.proposed", _("Send for approval"),
                   ("proposed",), ("social_worker",), _("at least one goal with one activity")),
        Transition("approve_plan", frozenset({P.PROPOSED}), P.APPROVED, "plan.approved", _("Approve"), ("decided",),
                   ("prosecutor",), ""),
        Transition("return_plan", frozenset({P.PROPOSED}), P.RETURNED, "plan.returned", _("Return"), ("decided",),
                   ("prosecutor",), _("a reason")),
        Transition("adopt_plan", frozenset({P.DRAFT}), P.APPROVED, "plan.adopted", _("Put in force"), ("decided",),
                   ("social_worker",), _("only where the service needs no approval")),
        Transition("supersede_plan", frozenset({P.APPROVED}), P.SUPERSEDED, "plan.superseded", _("Replace"), (),
                   ("prosecutor", "social_worker"), _("together with the next version coming into force")),
    ]
)


class RecordState(models.TextChoices):
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned by the supervisor")
    REVIEWED = "reviewed", _("Read by the supervisor")


R = RecordState
RECORD = Machine.of(
    [
        Transition("review_record", frozenset({R.SUBMITTED}), R.REVIEWED, "service_record.reviewed", _("Mark as read"),
                   ("reviewed",), ("supervisor",), _("never the own work")),
        Transition("return_record", frozenset({R.SUBMITTED}), R.RETURNED, "service_record.returned", _("Return"),
                   ("reviewed",), ("supervisor",), _("a comment")),
        Transition("amend_record", frozenset({R.SUBMITTED, R.RETURNED, R.REVIEWED}), R.SUBMITTED,
                   "service_record.amended", _("Correct"), ("amended",), ("social_worker", "counsellor"),
                   _("a reason; not once a report has used it")),
    ]
)


class ReportState(models.TextChoices):
    DRAFT = "draft", _("Being written")
    IN_REVIEW = "in_review", _("With the supervisor")
    RETURNED = "returned", _("Returned by the supervisor")
    REVIEWED = "reviewed", _("Review finished")
    SUBMITTED = "submitted", _("With the prosecutor")
    SENT_BACK = "sent_back", _("Sent back by the prosecutor")
    ACCEPTED = "accepted", pgettext_lazy("report", "Accepted")


W = ReportState
WRITING = frozenset({W.DRAFT, W.RETURNED, W.SENT_BACK})
REPORT = Machine.of(
    [
        Transition("send_report_for_review", frozenset({W.DRAFT, W.RETURNED, W.SENT_BACK}), W.IN_REVIEW,
                   "report.sent_for_review", _("Send for review"), ("sent",), ("social_worker",),
                   _("all required sections written; findings with sources or a reason")),
        Transition("finish_review", frozenset({W.IN_REVIEW}), W.REVIEWED, "report.reviewed", _("Finish the review"),
                   ("reviewed",), ("supervisor",), _("every section accepted; never the own work")),
        Transition("return_for_rewriting", frozenset({W.IN_REVIEW}), W.RETURNED, "report.returned_for_rewriting",
                   _("Return to the authors"), ("reviewed",), ("supervisor",), _("at least one section returned")),
        # The three that follow go together with the transition of the same name of the case.
        Transition("submit_report", frozenset({W.REVIEWED}), W.SUBMITTED, "report.submitted",
                   _("Submit to the prosecutor"), (), ("supervisor",), _("every section accepted in review")),
        Transition("return_report", frozenset({W.SUBMITTED}), W.SENT_BACK, "report.returned", _("Return"), (),
                   ("prosecutor",), _("reasons by section")),
        Transition("accept_report", frozenset({W.SUBMITTED}), W.ACCEPTED, "report.accepted", _("Accept the report"), (),
                   ("prosecutor",), _("a decision on every section")),
    ],
    only_in={
        "write_section": WRITING,
        "report_facts": WRITING,
        "review_report": frozenset({W.IN_REVIEW}),
        "respond_report": frozenset({W.SUBMITTED}),
    },
)


class MonthlyState(models.TextChoices):
    DUE = "due", pgettext_lazy("monthly report", "To be written")
    SUBMITTED = "submitted", pgettext_lazy("monthly report", "Sent")
    RETURNED = "returned", pgettext_lazy("monthly report", "Returned")
    ANSWERED = "answered", pgettext_lazy("monthly report", "Answered")


M = MonthlyState
# What the agency still has to write.
OWED = frozenset({M.DUE, M.RETURNED})
MONTHLY = Machine.of(
    [
        Transition("write_monthly_report", OWED, M.SUBMITTED, "monthly_report.submitted", _("Send the monthly report"),
                   ("submitted",), ("social_worker",), _("missing contacts are explained; figures are computed")),
        Transition("reply_monthly_report", frozenset({M.SUBMITTED}), M.ANSWERED, "monthly_report.replied", _("Reply"),
                   ("answered",), ("prosecutor",), ""),
        Transition("return_monthly_report", frozenset({M.SUBMITTED}), M.RETURNED, "monthly_report.returned",
                   _("Return"), ("answered",), ("prosecutor",), _("a reason; the clock of the report starts anew")),
    ]
)
