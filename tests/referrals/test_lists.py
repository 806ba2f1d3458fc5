"""The organ's list and the agency's inbox: the rows of one's rights, filters, orders, words of the clock."""
from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals.models import Referral
from referrals.services import ask_information, decline_referral
from socialwork.accounts.models import SavedFilter
from tests import cast


def numbers(response):
    return {row["cells"][0]["url"].rstrip("/").rpartition("/")[2] for row in response.context["worklist"]["rows"]}


def ids(*rows):
    return {str(row.pk) for row in rows}


@pytest.fixture
def many(world):
    asked = ask_information(referral=cast.issued(world), by=world.intake, at=timezone.now(), question="？")
    declined = decline_referral(
        referral=cast.issued(world), by=world.intake, at=timezone.now(), reason_code="capacity", reason="无人手。"
    )
    return {
        "draft": cast.draft(world), "submitted": cast.submitted(world, urgency="urgent"), "issued": cast.issued(world),
        "asked": asked, "declined": declined, "colleagues": cast.issued(world, by="colleague", services=("family_education",)),
        "elsewhere": cast.issued(world, by="prosecutor_elsewhere"),
    }


def test_everybody_sees_their_own(world, sign_in, many):
    mine = ids(*(many[name] for name in ("draft", "submitted", "issued", "asked", "declined")))
    sent = ids(*(many[name] for name in ("issued", "asked", "declined", "colleagues")))
    seen = {
        "prosecutor": mine, "colleague": ids(many["colleagues"]), "clerk": ids(many["draft"]), "unit_head": mine | ids(many["colleagues"]),
        "prosecutor_elsewhere": ids(many["elsewhere"]),
    }
    for person, expected in seen.items():
        assert numbers(sign_in(world.people[person]).get(reverse("referrals:list"))) == expected, person
    for person, expected in (("intake", sent), ("manager", sent), ("manager_elsewhere", ids(many["elsewhere"])), ("intake_of_former", set())):
        assert numbers(sign_in(world.people[person]).get(reverse("referrals:inbox"))) == expected, person


def test_the_wrong_side_has_no_such_page(world, sign_in):
    assert sign_in(world.intake).get(reverse("referrals:list")).status_code == 404
    assert sign_in(world.prosecutor).get(reverse("referrals:inbox")).status_code == 404
    assert sign_in(world.worker).get(reverse("referrals:inbox")).status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=issued", {"issued"}), ("state=draft", {"draft"}), ("urgency=urgent", {"submitted"}), ("service=psych_counselling", set()),
        ("stage=prosecution_review", {"submitted", "issued", "asked", "declined"}), ("waiting=1", {"draft", "asked", "declined"}),
        ("overdue=1", set()), ("due_this_week=1", {"issued"}), ("state=nonsense", {"draft", "submitted", "issued", "asked", "declined"}),
        ("state=issued&urgency=urgent", set()),
    ],
)
def test_filters(world, sign_in, many, query, expected):
    response = sign_in(world.prosecutor).get(f"{reverse('referrals:list')}?{query}")
    assert numbers(response) == ids(*(many[name] for name in expected))


def test_the_agency_filter_names_the_organs_own_agencies(world, sign_in, many):
    client = sign_in(world.prosecutor)
    response = client.get(f"{reverse('referrals:list')}?agency={world.east_agency.pk}")
    assert numbers(response) == ids(*(many[name] for name in ("submitted", "issued", "asked", "declined")))
    offered = {label for _pk, label in response.context["filter_form"].fields["agency"].choices}
    assert "启航社工中心" in offered and "同行社工中心" not in offered
    assert response.context["worklist"]["filters"][0]["label"] == "机构：启航社工中心"


def test_overdue_stands_in_words_and_colour(world, sign_in, many):
    late = timezone.now() - dt.timedelta(days=2)
    Referral.objects.filter(pk=many["issued"].pk).update(next_due_at=late)
    response = sign_in(world.intake).get(f"{reverse('referrals:inbox')}?overdue=1")
    row = response.context["worklist"]["rows"][0]
    assert row["tone"] == "danger" and row["cells"][1]["due"]["tone"] == "danger" and "逾期" in row["cells"][1]["due"]["text"]
    first = sign_in(world.intake).get(reverse("referrals:inbox")).context["worklist"]["rows"][0]
    assert first["cells"][0]["url"] == many["issued"].get_absolute_url()


def test_names_are_masked(world, sign_in, many):
    page = sign_in(world.prosecutor).get(reverse("referrals:list")).content.decode()
    assert "林某某" in page and "林小舟" not in page


def test_what_moved_since_one_looked_is_marked(world, sign_in):
    row = cast.issued(world)
    client = sign_in(world.prosecutor)

    def marked():
        return client.get(reverse("referrals:list")).context["worklist"]["rows"][0]["cells"][0]["state"]

    assert marked() is not None
    client.get(row.get_absolute_url())
    assert marked() is None
    ask_information(referral=row, by=world.intake, at=timezone.now(), question="？")
    assert marked() is not None


def test_the_list_goes_on_by_keyset(world, sign_in):
    child = cast.child(world)
    for _turn in range(30):
        cast.draft(world, juvenile=child)
    client = sign_in(world.prosecutor)
    first = client.get(reverse("referrals:list"))
    assert len(numbers(first)) == 25 and first.context["worklist"]["count"] == "30"
    second = client.get(f"{reverse('referrals:list')}?after={first.context['listed'].next_cursor}")
    assert len(numbers(second)) == 5 and not numbers(first) & numbers(second)


def test_the_order_can_be_changed(world, sign_in, many):
    client = sign_in(world.prosecutor)
    newest = client.get(f"{reverse('referrals:list')}?sort=new").context["worklist"]["rows"][0]["cells"][0]["url"]
    assert newest == Referral.objects.filter(prosecutor=world.prosecutor).order_by("-touched_at").first().get_absolute_url()


def test_a_filter_is_kept_under_a_name_for_oneself(world, sign_in, many):
    client, address = sign_in(world.prosecutor), reverse("referrals:list")
    body = {"worklist": "referrals:list", "name": "急件", "query": "urgency=urgent&after=abc", "next": address}
    assert client.post(reverse("accounts:save_filter"), body).headers["Location"] == address
    saved = client.get(address).context["kept"]["saved"]
    assert [(entry["label"], entry["url"]) for entry in saved] == [("急件", f"{address}?urgency=urgent")]
    assert numbers(client.get(saved[0]["url"])) == ids(many["submitted"])
    assert sign_in(world.colleague).get(address).context["kept"]["saved"] == []
    remove = reverse("accounts:remove_filter", args=[saved[0]["id"]])
    sign_in(world.colleague).post(remove)
    assert SavedFilter.objects.count() == 1
    assert client.post(remove, {"next": "https://example.com/"}).headers["Location"] == reverse("today")
    assert SavedFilter.objects.count() == 0


def test_an_empty_list_says_why(world, sign_in):
    client = sign_in(world.prosecutor)
    assert client.get(reverse("referrals:list")).context["worklist"]["empty"]["action"]["url"] == reverse("people:find")
    filtered = client.get(f"{reverse('referrals:list')}?state=issued").context["worklist"]["empty"]
    assert filtered["action"]["url"] == reverse("referrals:list")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_three_rows(world, sign_in, django_assert_max_num_queries, rows):
    for _turn in range(rows):
        cast.issued(world)
    for person, name in ((world.prosecutor, "referrals:list"), (world.intake, "referrals:inbox")):
        client = sign_in(person)
        client.get(reverse(name))
        with django_assert_max_num_queries(16):
            client.get(reverse(name))
