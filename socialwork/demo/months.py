"""The monthly reports of the demonstration: which months of which cases, seen from the day of loading.

A story counts its days back from today, so nobody can write into it where a month ends: the acts are made here, for the
cases the file names and for every case beside the stories whose guidance still goes on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings

from cases.queries_monthly import Month, monthly_services
from cases.services.monthly import WRITTEN
from socialwork.demo.stage import Story
from socialwork.demo.words import read

# What ends the guidance of a case.
ENDS = {"finish_service": "case", "cancel_case": "case", "close_case": "case", "transfer_referral": "referral"}
SENT_ON, REPLIED_AFTER, SENT_AGAIN_AFTER = 2, 1, 2


def add_months(story: Story, *, today: dt.date) -> None:
    """Add the acts about monthly reports to a story."""
    told = read(settings.DEMO_DIR / "monthly.toml")
    for number, (key, opened) in enumerate(sorted(_opened(story).items())):
        ended = _ended(story, key)
        if key in told["cases"] or (story.told_as == "filler" and ended is None):
            story.acts += _of_case(told, number, key, opened, ended, today)


def _opened(story: Story) -> dict[str, Mapping[str, Any]]:
    """Cases with a service by the month, with the act that opened each."""
    wanted = set(monthly_services())
    return {
        act["referral"]: act
        for act in story.acts
        if act["verb"] == "accept_referral"
        and wanted & {line["service"] for line in story.matters[act["referral"]]["services"]}
    }


def _ended(story: Story, key: str) -> int | None:
    days = [act["day"] for act in story.acts if act["verb"] in ENDS and act.get(ENDS[act["verb"]]) == key]
    return min(days, default=None)


def _of_case(
    told: Mapping[str, Any], number: int, key: str, opened: Mapping[str, Any], ended: int | None, today: dt.date
) -> Iterator[dict[str, Any]]:
    month, place = Month.of(today + dt.timedelta(days=opened["day"])), 0
    last = ended if ended is not None else 0
    while (sent := (month.last + dt.timedelta(days=SENT_ON) - today).days) < last:
        base = {"case": key, "month": str(month), "by": opened["lead"]}
        yield _sent(told, number + place, base, sent)
        answered = sent + REPLIED_AFTER
        if answered < last and (key in told["cases"] or (number + place) % 2 == 0):
            if key in told["returned"] and place == 1 and answered + SENT_AGAIN_AFTER + 1 < last:
                yield {
                    **base,
                    "verb": "return_month",
                    "day": answered,
                    "time": "15:10",
                    "return_reason": told["returned"][key],
                }
                yield _sent(told, number + place, base, answered + SENT_AGAIN_AFTER)
                answered += SENT_AGAIN_AFTER + 1
            reply = told["replies"][(number + place) % len(told["replies"])]
            yield {**base, "verb": "reply_month", "day": answered, "time": "15:20", "reply": reply}
        month, place = Month.of(month.last + dt.timedelta(days=1)), place + 1


def _sent(told: Mapping[str, Any], turn: int, base: Mapping[str, Any], day: int) -> dict[str, Any]:
    words = told["texts"][turn % len(told["texts"])]
    text = {name: words[name] for name in WRITTEN if name in words}
    missed = told["missed"][turn % len(told["missed"])]
    codes = {name: words[name] for name in ("cooperation", "risk_now")}
    return {"missed_reason": missed, **base, **text, **codes, "verb": "send_month", "day": day, "time": "09:40"}
