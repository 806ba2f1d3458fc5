"""Filters kept under a name: the same on every list that offers them, and nobody's business but one's own."""
from __future__ import annotations

import pytest
from django.urls import reverse

from socialwork.accounts.models import SavedFilter
from socialwork.accounts.services import save_filter
from socialwork.accounts.services.filtering import MOST
from tests import cast


@pytest.mark.parametrize(("name", "persona", "query"), [
    ("cases:list", "worker", "due=overdue&sort=new"), ("referrals:list", "prosecutor", "state=issued"),
    ("referrals:inbox", "intake", "urgency=urgent"),
])
def test_a_filter_in_force_is_kept_and_comes_back_by_name(world, sign_in, name, persona, query):
    case = cast.opened(world)
    client, address = sign_in(world.people[persona]), reverse(name)
    shown = client.get(f"{address}?{query}")
    assert shown.context["kept"]["query"] == query
    body = {"worklist": shown.context["kept"]["worklist"], "name": "常用", "query": query, "next": address}
    assert client.post(reverse("accounts:save_filter"), body).headers["Location"] == address
    kept = client.get(address).context["kept"]["saved"]
    assert [(entry["label"], entry["url"]) for entry in kept] == [("常用", f"{address}?{query}")]
    assert client.get(kept[0]["url"]).status_code == 200
    colleague = "second" if persona == "worker" else "manager" if persona == "intake" else "colleague"
    assert sign_in(world.people[colleague]).get(address).context["kept"]["saved"] == []
    assert case.pk


def test_a_list_does_not_show_what_was_kept_for_another(world, sign_in):
    save_filter(by=world.worker, worklist="referrals:inbox", name="别处", query="state=issued")
    assert sign_in(world.worker).get(reverse("cases:list")).context["kept"]["saved"] == []


def test_nothing_is_kept_without_name_list_or_filter(world):
    for worklist, name, query in (("", "名", "a=1"), ("cases:list", "", "a=1"), ("cases:list", "名", "after=x")):
        assert save_filter(by=world.worker, worklist=worklist, name=name, query=query) is None
    assert SavedFilter.objects.count() == 0


def test_the_oldest_goes_when_there_are_too_many(world):
    for number in range(MOST + 1):
        save_filter(by=world.worker, worklist="cases:list", name=str(number), query=f"state={number}")
    names = set(SavedFilter.objects.filter(user=world.worker).values_list("name", flat=True))
    assert len(names) == MOST and "0" not in names
