"""Steps of a referral, from the draft to the agency's answer."""

from __future__ import annotations

from socialwork.demo.filler.threads import Thread, pass_on


def draft(thread: Thread) -> None:
    thread.on_referral("draft_referral", thread.row["by"])


def submit(thread: Thread) -> None:
    thread.on_referral("submit_referral", thread.row["by"])


def return_draft(thread: Thread) -> None:
    reason = thread.text("return", thread.work["returns"])
    thread.on_referral("return_referral", thread.organ["unit_head"], reason=reason)


def approve(thread: Thread) -> None:
    note = thread.pools.take("approval", thread.work["approvals"])
    thread.on_referral("approve_referral", thread.organ["unit_head"], **({"note": note} if note else {}))


def ask(thread: Thread) -> None:
    question = thread.text("question", thread.work["questions"])
    thread.on_referral("ask_information", thread.team.intake, key=f"{thread.key}-question", question=question)


def answer(thread: Thread) -> None:
    said = thread.text("answer", thread.work["answers"])
    thread.on_referral("answer_information", thread.row["by"], question=f"{thread.key}-question", answer=said)


def decline(thread: Thread) -> None:
    thread.on_referral("decline_referral", thread.team.intake, **thread.pools.take("decline", thread.work["declines"]))


def refer_again(thread: Thread) -> None:
    pass_on(thread)
    thread.on_referral("refer_again", thread.row["by"])


def withdraw(thread: Thread) -> None:
    reason = thread.pools.take("withdrawal", thread.work["withdrawals"])
    thread.on_referral("withdraw_referral", thread.row["by"], **reason)


def hand_on(thread: Thread) -> None:
    """Another agency takes over what is open or has begun."""
    begun = [row for row in thread.work["transfers"] if row["begun"] == thread.accepted]
    reason = {
        name: text for name, text in thread.pools.take(f"transfer-{thread.accepted}", begun).items() if name != "begun"
    }
    key = thread.key
    pass_on(thread)
    thread.act("transfer_referral", thread.row["by"], referral=key, to=thread.key, **reason)


def accept(thread: Thread) -> None:
    thread.accepted = True
    team = {"lead": thread.team.lead, "second": thread.team.second, "supervisor": thread.team.supervisor}
    if thread.row["kind"] == "counselling":
        team["counsellor"] = thread.team.counsellor
    thread.on_referral("accept_referral", thread.team.intake, planned_on=thread.day + 2, **team)
