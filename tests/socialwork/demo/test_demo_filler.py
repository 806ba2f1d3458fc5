"""The referrals beside the stories as they are made up: nobody in them can exist, and no two read alike."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.conf import settings

from socialwork.demo.filler.diary import minutes
from socialwork.demo.filler.making import further_matters
from socialwork.demo.loading import stories
from socialwork.demo.stage import RECORD_CONSENT, Story
from socialwork.demo.words import read

MOST_ALIKE = 2


@cache
def filler() -> Story:
    return further_matters(stories())


def said(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from said(item)
    elif isinstance(value, list):
        for item in value:
            yield from said(item)


def test_it_is_the_same_every_time() -> None:
    again = further_matters(stories())
    assert (again.children, again.matters, again.acts) == (filler().children, filler().matters, filler().acts)
    assert 55 <= len(filler().matters) <= 80


def test_nothing_lies_ahead_and_the_years_are_covered() -> None:
    days = [act["day"] for act in filler().acts]
    assert max(days) < 0
    assert min(days) < -600
    for act in filler().acts:
        assert "start" not in act or minutes(act["start"]) < minutes(act["end"]) <= minutes(act["time"])


def test_every_act_has_the_fields_of_its_verb() -> None:
    # The stories hold no cancelled case, so their schema has no shape for it.
    verbs = {**read(settings.DEMO_DIR / "schema.toml")["verbs"], "cancel_case": {"required": ["case", "records"]}}
    for act in filler().acts:
        if act["verb"] != RECORD_CONSENT:
            assert set(verbs[act["verb"]]["required"]) <= set(act), act["verb"]


def test_names_and_numbers_are_nobodys() -> None:
    people = [person for child in filler().children.values() for person in [child, *child["guardians"]]]
    children = [child for story in stories() for child in story.children.values()]
    told = [person for child in children for person in [child, *child["guardians"]]]
    staff = [entry["name"] for entry in read(settings.DEMO_DIR / "people.toml")["staff"]]
    names = Counter([*staff, *(person["name"] for person in [*told, *people])])
    assert [name for name, count in names.items() if count > 1] == []
    phones = [person["phone"] for person in [*told, *people]]
    assert len(set(phones)) == len(phones)
    assert [phone for phone in phones if not re.fullmatch("100[0-9]{8}", phone)] == []


def test_no_text_calls_anybody_by_name_and_all_are_respectful() -> None:
    texts = list(said(filler().acts)) + list(said([matter["facts"] for matter in filler().matters.values()]))
    people = [person["name"] for child in filler().children.values() for person in [child, *child["guardians"]]]
    for text in texts:
        assert not [name for name in people if name in text]
        assert not [word for word in ("罪犯", "犯人", "问题少年", "失足", "坏孩子", "{") if word in text]


def test_no_two_files_read_alike() -> None:
    records = Counter(act["summary"] for act in filler().acts if act["verb"] in {"log_contact", "log_interview"})
    events = Counter(matter["facts"][0]["text"] for matter in filler().matters.values() if "previous" not in matter)
    assert [text for text, count in records.items() if count > MOST_ALIKE] == []
    assert [text for text, count in events.items() if count > 1] == []
    assert sum(count > 1 for count in records.values()) <= len(records) // 3
