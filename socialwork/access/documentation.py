"""Pages that are made from the code they describe: roles and what each may do, states and their arrows."""
from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation

from socialwork.access.policy import registered
from socialwork.access.roles import FAMILY_OF_ROLE, PARAGRAPHS, Role

NOTE = "Made by `manage.py write_docs` from the code; a test compares. Do not edit.\n"


def roles_page() -> str:
    """docs/roles.md: every role with its paragraph, in English and Chinese."""
    lines = ["# Roles", "", NOTE]
    for role in Role:
        family = FAMILY_OF_ROLE[role]
        lines += [f"## {_english(role.label)} · {_chinese(role.label)} (`{role}`)", ""]
        lines += [f"Held in: {_english(family.label) if family else 'any organisation'}.", ""]
        lines += [_english(PARAGRAPHS[role]), "", _chinese(PARAGRAPHS[role]), ""]
    return "\n".join(lines)


def states_page() -> str:
    """docs/states.md: one table of arrows per state machine."""
    lines = ["# States", "", NOTE]
    for model, policy in sorted(registered().items(), key=lambda item: item[0]._meta.label):
        if policy.machine is None:
            continue
        states = model._meta.get_field("state").choices
        lines += [f"## {model.__name__}", "", _english(f"{(model.__doc__ or '').strip().splitlines()[0]}"), ""]
        lines += ["| state | on the screen |", "|---|---|"]
        lines += [f"| `{code}` | {_chinese(label)} |" for code, label in states]
        lines += ["", "| verb | button | from | to | who | needs | event |", "|---|---|---|---|---|---|---|"]
        for step in policy.machine.transitions.values():
            sources = ", ".join(f"`{source}`" for source in sorted(step.sources))
            lines.append(
                f"| `{step.name}` | {_chinese(step.label)} | {sources} | `{step.target}` | {', '.join(step.actors)} "
                f"| {_english(step.needs)} | `{step.verb}` |"
            )
        lines.append("")
    return "\n".join(lines)


def pages() -> dict[str, str]:
    """Every generated page by its path under the project."""
    return {"socialwork/docs/roles.md": roles_page(), "socialwork/docs/states.md": states_page()}


def _english(text: Any) -> str:
    with translation.override("en"):
        return str(text)


def _chinese(text: Any) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return str(text)
