"""The first account of an installation: ``manage.py create_operator zhang.san --name … --organisation … --district 370400``.

Prints a one-time password once. Everybody else gets an account through the pages.
"""
from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from socialwork.accounts import services
from socialwork.accounts.forms import login_shape
from socialwork.core.errors import DomainError
from socialwork.organisations.models import District


class Command(BaseCommand):
    help = "Create the first operator of the system and print a one-time password. Refused once there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login", help="sign-in name: small letters, digits, dots")
        parser.add_argument("--name", required=True, help="the person's name")
        parser.add_argument("--organisation", required=True, help="who operates the system")
        parser.add_argument("--district", required=True, help="GB/T 2260 code of six digits, e.g. 370400")

    def handle(self, *args: Any, **options: Any) -> None:
        district = District.objects.filter(pk=options["district"]).first()
        if district is None:
            raise CommandError(f"there is no district {options['district']}; run load_reference first, then give a code of it")
        if not login_shape.regex.fullmatch(options["login"]):
            raise CommandError("a sign-in name has three to sixty small letters, digits, dots or hyphens")
        try:
            opened = services.create_operator(
                at=timezone.now(), login=options["login"], name=options["name"],
                organisation_name=options["organisation"], district=district,
            )
        except DomainError as refusal:
            raise CommandError(str(refusal.message)) from refusal
        self.stdout.write(f"Sign in as {opened.person.login} within 72 hours with the one-time password {opened.password}")
