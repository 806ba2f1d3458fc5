"""Finding a child by two characters of a name or by a number, while the database holds neither in clear."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import reverse

from cases.models import Case
from socialwork.bench.measuring import Ratio, Work
from socialwork.bench.viewers import Viewer
from socialwork.bench.workloads import Country, Measured
from socialwork.bench.workloads.lists import raw, sent_by
from socialwork.people import queries
from socialwork.people.dossiers import open_dossier
from socialwork.people.models import SearchToken

EXACT = "SELECT juvenile_id FROM people_identity WHERE number_index = %s ORDER BY juvenile_id LIMIT 25"


def works(country: Country) -> Measured:
    for viewer in country.viewers:
        yield from by_name(country, viewer)


def by_name(country: Country, viewer: Viewer) -> Iterator[Work]:
    """Two characters and a whole number of a child whom the viewer works for."""
    case = Case.objects.filter(**{f"{viewer.scope}_id": viewer.scope_id}).select_related("juvenile__identity").order_by("id").first()
    assert case is not None
    identity = case.juvenile.identity
    open_dossier(case.juvenile_id).read(identity)
    name, number = identity.text["name"][:2], identity.text["id_number"]
    scope = viewer.user.organisation_id
    if not SearchToken.objects.filter(scope_id=scope, juvenile_id=case.juvenile_id).exists():
        return
    ours = raw(sent_by(lambda: queries._candidates(scope, name)))
    statements = {"ours": ours, "exact": raw([(EXACT, [bytes(identity.number_index)])])}
    yield Work("find by two characters, statement", statements, (Ratio("ours", "exact", 2),), viewer.words)
    pages = {
        "ours": search(country, viewer, name), "by number": search(country, viewer, number),
        "afternoon": country.page(viewer, "bench_list", q=case.number[-6:]), "nothing": country.page(viewer, "bench_nothing"),
    }
    yield Work("find, page", pages, (Ratio("afternoon", "ours", 30, least=True),), viewer.words)


def search(country: Country, viewer: Viewer, text: str) -> Callable[[], Any]:
    client, address = country.clients[viewer.user.pk], reverse("people:find")

    def ask() -> Any:
        answer = client.post(address, {"q": text})
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answers {answer.status_code}")
        return answer

    return ask
