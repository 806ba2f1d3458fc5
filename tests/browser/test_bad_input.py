"""Bad input in real Chromium: a clear sentence where the cursor is, nothing typed is lost, nothing is half-written.

Every form is sent nonsense in tests/access/test_every_form.py; here people make the mistakes people make.
"""
from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import expect

from cases.models import Case, ServiceRecord
from referrals.models import Referral
from socialwork.accounts.models import StaffRecord
from socialwork.files.models import StoredFile
from socialwork.organisations.models import Agreement
from socialwork.organisations.services import terminate_agreement
from socialwork.people.models import Guardian, Juvenile
from tests import cast
from tests.browser.actor import Actor, said

RARE = "𠮷·阿依古丽"
FORMULA = '=HYPERLINK("http://example.invalid","点这里")'
TOO_LONG = "字" * 100_000
# Sends the page's form twice at the same moment, past the script that guards against it; where the two answers lead.
SEND_TWICE = """async () => {
  const form = document.querySelector("main form[data-once]");
  const send = () => fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  const answers = await Promise.all([send(), send()]);
  return answers.map((answer) => [answer.status, new URL(answer.url).pathname]);
}"""
# Sends the page's form with something beside it that no field asked for.
SEND_WITH = """async ([kind, size]) => {
  const form = document.querySelector("main form[data-once]");
  const body = new FormData(form);
  if (kind === "file") {
    const content = new Uint8Array(size);
    content.set([0x4d, 0x5a]);
    body.append("papers", new File([content], "调查报告.pdf", { type: "application/pdf" }));
  } else { body.append("summary", "字".repeat(size)); }
  const sent = kind === "file" ? body : new URLSearchParams(body);
  const answer = await fetch(form.action, { method: "POST", body: sent });
  return [answer.status, await answer.text()];
}"""
# Leaves the page without having typed; how often something was sent to be kept.
LEAVE = """() => {
  let sent = 0;
  const send = window.fetch;
  window.fetch = (...request) => { sent += 1; return send(...request); };
  window.dispatchEvent(new Event("pagehide"));
  window.fetch = send;
  return sent;
}"""


def opened(actor: Actor, name: str, *args: Any) -> Actor:
    """Go to a form; having looked at it is nothing to be kept as a draft."""
    assert actor.go(name, *args).page.evaluate(LEAVE) == 0, f"{name} keeps a draft of nothing"
    return actor


def refused(actor: Actor, **sentences: str) -> None:
    """The summary has the focus; each sentence stands there and at its field, and its link puts the cursor into it."""
    page = actor.page
    expect(page.locator("[data-error-summary]")).to_be_focused()
    for name, sentence in sentences.items():
        links = page.locator("[data-error-summary] a", has_text=sentence)
        assert name in [cursor_after(page, link) for link in links.all()], (name, sentence, actor.errors())
        field = page.locator(f"main [name='{name}']").first
        around = field.locator("xpath=ancestor::*[contains(concat(' ', @class, ' '), ' field ')][1]")
        expect(around.locator(".invalid-feedback")).to_contain_text(sentence)


def cursor_after(page: Any, link: Any) -> str:
    """The name of the field the cursor stands in after this link of the summary."""
    link.click()
    inside = "(document.activeElement.querySelector('[name]') || {}).name || ''"
    return page.evaluate(f"document.activeElement.name || {inside}")


def keeps(actor: Actor, **values: str) -> None:
    assert {name: actor.value(name) for name in values} == values


def test_registering_a_child(world: Any, as_person: Any) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    wrong = {"id_number": "990105201001010010", "birth_on": tomorrow.isoformat(), "phone": "12345", "health": TOO_LONG}
    rest = {"name": RARE, "sex": "male", "address": FORMULA, "guardians-0-relation": "mother"}
    rows = {"guardians-0-name": "母亲1号", "guardians-0-phone": "110"}
    prosecutor = opened(Actor(as_person(world.prosecutor)), "people:register_juvenile")
    prosecutor.enter_all({**rest, **wrong, **rows}).press(said("Register and draft the referral"))
    name = said("A name consists of characters, letters and the middle dot. Take out digits, signs and pictures.")
    refused(prosecutor, **{
        "id_number": said(
            "The last character does not fit the rest of the ID number; one character is probably mistyped."
        ),
        "birth_on": said("This day has not come yet. Check the date."), "phone": "11位", "health": "300",
        "guardians-0-name": name, "guardians-0-phone": "11位",
    })
    keeps(prosecutor, **rest, **wrong, **rows)
    assert not Juvenile.objects.exists() and not Guardian.objects.exists()

    right = {"id_number": "", "birth_on": "2011-03-02", "phone": "10012340001", "health": "心情好 😀"}
    right |= {"guardians-0-name": "·", "guardians-0-phone": ""}
    prosecutor.enter_all(right)
    answers = prosecutor.page.evaluate(SEND_TWICE)
    assert answers[0] == answers[1] and answers[0][0] == 200, answers
    child = Juvenile.objects.get()
    assert Guardian.objects.count() == Referral.objects.count() == 1

    prosecutor.go("people:correct_identity", child.pk)
    keeps(prosecutor, name=RARE, address=FORMULA, health=right["health"])
    prosecutor.go("people:find").fill(q="𠮷·阿").press(said("Find")).sees(child.code)
    prosecutor.go("people:juvenile", child.pk).sees(RARE, FORMULA)


def test_writing_a_referral(world: Any, as_person: Any) -> None:
    today = timezone.localdate()
    referral = cast.filled(world, juvenile=cast.child(world, birth_on=(today - timedelta(days=19 * 366)).isoformat()))
    first = opened(Actor(as_person(world.prosecutor)), "referrals:edit_referral", referral.pk)
    second = first.tab().go("referrals:edit_referral", referral.pk)
    body = f"{FORMULA}\n{RARE}😀"
    first.enter(offence_on=today + timedelta(days=1))
    first.enter_all({"paragraphs-0-body": body, "paragraphs-1-body": TOO_LONG})
    first.press(said("Save"))
    refused(first, **{"offence_on": said("This day has not come yet. Check the date."), "paragraphs-1-body": "100000"})
    keeps(first, **{"paragraphs-0-body": body, "paragraphs-1-body": TOO_LONG})
    assert Referral.objects.get().version == referral.version

    # Nineteen at the time: kept as a draft, but it cannot be submitted, and the page says why.
    first.enter_all({"offence_on": (today - timedelta(days=1)).isoformat(), "paragraphs-1-body": "同案人员已成年。"})
    first.press(f"{said('Submit')} …").sees("适用于事发时年龄不超过17周岁的人")
    expect(first.page.locator("[data-error-summary]")).to_be_focused()
    first.go("referrals:submit_referral", referral.pk)
    first.does_not_offer(said("Submit the referral")).sees("适用于事发时年龄不超过17周岁的人")
    assert Referral.objects.get().state == "draft"

    # The other tab still has the former text: both are shown, nothing is overwritten.
    mine = "另一窗口里写的案情。"
    second.enter_all({"paragraphs-0-body": mine}).press(said("Save"))
    second.sees(said("Both texts"), FORMULA, mine)
    keeps(second, **{"paragraphs-0-body": mine})
    first.go("referrals:edit_referral", referral.pk)

    # The agreement ends while the page is open: the choice is refused at its place, the rest of the text stays.
    terminate_agreement(
        agreement=world.east_agreement, by=world.unit_head, at=timezone.now(), reason="协议提前终止", hand_over_days=10
    )
    first.enter_all({"paragraphs-0-body": "改写后的案情。"}).press(said("Save"))
    ended = said("The agreement with this agency has ended or is suspended. Choose another agency.")
    first.sees(ended)
    keeps(first, **{"paragraphs-0-body": "改写后的案情。"})
    assert Referral.objects.get().state == "draft"


def test_accepting_with_people_who_are_not_in_order(world: Any, as_person: Any) -> None:
    referral = cast.issued(world)
    intake = opened(Actor(as_person(world.intake)), "cases:accept_referral", referral.pk)
    chosen = {"lead": str(world.worker.pk), "second": str(world.second.pk), "supervisor": str(world.supervisor.pk)}
    long_ago = timezone.localdate() - timedelta(days=400)
    StaffRecord.objects.filter(user=world.worker).update(background_check_on=long_ago)
    intake.enter_all(chosen).press(said("Accept and open the case"))
    refused(intake, lead=said("The background check is missing or older than twelve months. Renew it first."))
    keeps(intake, second=chosen["second"], supervisor=chosen["supervisor"])
    intake.enter(lead=chosen["second"]).press(said("Accept and open the case"))
    refused(intake, second=said("Two different workers are needed. Choose another second worker."))
    assert not Case.objects.exists() and Referral.objects.get().state == "issued"

    # A double click with the hand opens one case.
    intake.enter(lead=str(world.unassigned.pk))
    with intake.page.expect_navigation():
        intake.button(said("Accept and open the case")).dblclick()
    case = Case.objects.get()
    intake.sees(case.number)


def test_a_record_on_the_doorstep(world: Any, as_person: Any) -> None:
    case = cast.opened(world)
    today = timezone.localdate()
    worker = opened(Actor(as_person(world.worker, width=360)), "cases:log_contact", case.pk)
    rest = {"summary": f"{RARE}来访😀\n{FORMULA}", "method": "phone", "tell": True}
    rest |= {"tell_prosecutor": "请拨打10012345678"}
    times = {"on": (today + timedelta(days=1)).isoformat(), "started": "10:00", "ended": "09:00"}
    worker.enter_all({**rest, **times, "concerns": TOO_LONG, "next_on": "0026-01-01"}).press(said("Submit record"))
    refused(worker, concerns="4000")
    worker.enter(concerns="", next_on="").press(said("Submit record"))
    refused(worker, ended=said("The end must lie after the beginning."))
    worker.enter(ended="11:00").press(said("Submit record"))
    refused(worker, ended=said("This lies in the future: record it when it is over."))
    worker.enter(on=today - timedelta(days=1)).press(said("Submit record"))
    number = "The message contains an ID or phone number. Take it out: the prosecutor knows who is meant."
    refused(worker, tell_prosecutor=said(number))
    keeps(worker, summary=rest["summary"], tell_prosecutor=rest["tell_prosecutor"], started="10:00")
    assert not ServiceRecord.objects.exists()

    worker.enter(tell_prosecutor="已联系上，情况稳定。").press(said("Submit record"))
    record = ServiceRecord.objects.get()
    worker.go("cases:record", record.pk).sees(RARE, "😀", FORMULA)
    # The back button finds the form as it is now: empty, with a key of its own.
    worker.go("cases:log_contact", case.pk).enter(summary="第二次联系。", method="phone", on=today - timedelta(days=2))
    worker.press(said("Submit record"))
    worker.page.go_back()
    worker.page.wait_for_load_state()
    assert "第二次联系" not in worker.page.content() or ServiceRecord.objects.count() == 2
    worker.press(said("Submit record"))
    assert worker.errors() and ServiceRecord.objects.count() == 2


def test_a_session_that_ended_while_typing(world: Any, as_person: Any) -> None:
    case = cast.opened(world)
    world.worker.set_password(cast.PASSWORD)
    world.worker.save()
    worker = Actor(as_person(world.worker)).go("cases:log_contact", case.pk)
    other = worker.tab().go("today")
    other.page.locator("details:has(form[action*='sign-out']) summary").click()
    other.press(said("Sign out"))

    # Pressed in the same breath: the form does not go to its loss, the way back in has the cursor.
    worker.page.fill("[name=summary]", "孩子说下周一复课。")
    worker.button(said("Submit record")).first.click()
    way_in = worker.page.get_by_role("link", name=said("Sign in again in a new tab"))
    expect(way_in).to_be_focused()
    worker.sees(said("You have been signed out. What you typed stays here."))
    assert worker.value("summary") == "孩子说下周一复课。"
    # Saved in vain again while the person is on the way in: the cursor is not taken away.
    with worker.page.expect_response(lambda answer: answer.request.method == "GET" and "draft" in answer.url):
        worker.page.evaluate("window.dispatchEvent(new Event('focus'))")
    worker.page.wait_for_timeout(100)
    expect(way_in).to_be_focused()

    with worker.page.context.expect_page() as popup:
        way_in.click()
    entry = Actor(popup.value)
    entry.fill(username=world.worker.login, password=cast.PASSWORD).press(said("Sign in"))
    worker.page.bring_to_front()
    worker.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(way_in).to_have_count(0)
    worker.page.reload()
    assert worker.value("summary") == "孩子说下周一复课。"
    worker.enter(method="phone", started="00:00", ended="00:01").press(said("Submit record"))
    assert ServiceRecord.objects.count() == 1, worker.errors()


def test_two_windows_of_one_person(world: Any, as_person: Any) -> None:
    case = cast.opened(world)
    first = Actor(as_person(world.worker)).go("cases:log_contact", case.pk)
    second = first.tab().go("cases:log_contact", case.pk)
    with first.page.expect_response(lambda answer: "draft" in answer.url):
        first.enter(summary="第一个窗口写的内容。")
    second.enter(summary="第二个窗口写的内容。")
    second.sees(said("Another window saved a newer text. Choose which one stays."), "第一个窗口写的内容。")
    keeps(second, summary="第二个窗口写的内容。")
    second.button(said("Use the other text")).click()
    keeps(second, summary="第一个窗口写的内容。")


def test_files_and_floods(world: Any, as_person: Any) -> None:
    case = cast.opened(world)
    worker = Actor(as_person(world.worker)).go("cases:log_contact", case.pk)
    # No form takes a file: one that is slipped in, whatever it pretends to be, is neither read nor kept.
    status, _page = worker.page.evaluate(SEND_WITH, ["file", 3_000_000])
    assert status == 400 and StoredFile.objects.filter(content_type="application/pdf").count() == 0
    status, answer = worker.page.evaluate(SEND_WITH, ["text", 700_000])
    assert status == 413 and said("This is too large to be sent") in answer
    assert not ServiceRecord.objects.exists()


def test_an_agreement_with_reversed_dates(world: Any, as_person: Any) -> None:
    head = opened(Actor(as_person(world.unit_head)), "organisations:draft_agreement", world.east_court.pk)
    today = timezone.localdate()
    wrong = {"number": FORMULA, "starts_on": today.isoformat(), "ends_on": (today - timedelta(days=1)).isoformat()}
    before = Agreement.objects.count()
    head.enter_all(wrong).press(said("Save"), exact=False)
    refused(head, ends_on=said("The end lies before the beginning."))
    keeps(head, **wrong)
    assert Agreement.objects.count() == before

    bureau = Actor(as_person(world.civil_affairs)).go("oversight:register_agency", world.east_bureau.pk)
    bureau.enter(name=RARE, credit_code="11990301001000061X").press(said("Register"))
    digit = "The last character does not fit the rest of the credit code; one character is probably mistyped."
    refused(bureau, credit_code=said(digit))
    keeps(bureau, name=RARE, credit_code="11990301001000061X")
