"""One world in which every right has something to end on: matters in every state, hands changed, agreements run out."""
from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from cases.models import Case
from cases.services.assigning import Package, accept_handover, reassign_case
from cases.services.ending import cancel_case, suspend_case, transfer_case
from cases.services.opening import accept_referral
from referrals import services
from referrals.models import Referral
from socialwork.access.roles import Role
from socialwork.core.ids import uuid7
from socialwork.notifications.models import Notice
from socialwork.organisations.models import Agreement
from socialwork.organisations.services import suspend_agreement
from tests import cast
from tests.factories import occasions, records

WORDS = "迁往外地。"


@dataclass
class Story:
    """The world with its referrals and cases by what became of them."""

    world: cast.World
    referrals: dict[str, Referral] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)


def tell(world: cast.World) -> Story:
    """Everything that changes who may see what, once each."""
    story = Story(world)
    _referrals(story)
    _cases(story)
    _elsewhere(story)
    _agreements(story)
    notices(story)
    return story


def _referrals(story: Story) -> None:
    world = story.world
    found = story.referrals
    found["draft"] = cast.draft(world)
    found["of_the_colleague"] = cast.draft(world, "colleague", juvenile=cast.child(world, "colleague", name="沈小满"))
    found["of_the_clerk"] = services.draft_referral(
        by=world.clerk, at=timezone.now(), juvenile=cast.child(world, "clerk", name="路小年"), prosecutor=world.colleague
    )
    found["submitted"] = cast.submitted(world)
    found["issued"] = cast.issued(world)
    found["asked"] = services.ask_information(referral=cast.issued(world), by=world.intake, at=timezone.now(), question="家长电话？")
    found["declined"] = services.decline_referral(
        referral=cast.issued(world), by=world.intake, at=timezone.now(), reason_code="capacity", reason="人手不足。"
    )
    found["withdrawn"] = services.withdraw_referral(
        referral=cast.issued(world), by=world.prosecutor, at=timezone.now(), reason_code="not_needed", reason="不再需要。"
    )
    found["transferred"] = services.transfer_referral(
        referral=cast.issued(world), by=world.prosecutor, at=timezone.now(), reason_code="moved", reason=WORDS, ground="commission",
        done="无。", open_matters="社会调查。",
    )


def _cases(story: Story) -> None:
    world = story.world
    found = story.cases
    found["in_review"] = records.in_review(world).case
    found["submitted"] = records.with_prosecutor(world).case
    found["closed"] = records.closed(world)
    found["suspended"] = records.started(world)
    suspend_case(case=found["suspended"], by=world.prosecutor, at=timezone.now(), reason_code="hospital")
    found["cancelled"] = records.started(world)
    cancel_case(
        case=found["cancelled"], by=world.prosecutor, at=timezone.now(), reason_code="not_needed", explanation=WORDS,
        records="由机构保存。",
    )
    found["transferred"] = records.started(world)
    transfer_case(
        case=found["transferred"], by=world.prosecutor, at=timezone.now(), reason_code="moved", explanation=WORDS,
        legal_ground="监护人同意。", done="三次访谈。", open_matters="校方意见。",
    )
    found["of_others"] = occasions.of_others(world)
    found["passed_on"] = _passed_on(world)
    found["offered"] = records.started(world)
    reassign_case(
        case=found["offered"], by=world.worker, at=timezone.now(), function="lead", receiver=world.unassigned,
        package=Package(reason="leave", open_matters="无"),
    )
    records.record(found["suspended"], kind="counselling", author=world.counsellor)


def _passed_on(world: cast.World) -> Case:
    """Logged by the former worker, then handed to another: the old lead sees it no more."""
    case = accept_referral(
        referral=cast.issued(world), by=world.intake, at=timezone.now(), lead=world.former_worker, second=world.second,
        supervisor=world.supervisor,
    )
    occasions.contact(world, case, by=world.former_worker)
    offer = reassign_case(
        case=Case.objects.get(pk=case.pk), by=world.former_worker, at=timezone.now(), function="lead", receiver=world.worker,
        package=Package(reason="leave", open_matters="无"),
    )
    return accept_handover(handover=offer, by=world.worker, at=timezone.now())


def _elsewhere(story: Story) -> None:
    """The same in the other district."""
    world = story.world
    story.referrals["elsewhere"] = cast.issued(world, "prosecutor_elsewhere", juvenile=cast.child(world, "prosecutor_elsewhere", name="远山月"))
    other = cast.person("second.elsewhere", "桂社工", world.west_agency, Role.SOCIAL_WORKER)
    story.cases["elsewhere"] = accept_referral(
        referral=cast.issued(world, "prosecutor_elsewhere"), by=world.manager_elsewhere, at=timezone.now(),
        lead=world.worker_elsewhere, second=other, supervisor=world.supervisor_elsewhere,
    )


def _agreements(story: Story) -> None:
    """Work under an agreement that ended, and under one that is suspended."""
    world, today = story.world, timezone.localdate()
    ended = world.former_agreement
    terms = {"starts_on": ended.starts_on, "ends_on": ended.ends_on, "access_until": ended.access_until}
    Agreement.objects.filter(pk=ended.pk).update(ends_on=today, access_until=today + dt.timedelta(days=30))
    other = cast.person("second.of.former", "左二社工", world.former_agency, Role.SOCIAL_WORKER)
    under = {"agency": world.former_agency, "agreement": ended}
    story.referrals["under_ended"] = cast.issued(world, **under)
    story.cases["under_ended"] = accept_referral(
        referral=cast.issued(world, **under), by=world.intake_of_former, at=timezone.now(), lead=world.worker_of_former, second=other,
    )
    records.record(story.cases["under_ended"])
    Agreement.objects.filter(pk=ended.pk).update(**terms)
    paused = cast.agreement("东检社协〔2026〕7号", world.east_agency, world.east_court, signer=world.unit_head, area=cast.EAST)
    world.agreements["paused"] = paused
    story.cases["under_suspended"] = records.started(world, agreement=paused)
    records.record(story.cases["under_suspended"])
    suspend_agreement(agreement=paused, by=world.unit_head, at=timezone.now(), reason="督导制度未落实")


def notices(story: Story) -> None:
    """Everybody was once told of every matter: what one may open has changed since."""
    rows: list[Any] = [*story.referrals.values(), *story.cases.values()]
    Notice.objects.bulk_create(
        Notice(
            event_id=uuid7(), recipient=person, level="know", verb="referral.issued", target_type=row._meta.label_lower,
            target_id=row.pk, thread_id=row.thread_id, label=str(row), path=row.get_absolute_url(),
        )
        for person in story.world.people.values() for row in rows
    )
