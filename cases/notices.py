"""Who is told of what happens in a case. Sentences carry the case number, never a name."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.models import Case
from socialwork.notifications.recipients import people_of
from socialwork.notifications.registry import notify


def case_of(target: Any) -> Case:
    """The case a plan, record, report or the like belongs to."""
    for name in ("case", "report", "record", "section"):
        if isinstance(target, Case):
            return target
        if hasattr(target, name) and getattr(target, name) is not None:
            return case_of(getattr(target, name))
    return target


def _path(target: Any) -> str:
    return target.get_absolute_url() if hasattr(target, "get_absolute_url") else case_of(target).get_absolute_url()


def _tell(verb: str, level: str, roles: tuple[str, ...], sentence: Any) -> None:
    _tell_to(verb, level, lambda event, target: people_of(case_of(target), *roles), sentence)


def _tell_to(verb: str, level: str, to: Callable[[Any, Any], list[Any]], sentence: Any) -> None:
    notify(verb, level=level, to=to, sentence=sentence, path=_path, label=lambda target: case_of(target).number)


WORKERS = ("social_worker",)
TEAM = ("social_worker", "supervisor", "counsellor")

_tell("case.opened", "act", TEAM, _("You were assigned to %(label)s."))
_tell("case.suspended", "know", (*TEAM, "agency_manager"), _("%(label)s was suspended; its clocks stand still."))
_tell("case.resumed", "act", WORKERS, _("%(label)s goes on."))
_tell("case.crisis_flagged", "act", ("supervisor", "prosecutor", "agency_manager"), _("Crisis in %(label)s. Act at once."))
_tell("case.report_submitted", "act", ("prosecutor",), _("The report of %(label)s has arrived."))
_tell("case.report_returned", "act", (*WORKERS, "supervisor"), _("The prosecutor returned the report of %(label)s."))
_tell("case.report_accepted", "know", (*TEAM, "agency_manager"), _("The prosecutor accepted the report of %(label)s."))
_tell("case.service_finished", "know", (*TEAM, "agency_manager"), _("The prosecutor confirmed the end of the service: %(label)s."))
_tell("case.evaluated", "know", (*TEAM, "agency_manager"), _("%(label)s was evaluated."))
_tell("case.closed", "know", (*TEAM, "agency_manager"), _("%(label)s was closed."))
_tell("case.cancelled", "know", (*TEAM, "agency_manager"), _("%(label)s was cancelled."))
_tell("case.transferred", "know", (*TEAM, "agency_manager"), _("%(label)s was transferred to another agency."))
_tell("case.document_uploaded", "know", (*WORKERS, "prosecutor"), _("A paper was filed on %(label)s."))
_tell("plan.proposed", "act", ("prosecutor",), _("A plan waits for your approval: %(label)s."))
_tell("plan.approved", "know", TEAM, _("The plan of %(label)s was approved."))
_tell("plan.returned", "act", WORKERS, _("The prosecutor returned the plan of %(label)s."))
_tell_to(
    "assessment.made", "act",
    lambda event, target: people_of(case_of(target), "supervisor") if event.facts.get("supervisor_confirms") else [],
    _("The assessment of %(label)s shows a high risk: please confirm it."),
)
_tell("case.prosecutor_told", "know", ("prosecutor",), _("The social worker reports to you on %(label)s."))
_tell("report.sent_for_review", "act", ("supervisor",), _("The report of %(label)s waits for your review."))
_tell("report.returned_for_rewriting", "act", WORKERS, _("The supervisor returned sections of the report of %(label)s."))
_tell("report.reviewed", "know", WORKERS, _("The supervisor finished the review of the report of %(label)s."))
_tell("monthly_report.submitted", "know", ("prosecutor",), _("A monthly report of %(label)s has arrived."))
_tell("monthly_report.replied", "know", WORKERS, _("The prosecutor replied to a monthly report of %(label)s."))
_tell("monthly_report.returned", "act", WORKERS, _("The prosecutor returned a monthly report of %(label)s."))
_tell_to(
    "service_record.returned", "act", lambda event, record: [record.author], _("The supervisor returned a record of %(label)s.")
)
_tell_to(
    "service_record.reviewed", "log", lambda event, record: [record.author], _("The supervisor read your record of %(label)s.")
)
_tell_to("hand_over.offered", "act", lambda event, offer: [offer.receiver], _("%(label)s is handed over to you. Please look at it."))
_tell_to("hand_over.accepted", "know", lambda event, offer: [offer.giver], _("%(label)s was taken over."))
