"""What is asked for in the invented country, for whom, for how long, and what is then done: shares that look like life."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from socialwork.bench.country.chance import Shares


@dataclass(frozen=True)
class Service:
    """One kind of work: whom it is for, its rule (empty: the organ names the day), its length in days, its records."""

    code: str
    share: float
    subject: str
    stage: str
    lasts: tuple[int, int]
    records: Shares
    rule: str = ""
    # How many records compared with the average, and at most.
    density: float = 1.0
    most: int = 220
    consents: tuple[str, ...] = ()
    planned: bool = False
    report: bool = False
    answer: str = "D1"


SUSPECT, VICTIM, MISBEHAVIOUR = "juvenile_suspect", "juvenile_victim", "misbehaviour"
_FIRM = ("service",)
SERVICES = {
    service.code: service
    for service in (
        Service(
            "guidance",
            0.25,
            SUSPECT,
            "prosecution_review",
            (60, 240),
            Shares({"contact": 0.72, "interview": 0.08, "family_session": 0.08, "welfare_activity": 0.12}),
            density=1.6,
            consents=_FIRM,
            planned=True,
        ),
        Service(
            "family_education",
            0.14,
            SUSPECT,
            "prosecution_review",
            (45, 150),
            Shares({"family_session": 0.6, "contact": 0.4}),
            rule="D19",
            planned=True,
        ),
        Service(
            "psych_counselling",
            0.12,
            SUSPECT,
            "prosecution_review",
            (30, 150),
            Shares({"counselling": 0.6, "contact": 0.4}),
            consents=("psych_counselling",),
            planned=True,
        ),
        Service(
            "social_investigation",
            0.1,
            SUSPECT,
            "prosecution_review",
            (9, 24),
            Shares({"interview": 0.7, "contact": 0.3}),
            rule="D2b",
            density=0.8,
            most=40,
            report=True,
        ),
        Service(
            "victim_support",
            0.1,
            VICTIM,
            "investigation",
            (40, 160),
            Shares({"contact": 0.7, "family_session": 0.3}),
            rule="D20",
            consents=_FIRM,
            planned=True,
        ),
        Service(
            "misbehaviour_intervention",
            0.09,
            MISBEHAVIOUR,
            "pre_case",
            (40, 180),
            Shares({"contact": 0.7, "family_session": 0.15, "welfare_activity": 0.15}),
            consents=_FIRM,
            planned=True,
        ),
        Service(
            "legal_education",
            0.06,
            SUSPECT,
            "prosecution_review",
            (15, 60),
            Shares({"contact": 0.5, "welfare_activity": 0.5}),
            density=0.5,
        ),
        Service(
            "appropriate_adult",
            0.05,
            SUSPECT,
            "investigation",
            (2, 8),
            Shares({"adult_attendance": 1.0}),
            density=0.2,
            most=3,
            answer="D17",
        ),
        Service(
            "school_help",
            0.05,
            MISBEHAVIOUR,
            "pre_case",
            (30, 120),
            Shares({"contact": 1.0}),
            consents=_FIRM,
            planned=True,
        ),
        Service(
            "public_welfare",
            0.02,
            SUSPECT,
            "prosecution_review",
            (30, 90),
            Shares({"welfare_activity": 0.7, "contact": 0.3}),
            consents=_FIRM,
            planned=True,
        ),
        Service(
            "resource_link",
            0.02,
            VICTIM,
            "investigation",
            (15, 60),
            Shares({"contact": 1.0}),
            density=0.5,
            consents=_FIRM,
        ),
    )
}
SHARES = Shares({code: service.share for code, service in SERVICES.items()})
AGES = {SUSPECT: (14, 17), VICTIM: (6, 17), MISBEHAVIOUR: (12, 17)}
CHARGES = Shares(
    {
        "theft": 0.34,
        "picking_quarrels": 0.14,
        "affray": 0.12,
        "injury": 0.12,
        "robbery": 0.08,
        "cybercrime_aid": 0.07,
        "concealment": 0.05,
        "fraud": 0.05,
        "rape": 0.03,
    }
)
AGAINST = Shares({"injury": 0.4, "child_molestation": 0.2, "rape": 0.2, "abuse": 0.1, "robbery": 0.1})
BEHAVIOURS = ("smoke_drink", "truancy", "stay_out", "net_addiction", "bad_peers")
CUSTODY = Shares({"bail": 0.6, "none": 0.25, "detained": 0.08, "arrested": 0.07})
# What becomes of a referral besides a case, in thousandths of the cases; the first four only of the last days.
OTHERWISE = {"draft": 4, "pending": 2, "issued": 3, "asked": 1, "declined": 22, "withdrawn": 18}
# How a case may end otherwise than by closing, and how a running one may stand still, in shares.
CANCELLED, HANDED_ON, SUSPENDED = 0.025, 0.005, 0.03
TURNED_DOWN = 0.12


def number_of_records(chance: Random, service: Service) -> int:
    """About ten on average, often fewer, now and then two hundred."""
    if chance.random() < 0.003 and service.most > 100:
        return chance.randint(150, service.most)
    return min(1 + int(chance.expovariate(1 / (8.8 * service.density))), service.most)
