"""Parts of pages that are written once and kept: each reader still gets the own page, in the own language, with the own token."""
from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from django.middleware.csrf import _unmask_cipher_token
from django.test import Client
from django.urls import reverse

from cases.filters import CaseFilter
from socialwork.core import filtering
from socialwork.core.templatetags import frame, kit
from socialwork.notifications.models import Notice
from tests import cast


def tokens(page: str) -> set[str]:
    return set(map(_unmask_cipher_token, re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)))


def bar(page: str) -> str:
    return page[page.index("<header"):page.index("</header>")]


def test_everybody_has_the_own_bar_and_token(world: cast.World, sign_in: Any) -> None:
    people = [world.worker, world.second, world.prosecutor]
    for _time in range(2):
        for user in people:
            client = sign_in(user)
            page = client.get(reverse("cases:list")).content.decode()
            assert user.name in bar(page) and not any(other.name in bar(page) for other in people if other != user)
            assert frame.TOKEN not in page and frame.ADDRESS not in page
            assert tokens(page) == {client.cookies["csrftoken"].value}


def test_the_language_leads_back_to_the_page_one_is_on(world: cast.World, sign_in: Any) -> None:
    client = sign_in(world.prosecutor)
    for query in ("", "?due=overdue&x=%22%3E%3Cscript%3E"):
        page = client.get(reverse("cases:list") + query).content.decode()
        back = re.search(r'name="next" value="([^"]*)"', page)
        assert back is not None and back[1] == (reverse("cases:list") + query).replace("&", "&amp;")
        assert "<script>\"" not in page


def test_a_notice_changes_the_bar_at_once(world: cast.World, sign_in: Any) -> None:
    client = sign_in(world.worker)
    assert "bubble" not in bar(client.get(reverse("today")).content.decode())
    case = cast.opened(world)
    Notice.objects.filter(recipient=world.worker).delete()
    Notice.objects.create(
        event_id=uuid4(), recipient=world.worker, level=Notice.Level.KNOW, verb="case.opened", target_type="cases.case",
        target_id=case.pk, thread_id=case.thread_id, label=case.number, path=case.get_absolute_url(),
    )
    assert 'class="bubble">1<' in bar(client.get(reverse("today")).content.decode())


def test_the_bar_speaks_the_language_of_the_page(world: cast.World, sign_in: Any) -> None:
    client = sign_in(world.worker)
    for language, word in (("zh-hans", "今日"), ("en", "Today"), ("zh-hans", "今日")):
        client.cookies["django_language"] = language
        assert word in bar(client.get(reverse("today")).content.decode())


def test_a_page_without_a_reader_has_a_bar(client: Client) -> None:
    page = client.get(reverse("accounts:sign_in")).content.decode()
    assert "topbar" in bar(page) and frame.TOKEN not in page


def test_controls_in_which_nothing_is_chosen_are_those_of_the_form(world: cast.World, sign_in: Any) -> None:
    workers = ((str(world.worker.pk), world.worker.name),)
    assert filtering.blank_controls(CaseFilter.blank, workers) == filtering.controls(CaseFilter.blank(workers))
    assert world.worker.name in filtering.blank_controls(CaseFilter.blank, workers)
    assert world.worker.name not in filtering.blank_controls(CaseFilter.blank, None)
    client = sign_in(world.manager)
    kept = client.get(reverse("cases:list")).content.decode()
    assert world.worker.name in kept and world.former_worker.name not in kept[: kept.index("</form>")]
    chosen = client.get(reverse("cases:list") + "?state=closed").content.decode()
    assert 'value="closed" selected' in chosen and 'value="closed" selected' not in kept


def test_what_narrows_a_list() -> None:
    assert not filtering.is_chosen({}) and not filtering.is_chosen({"sort": "new", "after": "x", "state": ""})
    assert filtering.is_chosen({"state": "all"}) and filtering.is_chosen({"sort": "new", "unknown": "1"})


def test_chips() -> None:
    html = str(kit.in_chips([
        {"label": "<b>", "url": "?a=1&b=2", "active": True, "count": 1}, {"label": "平", "url": "?c", "active": False, "count": None},
        {"label": "风险：高", "remove_url": "?x"}, {"label": "只有词"},
    ], "<视图>"))
    assert html.startswith('<ul class="chips" aria-label="&lt;视图&gt;">')
    assert "&lt;b&gt;" in html and 'href="?a=1&amp;b=2" aria-current="true"' in html and '<span class="num">1</span>' in html
    assert html.count("<li>") == 4 and html.count("aria-current") == 1 and html.count("num") == 1
    assert '<a class="chip chip-on" href="?x">风险：高' in html and '<span class="chip">只有词</span>' in html
