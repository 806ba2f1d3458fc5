"""Whoever opens an account never learns the password; a one-time password opens nothing but the page to choose one."""
from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from socialwork.accounts import services
from socialwork.accounts.models import AccessToken, User
from socialwork.audit.models import Event
from socialwork.core.errors import DomainError, Moved, NotVisible, NotYours
from tests import cast

OWN = "晨跑 之后 喝豆浆 再 写记录 呀"


def open_account(world, **more):
    facts = {
        "organisation": world.east_agency, "by": world.manager, "at": timezone.now(), "login": "Meng.Xinlai",
        "name": "孟新来", "roles": ["social_worker"], **more,
    }
    return services.open_account(**facts)


def sign_in_with(login, password):
    client = Client()
    return client, client.post(reverse("accounts:sign_in"), {"username": login, "password": password})


def test_the_first_sign_in_leads_to_choosing_a_password_and_nowhere_else(world):
    opened = open_account(world)
    assert opened.person.login == "meng.xinlai" and opened.person.staff is not None
    client, answer = sign_in_with("meng.xinlai", opened.password)
    assert answer.headers["Location"] == reverse("accounts:choose_password")
    assert client.get("/").headers["Location"].startswith(reverse("accounts:sign_in"))
    chosen = client.post(reverse("accounts:choose_password"), {"new_password1": OWN, "new_password2": OWN})
    assert chosen.headers["Location"] == "/"
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert sign_in_with("meng.xinlai", opened.password)[1].status_code == 200
    assert sign_in_with("meng.xinlai", OWN)[1].status_code == 302


def test_a_one_time_password_runs_out_and_is_used_once(world):
    opened = open_account(world)
    services.choose_password(person=opened.person, at=timezone.now(), password=OWN)
    with pytest.raises(Moved):
        services.choose_password(person=opened.person, at=timezone.now(), password=OWN)
    late = open_account(world, login="late.person", at=timezone.now() - dt.timedelta(hours=73))
    _client, answer = sign_in_with("late.person", late.password)
    assert answer.status_code == 200
    with pytest.raises(Moved):
        services.choose_password(person=late.person, at=timezone.now(), password=OWN)


def test_the_page_shows_the_password_once(world, sign_in):
    client = sign_in(world.manager)
    address = reverse("accounts:open_account", args=[world.east_agency.pk])
    body = {"name": "孟新来", "login": "meng.xinlai", "roles": ["social_worker"], "_key": str(uuid4())}
    first, again = client.post(address, body), client.post(address, body)
    person = User.objects.get(login="meng.xinlai")
    assert person.check_password(first.context["secret"])
    assert again.status_code == 200 and again.context["secret"] is None
    assert first.context["secret"] not in client.get(person.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "roles", [[], ["auditor"], ["system_operator"], ["organ_admin"], ["prosecutor"], ["social_worker", "civil_affairs_officer"]]
)
def test_roles_nobody_of_an_agency_may_give(world, roles):
    with pytest.raises(DomainError) as refusal:
        open_account(world, roles=roles)
    assert refusal.value.field == "roles"
    assert not User.objects.filter(login="meng.xinlai").exists()


def test_a_sign_in_name_is_taken_once(world):
    with pytest.raises(DomainError) as refusal:
        open_account(world, login="worker")
    assert refusal.value.field == "login"


def test_accounts_are_opened_in_the_own_organisation_only(world):
    with pytest.raises(NotVisible):
        open_account(world, by=world.manager_elsewhere)
    with pytest.raises(NotYours):
        open_account(world, by=world.worker)


def test_a_new_one_time_password_ends_sessions_and_keys(world, sign_in):
    client = sign_in(world.worker)
    AccessToken.objects.create(user=world.worker, digest=AccessToken.digest_of("key"))
    services.renew_password(person=world.worker, by=world.manager, at=timezone.now())
    assert client.get("/").headers["Location"].startswith(reverse("accounts:sign_in"))
    assert not AccessToken.objects.filter(user=world.worker).exists()
    with pytest.raises(NotYours):
        services.renew_password(person=world.manager, by=world.manager, at=timezone.now())


def test_a_key_needs_the_password_and_replaces_the_one_before(world):
    world.worker.set_password(OWN)
    world.worker.save()
    with pytest.raises(DomainError) as refusal:
        services.create_token(person=world.worker, by=world.worker, at=timezone.now(), password="wrong")
    assert refusal.value.field == "password"
    first = services.create_token(person=world.worker, by=world.worker, at=timezone.now(), password=OWN)
    second = services.create_token(person=world.worker, by=world.worker, at=timezone.now(), password=OWN)
    assert [bytes(token.digest) for token in AccessToken.objects.filter(user=world.worker)] == [AccessToken.digest_of(second)]
    assert first != second
    services.revoke_token(person=world.worker, by=world.worker, at=timezone.now())
    with pytest.raises(Moved):
        services.revoke_token(person=world.worker, by=world.worker, at=timezone.now())
    assert first not in str(list(Event.objects.values_list("facts", flat=True)))


def test_the_first_operator_is_made_at_the_machine_and_only_once(world, capsys):
    arguments = {"name": "纪新", "organisation": "运行中心", "district": cast.EAST}
    with pytest.raises(CommandError):
        call_command("create_operator", "ji.xin", **arguments)
    User.objects.filter(login="operator_person").update(is_active=False)
    with pytest.raises(CommandError):
        call_command("create_operator", "JI XIN", **arguments)
    with pytest.raises(CommandError):
        call_command("create_operator", "ji.xin", **{**arguments, "district": "000000"})
    call_command("create_operator", "ji.xin", **arguments)
    person = User.objects.get(login="ji.xin")
    assert person.roles == ["system_operator"]
    assert person.check_password(capsys.readouterr().out.split()[-1])


def test_the_hints_speak_to_the_person_with_respect():
    with translation.override("zh-hans"):
        hints = " ".join(password_validators_help_texts())
        wrong = PasswordChangeForm.error_messages["password_incorrect"]
        assert "您的密码" in hints and "你" not in f"{hints} {wrong}"
