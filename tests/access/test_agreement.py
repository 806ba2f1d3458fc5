"""Agreement: every list, count, search and link shows exactly the rows whose page opens, for everybody of the cast.

The oracle is the plain question `permitted()`, one OR of all grounds. Lists ask arm by arm, pages ask row by row, the
interface of programs asks through serializers: all of them must come to the same set, also where a right has just ended.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db import models, transaction
from django.test import Client, override_settings
from django.urls import Resolver404, resolve, reverse

from cases.models import Case, ServiceRecord
from referrals.models import Referral
from socialwork.access import api, listing
from socialwork.access.drf_views import Row as ApiRow
from socialwork.access.drf_views import Rows as ApiRows
from socialwork.access.policy import registered
from socialwork.access.views import ListPage
from socialwork.api_urls import urlpatterns as api_patterns
from socialwork.exporting.models import Export
from socialwork.organisations.models import Agreement
from socialwork.people.models import Juvenile
from socialwork.people.policies import knows_names
from tests import cast
from tests.access.matrix import PERSONAS
from tests.access.test_matrix import routes, signed_in
from tests.factories import story as stories


@dataclass(frozen=True)
class Shown:
    """A list page: the query that takes its filters away, so that it shows all it may."""

    everything: str = ""


# Every list of the product. A list page that is not here fails the test.
LISTS = {
    "referrals:list": Shown(), "referrals:inbox": Shown(), "cases:list": Shown("state=all"), "cases:review_queue": Shown(),
    "notifications:list": Shown(), "organisations:list": Shown(), "organisations:agreements": Shown(),
    "oversight:agencies": Shown(), "oversight:acts": Shown("since=2020-01-01"), "oversight:readings": Shown("since=2020-01-01"),
    "accounts:staff": Shown("show=all"), "accounts:administrators": Shown(), "exports:list": Shown(),
}
# Lists of the interface of programs, with the page whose rows they give; records are those of one case.
API_LISTS = {
    "list_referrals": "referrals:list", "list_received_referrals": "referrals:inbox", "list_cases": "cases:list",
    "list_notices": "notifications:list", "list_records": "cases:records",
    "list_agreements": "organisations:agreements", "list_exports": "exports:list",
}
API_ROWS = {"show_referral": Referral, "show_case": Case, "show_agreement": Agreement, "show_export": Export}
# So many rows of a model are asked about one by one, spread over its age; the sets are compared whole.
ONE_BY_ONE = 12
HREF = re.compile(r'href="(/[^"#?]*[0-9a-f]{8}-[0-9a-f]{4}-[^"]*)"')


@pytest.fixture(scope="module")
def story(django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[stories.Story]:
    """The world of every state, made once: the tests of this module only look."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")), transaction.atomic():
        yield stories.tell(cast.build_world())
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def clients(story: stories.Story) -> dict[str, Client]:
    return {persona: signed_in(story.world, persona) for persona in PERSONAS}


def list_pages() -> dict[str, type[ListPage]]:
    """Every list page with an address, found by looking at the addresses."""
    found = {name: getattr(entry.callback, "view_class", None) for name, entry in routes() if not name.startswith("api")}
    return {name: view for name, view in found.items() if view and issubclass(view, ListPage)}


def api_views(kind: type) -> dict[str, Any]:
    found = {pattern.name: getattr(pattern.callback, "cls", None) for pattern in api_patterns}
    return {name: view for name, view in found.items() if view and issubclass(view, kind)}


def permitted_ids(model: type[models.Model], user: Any, action: str = "view") -> set[UUID]:
    return set(api.permitted(model, user, action).values_list("pk", flat=True))


def sample(model: type[models.Model]) -> list[Any]:
    rows = list(model._default_manager.order_by("pk"))
    return rows[:: len(rows) // ONE_BY_ONE + 1]


def walk(client: Client, address: str, query: str, param: str = "after", key: str = "listed") -> Iterator[Any]:
    """The answers of a list, page by page, until there is no further one."""
    cursor = ""
    while True:
        response = client.get(f"{address}?{query}{f'&{param}={cursor}' if cursor else ''}")
        yield response
        if response.status_code != 200 or not (cursor := response.context[key].next_cursor):
            return


def test_every_list_is_covered():
    assert set(LISTS) == set(list_pages())
    assert set(API_LISTS) == set(api_views(ApiRows))
    assert set(API_ROWS) == set(api_views(ApiRow))


def test_there_is_something_to_disagree_about(story):
    """Nobody sees everything, and each right that ended leaves somebody outside who was once inside."""
    world, cases = story.world, story.cases
    for persona in PERSONAS:
        for model in (Referral, Case, Juvenile):
            assert permitted_ids(model, world.people[persona]) < set(model.objects.values_list("pk", flat=True))
    seen = {persona: permitted_ids(Case, world.people[persona]) for persona in PERSONAS}
    assert cases["passed_on"].pk not in seen["former_worker"] and cases["passed_on"].pk in seen["worker"]
    assert cases["offered"].pk not in seen["unassigned"] and cases["of_others"].pk in seen["unassigned"]
    assert cases["under_suspended"].pk not in seen["worker"] and cases["under_suspended"].pk in seen["manager"]
    assert seen["worker_of_former"] == set() == permitted_ids(Referral, world.intake_of_former)
    assert cases["under_ended"].pk in seen["prosecutor"]
    assert cases["elsewhere"].pk in seen["worker_elsewhere"] and cases["elsewhere"].pk not in seen["prosecutor"]


@pytest.mark.parametrize("model", sorted(registered(), key=lambda model: model._meta.label), ids=lambda model: model._meta.label)
def test_arms_filter_row_and_reason_agree(story, model):
    """Of each model: the arms of a list, the one OR, the question about one row, and the reason given for it."""
    rows, wrong = sample(model), []
    for persona in PERSONAS:
        user = story.world.people[persona]
        seen = permitted_ids(model, user)
        if set(listing.row_ids(model, user, limit=10_000)) != seen:
            wrong.append((persona, "arms"))
        if listing.capped_count(model, user) != len(seen):
            wrong.append((persona, "count"))
        for row in rows:
            if api.can(user, "view", row) != (row.pk in seen) or bool(api.why(user, row)) != (row.pk in seen):
                wrong.append((persona, row))
    assert wrong == []


@pytest.mark.parametrize("model", sorted(registered(), key=lambda model: model._meta.label), ids=lambda model: model._meta.label)
def test_buttons_agree_with_the_lists_of_their_action(story, model):
    """What a row says may be done to it is what the list of that action holds, with the right to see it."""
    actions, wrong = [name for name in registered()[model].actions if name != "view"], []
    for persona in PERSONAS:
        user = story.world.people[persona]
        rows = api.with_rights(api.permitted(model, user), user, "view").order_by("pk")
        for row in rows:
            api.take_rights(row)
        for action in actions:
            offered = {row.pk for row in rows if action in row.allowed_actions}
            if offered != permitted_ids(model, user, action):
                wrong.append((persona, action))
    assert wrong == []


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_shows_what_may_be_opened_and_counts_it(story, clients, name):
    page, wrong = list_pages()[name], []
    for persona in PERSONAS:
        user, shown, offered, count = story.world.people[persona], [], [], None
        due = permitted_ids(page.model, user, page.action)
        for response in walk(clients[persona], reverse(name), LISTS[name].everything):
            if response.status_code != 200:
                assert response.status_code == 404 and page.roles and not user.has_role(*page.roles), (name, persona)
                due = set()
                break
            shown += [row.pk for row in response.context["listed"].rows]
            offered += HREF.findall(main_of(response))
            count = response.context.get("worklist", {}).get("count", count) if count is None else count
        if len(shown) != len(set(shown)) or not agree(page, user, set(shown), due):
            wrong.append((persona, "rows", set(shown) ^ due))
        if count is not None and (count or "0") != str(len(due)):
            wrong.append((persona, "count", count, len(due)))
        wrong += [(persona, href, status) for href, status in opened(clients[persona], offered)]
    assert wrong == []


def agree(page: type[ListPage], user: Any, shown: set[UUID], due: set[UUID]) -> bool:
    """Equal; the record of readings has grown by the very requests that looked at it."""
    return shown == due or (page.model._meta.label_lower == "audit.access" and shown <= permitted_ids(page.model, user))


def main_of(response: Any) -> str:
    """The content of a page without the bar around it."""
    text = response.content.decode()
    return text[text.index("<main") : text.index("</main>")]


def opened(client: Client, hrefs: Iterable[str]) -> list[tuple[str, int]]:
    """Addresses among those offered that do not open."""
    answers = {href: status_of(client, href) for href in sorted(set(hrefs))}
    # 409: it opens, and says that somebody has done it since.
    return [(href, status) for href, status in answers.items() if status not in (200, 302, 409)]


def status_of(client: Client, href: str) -> int:
    """The answer to a GET; each person asks for an address once in this module, whatever lists offer it."""
    known = client.__dict__.setdefault("known_answers", {})
    if href not in known:
        try:
            view = getattr(resolve(href).func, "view_class", None)
        except Resolver404:
            view = None
        known[href] = client.get(href).status_code if view is None or hasattr(view, "get") else 200
    return known[href]


def test_the_second_list_of_the_review_queue_agrees(story, clients):
    """Records wait beside the reports, with a cursor of their own; those of ended cases apart."""
    for persona in ("supervisor", "supervisor_elsewhere"):
        user, shown = story.world.people[persona], []
        for ended in ("", "1"):
            cursor = ""
            while True:
                address = f"{reverse('cases:review_queue')}?ended={ended}&records={cursor}"
                page = clients[persona].get(address).context["records"]
                shown += HREF.findall(" ".join(f'href="{cell["url"]}"' for row in page["rows"] for cell in urls_of(row)))
                if "next_url" not in page:
                    break
                cursor = re.search(r"records=([^&#]*)", page["next_url"])[1]
        due = {reverse("cases:record", args=[pk]) for pk in permitted_ids(ServiceRecord, user, "review_record")}
        assert set(shown) == due
    assert permitted_ids(ServiceRecord, story.world.supervisor, "review_record")


def urls_of(row: Any) -> list[Any]:
    return [cell for cell in row["cells"] if isinstance(cell, dict) and cell.get("url")]


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_parts_of_a_case_agree(story, clients, persona):
    """Records of every case: its page, its list for programs, and the row filter."""
    user = story.world.people[persona]
    visible = permitted_ids(Case, user)
    records = api.permitted(ServiceRecord, user)
    for case in story.cases.values():
        page = clients[persona].get(reverse("cases:records", args=[case.pk]))
        told = clients[persona].get(reverse("api:list_records", args=[case.pk]))
        assert page.status_code == told.status_code == (200 if case.pk in visible else 404)
        if case.pk not in visible:
            assert not records.filter(case=case).exists() or "counselling" in page.content.decode()
            continue
        due = set(records.filter(case=case).values_list("pk", flat=True))
        assert {row.pk for row in page.context["listed"].rows} == due
        assert {UUID(row["id"]) for row in told.json()["rows"]} == due
        assert opened(clients[persona], HREF.findall(main_of(page))) == []


@pytest.mark.parametrize("name", sorted(set(API_LISTS) - {"list_records"}))
def test_a_list_of_the_api_gives_the_rows_of_its_page(story, clients, name):
    page_name = API_LISTS[name]
    page, query = list_pages()[page_name], LISTS[page_name].everything
    for persona in PERSONAS:
        user, given, cursor = story.world.people[persona], [], ""
        due = permitted_ids(page.model, user, page.action)
        while True:
            response = clients[persona].get(f"{reverse(f'api:{name}')}?size=7&{query}{f'&after={cursor}' if cursor else ''}")
            if response.status_code == 404:
                assert page.roles and not user.has_role(*page.roles)
                due = set()
                break
            given += [UUID(row["id"]) for row in response.json()["rows"]]
            if not (cursor := response.json()["next"]):
                break
        assert (persona, sorted(given)) == (persona, sorted(due))


@pytest.mark.parametrize("persona", PERSONAS)
def test_each_number_and_line_of_today_leads_to_its_rows(story, clients, persona):
    client = clients[persona]
    today = client.get(reverse("today"))
    for figure in today.context["figures"]:
        address, _mark, query = figure["url"].partition("?")
        rows = [row.pk for page in walk(client, address, query) for row in page.context["listed"].rows]
        assert (figure["label"], figure["value"]) == (figure["label"], str(len(rows)))
    assert opened(client, HREF.findall(main_of(today))) == []


@pytest.mark.parametrize("name", sorted(API_ROWS))
def test_a_row_of_the_api_opens_exactly_where_it_is_listed(story, clients, name):
    model, wrong = API_ROWS[name], []
    for persona in PERSONAS:
        seen = permitted_ids(model, story.world.people[persona])
        for row in sample(model):
            status = clients[persona].get(reverse(f"api:{name}", args=[row.pk])).status_code
            page = clients[persona].get(row.get_absolute_url()).status_code
            if {status, page} != {200 if row.pk in seen else 404}:
                wrong.append((persona, row.pk, status, page))
    assert wrong == []


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_find_box_offers_what_opens(story, clients, persona):
    """By work code every child the person may see and no other; by name only for those who may know names."""
    user, found = story.world.people[persona], set()
    for child in Juvenile.objects.order_by("pk"):
        response = clients[persona].post(reverse("people:find"), {"q": child.code})
        if response.status_code == 403:
            return
        found.update(HREF.findall(main_of(response)))
        assert (child.get_absolute_url() in found) == api.can(user, "view", child)
    named = set(HREF.findall(main_of(clients[persona].post(reverse("people:find"), {"q": "林小"}))))
    assert named <= found and (knows_names(user) or not named)
    assert opened(clients[persona], sorted(found | named)) == []


@pytest.mark.parametrize("persona", PERSONAS)
def test_what_a_matter_links_to_opens(story, clients, persona):
    """The pages of referral, case and child offer no other row that is closed to the person. (Their own parts: the matrix.)"""
    client, user, offered = clients[persona], story.world.people[persona], set()
    for model in (Referral, Case, Juvenile):
        for row in list(api.permitted(model, user).order_by("pk"))[::3]:
            links = HREF.findall(main_of(client.get(row.get_absolute_url())))
            offered.update(href for href in links if str(row.pk) not in href)
    assert opened(client, sorted(offered)) == []
