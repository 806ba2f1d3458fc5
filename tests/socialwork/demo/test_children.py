"""The children of the stories are written down as the forms would: codes where the product keeps codes."""
from __future__ import annotations

import pytest

from socialwork.core import vocabulary
from socialwork.demo.acts.children import _ethnicity
from socialwork.demo.loading import stories


def test_ethnic_groups_are_codes() -> None:
    told = {child.get("ethnicity", "") for story in stories() for child in story.children.values()}
    assert {"汉族"} <= told
    assert {_ethnicity(name) for name in told} - {""} <= set(vocabulary.codes("ethnicity"))
    with pytest.raises(KeyError):
        _ethnicity("火星族")
