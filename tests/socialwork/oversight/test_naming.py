"""The record of acts speaks in words: every act, page and thing of the program has some, in both languages."""
from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from socialwork.access.policy import registered
from socialwork.access.views import Page
from socialwork.audit.models import Event
from socialwork.oversight import naming
from socialwork.oversight.presenters import act_rows
from socialwork.oversight.wording import TARGETS
from tests import cast
from tests.access.test_matrix import routes

VERB = re.compile(r"[a-z_]+\.[a-z_]+")
# Not seen by people: asked by machines.
MACHINES = {"livez", "readyz", "set_language"}


def verbs_of_the_code() -> set[str]:
    """What is recorded somewhere: first arguments of `record`, arrows of state machines, and constants of services that
    look like one."""
    found = {step.verb for policy in registered().values() if policy.machine for step in policy.machine.transitions.values()}
    models = {model._meta.label_lower for model in registered()} | set(TARGETS)
    things = {verb.partition(".")[0] for verb in naming.act_labels()}
    for folder in ("socialwork", "cases", "referrals"):
        for path in (Path(settings.BASE_DIR) / folder).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "record":
                    found |= {arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant) and VERB.fullmatch(str(arg.value))}
                elif "services" in path.parts and isinstance(node, ast.Constant) and VERB.fullmatch(str(node.value)):
                    found |= {node.value} if node.value.partition(".")[0] in things and node.value not in models else set()
    return found


def test_every_act_has_words(db: None) -> None:
    labels = naming.act_labels()
    assert verbs_of_the_code() - set(labels) == set()
    for verb in labels:
        assert naming.thing_of(verb)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_has_words(db: None, language: str) -> None:
    with translation.override(language):
        said = {name: naming.page_label(name) for name, _entry in routes() if name not in MACHINES}
    silent = sorted(name for name, words in said.items() if not words or words == name or re.fullmatch(r"[a-z_:]+", words))
    assert silent == []
    if language == "zh-hans":
        assert sorted(name for name, words in said.items() if not re.search(r"[\u4e00-\u9fff]", words)) == []


def test_every_thing_has_words(db: None) -> None:
    models = {view.model._meta.label_lower for view in naming.pages().values() if issubclass(view, Page)}
    assert models - set(TARGETS) == set()


def test_the_auditor_reads_words_and_filters_by_codes(world, sign_in):
    cast.opened(world)
    client = sign_in(world.auditor)
    rows = [cell for row in act_rows(Event.objects.all()) for cell in row["cells"][:3]]
    assert not [cell for cell in rows if VERB.search(str(cell))]
    page = client.get(reverse("oversight:acts")).content.decode()
    assert 'value="referral.submitted"' in page and not re.findall(r">[^<>]*\b[a-z_]+\.[a-z_]+\b[^<>]*</option>", page)
    # Forms opened and refusals are named as well.
    sign_in(world.prosecutor).get(reverse("people:find"))
    sign_in(world.prosecutor).get(reverse("people:register_juvenile"))
    page = client.get(reverse("oversight:readings")).content.decode()
    assert "打开办理页" in page and "登记未成年人" in page and "people:register_juvenile" not in page
