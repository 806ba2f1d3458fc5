"""Today: what must be done by this person, and nothing that is not theirs."""
from __future__ import annotations

import pytest

from tests import cast


def test_the_intake_officer_is_asked_to_answer(world, sign_in):
    referral = cast.issued(world)
    page = sign_in(world.intake).get("/")
    assert page.status_code == 200
    assert [act["action"]["url"] for act in page.context["acts"]] == [referral.get_absolute_url()]


@pytest.mark.parametrize("login", ["colleague", "manager_elsewhere", "civil_affairs", "auditor", "operator_person", "worker"])
def test_nobody_else_is_asked(world, sign_in, login):
    cast.issued(world)
    page = sign_in(world.people[login]).get("/")
    assert page.status_code == 200
    assert page.context["acts"] == []
