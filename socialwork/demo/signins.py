"""One sign-in for each role of the demonstration."""
from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.utils import translation

from socialwork.access.roles import Role
from socialwork.accounts.models import User
from socialwork.demo.institutions import PASSWORD
from socialwork.demo.words import read, say


def signins() -> Iterator[str]:
    """Lines to print: of each role the first person of the file who may sign in, with login and password."""
    logins = [entry["login"] for entry in read(settings.DEMO_DIR / "people.toml")["staff"]]
    people = {
        user.login: user
        for user in User.objects.filter(login__in=logins, is_active=True).select_related("organisation")
    }
    with translation.override(settings.LANGUAGE_CODE):
        yield say("signins")
        for role in Role:
            holder = next((people[login] for login in logins if login in people and role in people[login].roles), None)
            if holder is not None:
                yield say(
                    "signin", role=role.label, name=holder.name, organisation=holder.organisation.short_name,
                    login=holder.login, password=PASSWORD,
                )
