"""Typed text is never lost, and nothing is done twice."""
from __future__ import annotations

import time
from uuid import uuid4

import pytest
from django.db.models import QuerySet
from django.http import QueryDict

from socialwork.core import idempotency
from socialwork.core.drafts import NewerText, discard_draft, load_draft, save_draft
from socialwork.core.errors import DomainError
from socialwork.core.idempotency import Done, KeyReused, once
from socialwork.core.models import FormDraft, IdempotencyKey
from socialwork.core.together import insert, together, update
from tests.socialwork.organisations.races import at_once, committed_world


def body(**values: str) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data[name] = value
    return data


TEXTS = ["𠮷野家·阿卜杜拉 😀", "=1+1", "长" * 100_000, "第一行\n第二行\t制表", "' OR 1=1 --"]


@pytest.mark.parametrize("text", TEXTS, ids=["rare", "formula", "long", "lines", "quotes"])
def test_what_was_typed_comes_back_letter_by_letter(world, text):
    thing = uuid4()
    save_draft(user=world.worker, form="log_contact", object_id=thing, body=body(summary=text, csrfmiddlewaretoken="x"))
    draft = load_draft(user=world.worker, form="log_contact", object_id=thing)
    assert draft.data["summary"] == text
    assert "csrfmiddlewaretoken" not in draft.data


def test_a_draft_is_not_readable_in_the_database(world):
    save_draft(user=world.worker, form="log_contact", object_id=uuid4(), body=body(summary="林小舟的情况"))
    stored = bytes(FormDraft.objects.get().payload)
    assert "林小舟".encode() not in stored


def test_a_draft_belongs_to_its_author(world):
    thing = uuid4()
    save_draft(user=world.worker, form="log_contact", object_id=thing, body=body(summary="甲"))
    assert load_draft(user=world.second, form="log_contact", object_id=thing) is None


def test_a_second_tab_does_not_overwrite_a_newer_text(world):
    thing, who = uuid4(), {"user": world.worker, "form": "log_contact"}
    first = save_draft(**who, object_id=thing, body=body(summary="甲"), tab="one")
    save_draft(**who, object_id=thing, body=body(summary="乙"), tab="two", seen=first.saved_at.isoformat())
    with pytest.raises(NewerText) as newer:
        save_draft(**who, object_id=thing, body=body(summary="丙"), tab="one", seen=first.saved_at.isoformat())
    assert newer.value.saved.data["summary"] == "乙"
    assert load_draft(**who, object_id=thing).data["summary"] == "乙"


def test_a_save_that_arrives_late_does_not_bring_the_older_text_back(world):
    thing, who = uuid4(), {"user": world.worker, "form": "log_contact"}
    save_draft(**who, object_id=thing, body=body(summary="甲乙"), tab="one", order=2)
    late = save_draft(**who, object_id=thing, body=body(summary="甲"), tab="one", order=1)
    assert late.data["summary"] == load_draft(**who, object_id=thing).data["summary"] == "甲乙"
    save_draft(**who, object_id=thing, body=body(summary="甲乙丙"), tab="one", order=3)
    # A tab that counts anew has another name; one that does not count is taken as it comes.
    save_draft(**who, object_id=thing, body=body(summary="丁"), tab="one")
    assert load_draft(**who, object_id=thing).data["summary"] == "丁"


@pytest.mark.django_db(transaction=True)
def test_a_first_save_that_another_overtook_is_kept_as_well(monkeypatch):
    """A page that is left while its first save is on the way saves once more: both find no draft yet."""
    thing, who, look = uuid4(), {"user": committed_world().worker, "form": "log_activity"}, QuerySet.first

    def overtaken(rows):
        monkeypatch.setattr(QuerySet, "first", look)
        found = rows.first()
        assert at_once(lambda: save_draft(**who, object_id=thing, body=body(summary="甲"), tab="one")) == ["done"]
        return found

    monkeypatch.setattr(QuerySet, "first", overtaken)
    save_draft(**who, object_id=thing, body=body(summary="甲乙"), tab="one")
    assert load_draft(**who, object_id=thing).data["summary"] == "甲乙"


def test_a_carried_out_form_leaves_no_draft(world):
    thing = uuid4()
    save_draft(user=world.worker, form="log_contact", object_id=thing, body=body(summary="甲"))
    discard_draft(user=world.worker, form="log_contact", object_id=thing)
    assert load_draft(user=world.worker, form="log_contact", object_id=thing) is None


def test_the_same_submission_twice_is_done_once(world):
    key, acts = uuid4(), []

    def act() -> Done:
        acts.append(1)
        return Done(location="/done/")

    first = once(user=world.worker, key=key, route="x", body=b"same", act=act)
    again = once(user=world.worker, key=key, route="x", body=b"same", act=act)
    assert (first.location, first.repeated, again.location, again.repeated) == ("/done/", False, "/done/", True)
    assert acts == [1]


def test_a_used_key_with_another_content_is_refused(world):
    key = uuid4()
    once(user=world.worker, key=key, route="x", body=b"one", act=lambda: Done("/"))
    with pytest.raises(KeyReused):
        once(user=world.worker, key=key, route="x", body=b"two", act=lambda: Done("/"))


def test_a_refused_act_leaves_the_key_free(world):
    key = uuid4()

    def refuse() -> Done:
        raise DomainError("no", code="no")

    with pytest.raises(DomainError):
        once(user=world.worker, key=key, route="x", body=b"one", act=refuse)
    assert not IdempotencyKey.objects.exists()
    assert once(user=world.worker, key=key, route="x", body=b"one", act=lambda: Done("/")).repeated is False


@pytest.mark.django_db(transaction=True)
def test_a_second_submission_waits_for_the_first_and_gets_its_answer():
    """A double click on a slow line: the second must not begin while the first still works."""
    user, key, acts, answers = committed_world().worker, uuid4(), [], []

    def act() -> Done:
        acts.append(1)
        time.sleep(0.3)
        return Done(location=f"/{len(acts)}/")

    def submit() -> None:
        answers.append(once(user=user, key=key, route="x", body=b"same", act=act))

    assert at_once(submit, submit) == ["done", "done"]
    assert acts == [1]
    assert sorted((done.location, done.repeated) for done in answers) == [("/1/", False), ("/1/", True)]


@pytest.mark.parametrize("ending", ["carried out", "refused"])
def test_who_was_overtaken_unseen_gets_the_answer_of_the_other(world, monkeypatch, ending):
    """Between the look for an earlier answer and the lock another request may have finished."""
    who = {"user": world.worker, "key": uuid4(), "route": "x", "body": b"same"}
    once(**who, act=lambda: Done("/theirs/"))
    monkeypatch.setattr(idempotency, "_done_before", lambda mark: False)

    def act() -> Done:
        if ending == "refused":
            raise DomainError("moved", code="moved")
        return Done("/mine/")

    done = once(**who, act=act)
    assert (done.location, done.repeated) == ("/theirs/", True)


def test_what_is_held_back_is_sent_as_one_statement_and_nothing_when_the_act_fails(world, django_assert_num_queries):
    thing, mark = uuid4(), {"user": world.worker, "route": "x", "body_hash": b"1"}
    save_draft(user=world.worker, form="log_contact", object_id=thing, body=body(summary="甲"))
    with django_assert_num_queries(1), together():
        discard_draft(user=world.worker, form="log_contact", object_id=thing)
        with together():
            insert(IdempotencyKey(key=uuid4(), **mark))
        update(FormDraft(tab="two"), "tab")
    assert (FormDraft.objects.count(), IdempotencyKey.objects.count()) == (0, 1)
    with django_assert_num_queries(0), pytest.raises(DomainError), together():
        insert(IdempotencyKey(key=uuid4(), **mark))
        raise DomainError("no", code="no")
    with django_assert_num_queries(1):
        insert(IdempotencyKey(key=uuid4(), **mark))
