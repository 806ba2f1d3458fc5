"""What tests of records and plans start from: an occasion that is over, consents, a plan in force, an assessment."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connections
from django.utils import timezone

from cases.models import Assessment, Case, Plan
from cases.record_kinds import ContactDetails
from cases.services.assessing import Rating, assess_case
from cases.services.occasions import Occasion
from cases.services.opening import accept_referral
from cases.services.planning import Activity, Goal, approve_plan, propose_plan, write_plan
from cases.services.recording import log_contact
from socialwork.core import vocabulary
from socialwork.core.errors import DomainError
from socialwork.people.services import record_consent
from tests import cast

SUMMARY = "家中只有祖母在，约定晚上九点前回家。"


def occasion(*, hours_ago: float = 3, minutes: int = 60, **more: Any) -> Occasion:
    """An hour's home visit that ended some hours ago."""
    started = timezone.now().replace(second=0, microsecond=0) - dt.timedelta(hours=hours_ago, minutes=minutes)
    values = {"method": "home_visit", "place": "home", **more}
    return Occasion(started_at=started, ended_at=started + dt.timedelta(minutes=minutes), **values)


def contact(world: cast.World, case: Case, **more: Any) -> Any:
    """A submitted contact log of the lead worker."""
    values = {"occasion": occasion(), "details": ContactDetails(), "text": {"summary": SUMMARY}, **more}
    return log_contact(case=case, by=values.pop("by", world.worker), at=values.pop("at", timezone.now()), **values)


def guided(world: cast.World, services: tuple[str, ...] = ("guidance",), **more: Any) -> Case:
    """A case of guidance with no clock but the day the organ named."""
    due_on = timezone.localdate() + dt.timedelta(days=90)
    return cast.opened(world, services=services, due_rule="", due_on=due_on, **more)


def of_others(world: cast.World) -> Case:
    """A case of two other workers of the same agency."""
    return accept_referral(
        referral=cast.issued(world),
        by=world.intake,
        at=timezone.now(),
        lead=world.unassigned,
        second=world.former_worker,
        supervisor=world.supervisor,
    )


def consent(
    world: cast.World, case: Case, kind: str = "psych_counselling", by: Iterable[str] = ("minor", "guardian")
) -> None:
    """Consents of the child and of a guardian."""
    for capacity in by:
        guardian = case.juvenile.guardians.first() if capacity == "guardian" else None
        record_consent(
            juvenile=case.juvenile,
            by=world.prosecutor,
            at=timezone.now(),
            kind=kind,
            capacity=capacity,
            given_on=timezone.localdate() - dt.timedelta(days=10),
            method="paper",
            text_version="2",
            guardian=guardian,
        )


def goals(*words: str) -> list[Goal]:
    """Goals with one activity each."""
    until = timezone.localdate() + dt.timedelta(days=60)
    done = Activity(activity="每周家访", responsible="lead", times=1, per="week", until=until)
    return [Goal(goal=word, measure="祖母登记", domain="family", activities=[done]) for word in words]


PLAN_TEXT = {"aim": "稳定作息，恢复到校。", "minors_view": "每周一次可以。", "partners": "祖母、班主任"}


def written_plan(world: cast.World, case: Case, *words: str, version: int = 0) -> Plan:
    """A plan as the lead worker wrote it."""
    wanted = goals(*(words or ("晚上九点前回家", "不再旷课")))
    return write_plan(case=case, by=world.worker, at=timezone.now(), version=version, text=PLAN_TEXT, goals=wanted)


def plan_in_force(world: cast.World, case: Case, *words: str) -> Plan:
    """A plan the prosecutor approved."""
    plan = written_plan(world, case, *words)
    propose_plan(plan=plan, by=world.worker, at=timezone.now())
    return approve_plan(plan=plan, by=world.prosecutor, at=timezone.now())


def ratings(**levels: int) -> list[Rating]:
    """Every domain at 0, or as named; facts where they are needed."""
    return [
        Rating(
            domain=code, rating=levels.get(code, 0), facts="班主任和祖母所述一致。" if levels.get(code, 0) > 1 else ""
        )
        for code in vocabulary.codes("assessment_domain")
    ]


def assessed(world: cast.World, case: Case, **levels: int) -> Assessment:
    """An assessment nobody confirmed yet."""
    text = {"minors_view": "想学门手艺。"}
    return assess_case(
        case=case,
        by=world.worker,
        at=timezone.now(),
        version=0,
        occasion="start",
        ratings=ratings(**levels),
        protective=[],
        text=text,
    )


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Carry acts out at the same moment, each on a connection of its own: "done" or the code of the refusal."""
    start, outcome = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=30)
            act()
            outcome.append("done")
        except DomainError as refusal:
            outcome.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(outcome)
