"""Work lists: the statement, the page, its depth, its filters, and what hangs on it."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.http import QueryDict
from django.test import override_settings

from cases.filters import CaseFilter, all_cases
from cases.models import Case
from cases.queries import LISTS
from cases.views.working import CaseList
from socialwork.access import api
from socialwork.access.listing import PAGE, list_rows
from socialwork.bench.measuring import Counted, Figure, Ratio, Work
from socialwork.bench.viewers import Viewer
from socialwork.bench.workloads import Country, Measured
from socialwork.core import crypto
from socialwork.people.dossiers import key_context
from socialwork.people.models import Juvenile
from socialwork.people.queries import with_identity

DUE = CaseList.sorts["due"]
DEEP = 40_000
# The best one can write by hand for one scope: the page's rows with the names they show, and nothing about rights.
BARE = """
SELECT c.*, j.code, i.sealed, k.wrapped, a.short_name, l.name
FROM (SELECT * FROM cases_case WHERE {scope}_id = %s AND closed_at IS NULL ORDER BY next_due_at, id LIMIT {limit}) c
JOIN people_juvenile j ON j.id = c.juvenile_id
LEFT JOIN people_identity i ON i.juvenile_id = j.id LEFT JOIN people_dossierkey k ON k.juvenile_id = j.id
JOIN organisations_organisation a ON a.id = c.agency_id JOIN accounts_user l ON l.id = c.lead_id
ORDER BY c.next_due_at, c.id
"""


def works(country: Country) -> Measured:
    for viewer in country.viewers:
        yield Work(
            "list, statement", {"ours": raw(ours(viewer)), "bare": raw(bare(viewer))}, (Ratio("ours", "bare", 2.5),),
            viewer.words,
        )
    ends = {"largest": raw(ours(country.largest)), "smallest": raw(ours(country.smallest))}
    yield Work("list, statement, by size of the viewer", ends, (Ratio("largest", "smallest", 2),))
    for viewer in country.viewers:
        page = country.page(viewer, "cases:list")
        nothing = {"ours": page, "nothing": country.page(viewer, "bench_nothing")}
        yield Work("list, page", nothing, (Ratio("ours", "nothing", 4),), viewer.words)
        # Apart: it reads so much that whatever comes next finds nothing of its own in the processor's memory.
        afternoon = {"ours": page, "afternoon": country.page(viewer, "bench_list")}
        yield Work("list, page against the afternoon", afternoon, (Ratio("afternoon", "ours", 25, least=True),), viewer.words)
        with Counted() as sent:
            page()
        yield Figure("list, statements of the page", sent.statements, 5, viewer.words)
    yield from deep(country)
    yield from around(country)


def deep(country: Country) -> Measured:
    """A page far down among all cases, the ended ones too, reached by its cursor, and the first."""
    viewer = country.largest
    after = cursor_at(viewer, min(DEEP, viewer.rows * 4 // 5))
    if not list_rows(Case, viewer.user, sort=DUE, narrow=all_cases, cursor=after).rows:
        raise RuntimeError("no page so far down")
    sides = {"deep": country.page(viewer, "cases:list", state="all", after=after), "first": country.page(viewer, "cases:list", state="all")}
    yield Work("list, row 40,000 and row 1", sides, (Ratio("deep", "first", 1.3),), viewer.words)


def around(country: Country) -> Measured:
    """What stands beside the list: filters, today, the queue of the supervisor, rights, sealed names, the interface."""
    for viewer in country.viewers:
        nothing = country.page(viewer, "bench_nothing")
        yield Work("list with a filter", {"ours": country.page(viewer, "cases:list", due="overdue"), "nothing": nothing}, (), viewer.words)
        yield Work("today", {"ours": country.page(viewer, "today"), "nothing": nothing}, (), viewer.words)
        yield Work("interface, 100 rows", {"ours": country.page(viewer, "api:list_cases", size="100"), "nothing": nothing}, (), viewer.words)
    viewer = country.largest
    cases = first_rows(viewer)
    yield from opened_names(country, viewer, [case.juvenile for case in cases])
    keys = [case.pk for case in cases]
    with Counted() as sent:
        may_see(viewer, keys)
    yield Figure("may I see these 25, statements", sent.statements, 1, viewer.words)
    asked = {"together": partial(may_see, viewer, keys), "one by one": lambda: [api.can(viewer.user, "view", case) for case in cases]}
    yield Work("may I see these 25", asked, (), viewer.words)


def opened_names(country: Country, viewer: Viewer, children: list[Juvenile]) -> Measured:
    """What it costs to decrypt the names of a page: with each cipher alone, and with all that makes them readable again."""
    page, stored = country.page(viewer, "cases:list"), [_stored(child) for child in children]
    with override_settings(CIPHER_SUITE="GM"):
        other = [_sealed_again(each) for each in stored]
    for cipher, sealed, most in (("AES", stored, 0.05), ("SM4", other, 0.15)):
        sides = {"decryption": partial(decrypted, sealed), "page": page}
        yield Work(f"names of a page decrypted, {cipher}", sides, (Ratio("decryption", "page", most),), viewer.words)
    yield Work("names of a page opened: decrypted, read, put beside their rows", {"ours": partial(with_identity, children), "page": page}, (), viewer.words)


class Sealed(NamedTuple):
    """An identity as it is stored, and the data key of its child."""

    child: UUID
    row: UUID
    wrapped: bytes
    sealed: bytes

    def key(self) -> bytes:
        return crypto.unwrap_data_key(self.wrapped, key_context(self.child))

    @property
    def place(self) -> str:
        return crypto.aad("people_identity", self.child, self.row, "sealed")


def _stored(child: Juvenile) -> Sealed:
    return Sealed(child.pk, child.identity.pk, child.dossier_key.wrapped, child.identity.sealed)


def _sealed_again(each: Sealed) -> Sealed:
    """The same under the cipher that is set now, in memory alone."""
    text, key = crypto.decrypt(each.key(), each.sealed, each.place), each.key()
    return each._replace(wrapped=crypto.wrap_data_key(key, key_context(each.child)), sealed=crypto.encrypt(key, text, each.place))


def decrypted(page: Sequence[Sealed]) -> list[bytes]:
    """Both ciphers of each row: its child's data key, and the identity with it."""
    return [crypto.decrypt(each.key(), each.sealed, each.place) for each in page]


def ours(viewer: Viewer) -> list[tuple[str, Any]]:
    """The statements with which the list of cases is read: its keys, then its rows."""
    return sent_by(lambda: first_rows(viewer))


def sent_by(act: Callable[[], Any]) -> list[tuple[str, Any]]:
    """The statements an act sends, to be sent again without the objects made of their rows."""
    caught: list[tuple[str, Any]] = []

    def catch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        caught.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(catch):
        act()
    return caught


def bare(viewer: Viewer) -> list[tuple[str, Any]]:
    return [(BARE.format(scope=viewer.scope, limit=PAGE + 1), [viewer.scope_id])]


def raw(statements: list[tuple[str, Any]]) -> Callable[[], Any]:
    """Send statements and take their rows, without an object made of them."""

    def send() -> Any:
        with connection.cursor() as cursor:
            for sql, params in statements:
                cursor.execute(sql, params)
                rows = cursor.fetchall()
        return rows

    return send


def first_rows(viewer: Viewer) -> list[Case]:
    user = viewer.user
    return list_rows(
        Case, user, sort=DUE, shape=LISTS[user.organisation.family],
        narrow=lambda arm: CaseFilter(QueryDict(), queryset=arm, workers=None).qs,
    ).rows


def may_see(viewer: Viewer, keys: list[Any]) -> set[Any]:
    return set(api.permitted(Case, viewer.user).filter(pk__in=keys).values_list("pk", flat=True))


def cursor_at(viewer: Viewer, place: int) -> str:
    """The cursor after so many rows of the person's list, as pressing "next" would have led to it."""
    from socialwork.access.listing import _cursor

    rows = Case.objects.filter(**{f"{viewer.scope}_id": viewer.scope_id}).order_by(*DUE.names)
    return _cursor("n", DUE, rows[max(place - 1, 0)])
