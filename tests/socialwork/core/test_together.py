"""What an act leaves to the end is written with the key of its submission, and not at all when the act fails."""
from __future__ import annotations

from copy import copy
from uuid import uuid4

import pytest

from socialwork.accounts.models import User
from socialwork.core import together
from socialwork.core.errors import DomainError
from socialwork.core.idempotency import Done, once


def rename(user, name, *, to_the_end=True):
    renamed = copy(user)
    renamed.name = name
    with together.together(to_the_end=to_the_end):
        together.update(renamed, "name")


def name_of(user):
    return User.objects.values_list("name", flat=True).get(pk=user.pk)


def submit(user, act):
    return once(user=user, key=uuid4(), route="test", body=b"", act=act)


def test_outside_a_submission_it_is_written_at_once(world):
    rename(world.worker, "改名")
    assert name_of(world.worker) == "改名"


def test_it_waits_for_the_key_of_the_submission(world):
    seen, before = [], name_of(world.worker)

    def act():
        rename(world.worker, "改名")
        rename(world.prosecutor, "另名", to_the_end=False)
        seen.extend(map(name_of, (world.worker, world.prosecutor)))
        return Done(location="/")

    submit(world.worker, act)
    assert seen == [before, "另名"] and name_of(world.worker) == "改名"


def test_nothing_is_left_of_an_act_that_fails(world):
    before = name_of(world.worker)

    def act():
        rename(world.worker, "改名")
        raise DomainError("否")

    with pytest.raises(DomainError):
        submit(world.worker, act)
    assert name_of(world.worker) == before
    rename(world.worker, "以后")
    assert name_of(world.worker) == "以后"
