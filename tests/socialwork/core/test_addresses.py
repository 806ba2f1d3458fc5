from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse, set_script_prefix

from socialwork.core.addresses import address_of


@pytest.mark.parametrize("name", ["cases:detail", "referrals:detail", "cases:record"])
def test_it_is_what_reverse_gives_under_any_prefix(name):
    pk = uuid4()
    try:
        for prefix in ("/", "/office/"):
            set_script_prefix(prefix)
            assert address_of(name, pk) == reverse(name, args=[pk])
            assert address_of(name, pk).startswith(prefix)
    finally:
        set_script_prefix("/")
