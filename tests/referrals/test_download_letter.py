"""The letters as they were issued: right words, right hash, only for those whose matter it is."""
from __future__ import annotations

import hashlib
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from docx import Document

from referrals.models import IssuedDocument
from referrals.services.letters import article_numeral
from socialwork.audit.models import Access
from socialwork.files.models import StoredFile
from socialwork.files.services import DamagedFile, open_file
from socialwork.people.dossiers import open_dossier
from tests import cast


def address(row, *kind):
    return reverse("referrals:download_letter", args=[row.pk, *kind])


def words_of(content):
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_the_letter_says_what_was_shared_and_nothing_else(world, sign_in):
    row = cast.issued(world, services=("social_investigation", "psych_counselling"))
    response = sign_in(world.intake).get(address(row))
    text = words_of(response.content)
    for said in (
        row.number, "关于委托开展社会调查等服务的函", "启航社工中心", row.juvenile.code, "林小舟", "抢夺罪", "取保候审",
        "夺取路人挎包", "了解成长经历", "《中华人民共和国刑事诉讼法》第二百七十九条", "东检社协〔2026〕1号", "方检察官",
    ):
        assert said in text, said
    assert "同案人员姓名" not in text


def test_it_is_sent_as_a_file_that_nobody_opens_in_the_browser(world, sign_in):
    row = cast.issued(world)
    response = sign_in(world.prosecutor).get(address(row))
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Type"].endswith("wordprocessingml.document")
    assert "林" not in response.headers["Content-Disposition"]


def test_the_hash_is_that_of_the_file_and_the_disk_holds_no_clear_text(world, sign_in, letters):
    row = cast.issued(world)
    document = IssuedDocument.objects.get(referral=row)
    content = sign_in(world.prosecutor).get(address(row)).content
    assert document.file.sha256 == hashlib.sha256(content).hexdigest()
    stored = (letters / document.file.path).read_bytes()
    assert not stored.startswith(b"PK") and content[:200] not in stored


def test_a_file_that_was_changed_on_the_disk_is_not_handed_out(world, sign_in, letters):
    row = cast.issued(world)
    file = StoredFile.objects.get()
    place = letters / file.path
    place.write_bytes(place.read_bytes()[:-1] + b"x")
    with pytest.raises(DamagedFile):
        open_file(file, dossier=open_dossier(row.juvenile_id))
    assert sign_in(world.prosecutor).get(address(row)).status_code == 500
    place.unlink()
    with pytest.raises(DamagedFile):
        open_file(file, dossier=open_dossier(row.juvenile_id))


def test_it_stays_as_it_was_issued(world, sign_in):
    row = cast.issued(world)
    before = sign_in(world.prosecutor).get(address(row)).content
    row.organ.name = "另一个名字的检察院"
    row.organ.save()
    assert sign_in(world.prosecutor).get(address(row)).content == before


def test_letters_are_chinese_on_an_english_screen(world):
    with translation.override("en"):
        row = cast.issued(world)
    file = IssuedDocument.objects.get(referral=row).file
    assert file.name == f"委托函-{row.number}.docx"
    assert "服务对象编号" in words_of(open_file(file, dossier=open_dossier(row.juvenile_id)))


def test_the_acknowledgement_names_the_two_workers(world, sign_in):
    row = cast.opened(world).referral
    text = words_of(sign_in(world.prosecutor).get(address(row, "F03")).content)
    assert "■接受委托" in text and world.worker.name in text and world.second.name in text


@pytest.mark.parametrize("person", ["colleague", "clerk", "prosecutor_elsewhere", "manager_elsewhere", "civil_affairs", "auditor", "worker"])
def test_for_others_it_does_not_exist(world, sign_in, person):
    assert sign_in(world.people[person]).get(address(cast.issued(world))).status_code == 404


def test_there_is_no_letter_before_it_was_sent(world, sign_in):
    assert sign_in(world.prosecutor).get(address(cast.submitted(world))).status_code == 403
    sent = cast.issued(world)
    for kind in ("F03", "F09", "x"):
        assert sign_in(world.prosecutor).get(address(sent, kind)).status_code == 404


def test_every_download_is_recorded_once(world, sign_in):
    row = cast.issued(world)
    sign_in(world.intake).get(address(row))
    entry = Access.objects.get(action="downloaded")
    assert (entry.actor_id, entry.thread_id, entry.detail) == (world.intake.pk, row.pk, "F02")


@pytest.mark.parametrize(
    ("number", "words"),
    [(3, "三"), (10, "十"), (17, "十七"), (99, "九十九"), (100, "一百"), (103, "一百零三"), (115, "一百一十五"), (279, "二百七十九"), (310, "三百一十")],
)
def test_articles_are_numbered_as_in_law(number, words):
    with translation.override("zh-hans"):
        assert article_numeral(number) == words


def test_the_time_of_an_urgent_answer_stands_in_the_letter(world, sign_in):
    row = cast.issued(world, urgency="urgent")
    text = words_of(sign_in(world.intake).get(address(row)).content)
    due = timezone.localtime(row.next_due_at)
    assert "加急" in text and f"{due.hour}时{due.minute:02d}分" in text
