"""What is asked for now and then: the queue of the supervisor, the board of statistics, a sheet of many rows, signing in."""
from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.models import ServiceRecord
from cases.states import RecordState
from socialwork.access.roles import Role
from socialwork.accounts.models import User
from socialwork.bench.measuring import Figure, Ratio, Row, Work
from socialwork.bench.viewers import Viewer
from socialwork.bench.workloads import Country, Measured
from socialwork.exporting import kinds
from socialwork.statistics import counting, measures
from socialwork.statistics.queries import everywhere, within

PASSWORD = "three words are better"


def works(country: Country) -> Measured:
    yield from queue(country)
    yield from board(country)
    yield sheet(country.largest)
    # Somebody who is not signed in elsewhere here: a new password ends every session.
    other = User.objects.filter(is_active=True).exclude(pk__in=country.clients).order_by("login").first()
    if other is not None:
        yield Work("sign in", {"ours": signing_in(other), "password alone": lambda: make_password(PASSWORD)})


def sheet(viewer: Viewer) -> Row:
    """Every case of the person as a sheet, the ended ones as well; made once, as the worker would."""
    begun = time.perf_counter()
    _content, rows = kinds.kind_of("cases").write(viewer.user, {"state": "all"}, (), lambda done: None)
    return Row("sheet of cases", viewer.words, {"ours": round((time.perf_counter() - begun) * 1000), "rows": rows})


def queue(country: Country) -> Measured:
    """The supervisor with the most records to read."""
    waiting = ServiceRecord.objects.filter(state=RecordState.SUBMITTED, supervisor__roles=[str(Role.SUPERVISOR)])
    first = waiting.order_by("-submitted_at").values_list("supervisor_id", flat=True).first()
    if first is None:
        return
    user = User.objects.select_related("organisation").get(pk=first)
    viewer = Viewer(user, "supervisor", waiting.filter(supervisor=user).count())
    country.clients[user.pk] = viewer.client()
    sides = {"ours": country.page(viewer, "cases:review_queue"), "nothing": country.page(viewer, "bench_nothing")}
    yield Work("queue of the supervisor", sides, (), viewer.words)


def board(country: Country) -> Measured:
    """The services of the whole country by month, kind and service in twelve months: kept counts against counting them."""
    until = timezone.localdate().replace(day=1)
    since = (until - dt.timedelta(days=360)).replace(day=1)
    differing = set(national(since, until).items()) ^ set(counted_live(since, until).items())
    yield Figure("national table, cells that differ from counting", len(differing), 0)
    sides = {"ours": lambda: national(since, until), "live": lambda: counted_live(since, until)}
    yield Work("national table of twelve months", sides, (Ratio("ours", "live", 1 / 200),))
    officer = User.objects.filter(is_active=True, roles=[str(Role.CIVIL_AFFAIRS_OFFICER)]).select_related("organisation").order_by("login").first()
    if officer is not None:
        viewer = Viewer(officer, "", 0)
        country.clients[officer.pk] = viewer.client()
        pages = {"ours": country.page(viewer, "statistics:board"), "nothing": country.page(viewer, "bench_nothing")}
        yield Work("board of statistics, page", pages)


BY = ("month", "service", "detail")
# The same from the rows: every record as a whole, and once more for each service its referral asks for.
LIVE = f"""
SELECT {counting.month("s.started_at")} AS month, line.service, CASE WHEN s.attended THEN s.kind ELSE '{measures.MISSED}' END AS detail, count(*)
FROM cases_servicerecord s JOIN cases_case c ON c.id = s.case_id JOIN referrals_referral r ON r.id = c.referral_id
CROSS JOIN LATERAL (
    SELECT '' AS service UNION ALL SELECT service_type FROM referrals_referralservice WHERE referral_id = r.id
) line
WHERE s.started_at >= %(since)s AND {counting.month("s.started_at")} BETWEEN %(first)s AND %(last)s
GROUP BY 1, 2, 3
"""


def national(since: dt.date, until: dt.date) -> Mapping[tuple[Any, ...], int]:
    return everywhere(BY, within([measures.RECORDS], since, until))


def counted_live(since: dt.date, until: dt.date) -> Mapping[tuple[Any, ...], int]:
    begins = dt.datetime.combine(since, dt.time(), tzinfo=timezone.get_default_timezone())
    with connection.cursor() as cursor:
        cursor.execute(LIVE, {"zone": settings.TIME_ZONE, "since": begins, "first": since, "last": until})
        return {(month, service, detail): number for month, service, detail, number in cursor.fetchall()}


def signing_in(user: User) -> Callable[[], Any]:
    """Password, session, first page: most of it is the password, which is slow on purpose."""
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    address = reverse("accounts:sign_in")

    def sign_in() -> Any:
        answer = Client().post(address, {"username": user.login, "password": PASSWORD})
        if answer.status_code != 302:
            raise RuntimeError(f"{address} answers {answer.status_code}")
        return answer

    return sign_in
