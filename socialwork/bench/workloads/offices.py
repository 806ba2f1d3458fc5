"""What is asked for now and then: the queue of the supervisor, the board of statistics, a sheet of many rows, signing in."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

from cases.models import ServiceRecord
from cases.states import RecordState
from socialwork.access.roles import Role
from socialwork.accounts.models import User
from socialwork.bench.measuring import Work
from socialwork.bench.viewers import Viewer
from socialwork.bench.workloads import Country, Measured
from socialwork.exporting import kinds

PASSWORD = "three words are better"


def works(country: Country) -> Measured:
    yield from queue(country)
    viewer = country.largest
    kind = kinds.kind_of("cases")
    yield Work("sheet of cases", {"ours": lambda: kind.write(viewer.user, {}, (), lambda done: None)}, (), viewer.words)
    # Somebody who is not signed in elsewhere here: a new password ends every session.
    other = User.objects.filter(is_active=True).exclude(pk__in=country.clients).order_by("login").first()
    if other is not None:
        yield Work("sign in", {"ours": signing_in(other), "password alone": lambda: make_password(PASSWORD)})


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
