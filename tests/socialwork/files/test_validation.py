"""What may be filed and what may not: every file of the corpus by itself, and what is left of those that are taken."""
from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from socialwork.files.fields import PaperField
from socialwork.files.validation import KINDS, PAPERS, SCANS, Paper, as_one_paper, check_upload
from tests.socialwork.files import corpus


@pytest.mark.parametrize("name", corpus.WELCOME)
def test_takes(name: str) -> None:
    called, content = corpus.WELCOME[name]()

    paper = check_upload(name=called, content=content, kinds=PAPERS)

    assert paper.content.startswith(KINDS[paper.kind].begins)
    assert corpus.SECRET_PLACE not in paper.content
    # What was taken once is taken again.
    assert check_upload(name=f"a{paper.suffix}", content=paper.content, kinds=PAPERS).kind == paper.kind


@pytest.mark.parametrize("name", corpus.REFUSED)
def test_refuses(name: str) -> None:
    called, content, reason = corpus.REFUSED[name]()

    with pytest.raises(ValidationError) as refusal:
        check_upload(name=called, content=content, kinds=PAPERS)

    assert refusal.value.code == reason
    assert called not in refusal.value.messages[0] or not called


def test_a_letter_is_no_scan() -> None:
    with pytest.raises(ValidationError) as refusal:
        check_upload(name="a.docx", content=corpus.docx(), kinds=SCANS)

    assert refusal.value.code == "type" and "PDF" in refusal.value.messages[0]


def test_size(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    with pytest.raises(ValidationError) as refusal:
        check_upload(name="a.pdf", content=corpus.pdf(stream=b" " * 1024 * 1024))

    assert refusal.value.code == "too_large" and "1 MB" in refusal.value.messages[0]


def test_a_photograph_loses_place_time_and_device_but_stands_upright() -> None:
    paper = check_upload(name="a.jpg", content=corpus.photograph())

    picture = Image.open(BytesIO(paper.content))
    assert not picture.getexif() and "comment" not in picture.info and picture.size == (160, 120)


def test_what_was_transparent_is_paper() -> None:
    paper = check_upload(name="a.png", content=corpus.png_with_words())

    assert Image.open(BytesIO(paper.content)).convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_a_large_picture_is_made_as_large_as_paper_needs() -> None:
    paper = check_upload(name="a.jpg", content=corpus.picture(size=(7_000, 4_000), mode="L"))

    assert max(Image.open(BytesIO(paper.content)).size) == 5_000


def test_pages_become_one_paper() -> None:
    pages = [check_upload(name=name, content=content) for name, content in (("1.jpg", corpus.photograph()), ("2.png", corpus.png_with_words()))]

    paper = as_one_paper(pages)

    assert paper.kind == "pdf" and paper.content.count(b"/Type /Page\n") == 2
    check_upload(name="a.pdf", content=paper.content)


@pytest.mark.parametrize(
    ("pages", "reason"), [([("pdf", 1), ("jpeg", 1)], "mixed"), ([("pdf", 2)], "mixed"), ([("jpeg", 21)], "too_many")]
)
def test_pages_that_are_no_paper(pages: list[tuple[str, int]], reason: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        as_one_paper([Paper(b"", kind) for kind, times in pages for _time in range(times)])

    assert refusal.value.code == reason


def test_the_name_is_made_of_what_is_known() -> None:
    assert Paper(b"", "jpeg").name("知情同意书", "", "J-8F3K2Q", "a/b c") == "知情同意书_J-8F3K2Q_a-b-c.jpg"


def test_field() -> None:
    field = PaperField(required=False)
    several = MultiValueDict({"scan": [SimpleUploadedFile("a.jpg", corpus.picture()), SimpleUploadedFile("b.jpg", corpus.picture())]})

    assert field.clean(field.widget.value_from_datadict({}, MultiValueDict(), "scan")) is None
    assert field.clean(field.widget.value_from_datadict({}, several, "scan")).kind == "pdf"
    assert field.widget.attrs["accept"] == ".pdf,.jpg,.jpeg,.png" and field.widget.attrs["multiple"]
    with pytest.raises(ValidationError):
        PaperField().clean([])


@given(st.sampled_from(PAPERS), st.binary(max_size=300))
def test_whatever_is_sent_is_taken_or_refused_with_a_sentence(kind: str, rest: bytes) -> None:
    try:
        check_upload(name=f"a{KINDS[kind].suffixes[0]}", content=KINDS[kind].begins[0] + rest, kinds=PAPERS)
    except ValidationError as refusal:
        assert refusal.messages
