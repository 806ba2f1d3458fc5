import base64
import hashlib
import uuid

import pytest
from cryptography.hazmat.primitives import hashes
from django.core.exceptions import ImproperlyConfigured
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from socialwork.core import blind_index
from socialwork.core.crypto import Suite

MASTER = bytes(range(32))
A, B = "org-a", "org-b"

examples = hypothesis_settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture(autouse=True)
def keys(settings):
    settings.INDEX_KEY = base64.b64encode(MASTER).decode()
    settings.CIPHER_SUITE = "INTL"


@pytest.fixture(params=["INTL", "GM"])
def suite(request, settings):
    settings.CIPHER_SUITE = request.param
    return Suite[request.param]


def found(name: str, text: str, scope: str = A) -> bool:
    """Whether a search for the text, as a list page runs it, finds the name."""
    query = blind_index.query_tokens(scope, text)
    return bool(query) and set(query) <= blind_index.name_tokens(scope, name)


def test_exact_is_deterministic_and_short(suite):
    assert blind_index.exact(A, "id_number", "99010120080101123X") == blind_index.exact(
        A, "id_number", "99010120080101123X"
    )
    assert len(blind_index.exact(A, "id_number", "1")) == 16


def test_scope_kind_value_key_and_suite_each_change_the_digest(settings):
    base = ("org-a", "school", "v")
    digests = {blind_index.exact(*base)}
    for other in (
        ("org-b", "school", "v"),
        ("org-a", "work", "v"),
        ("org-a", "school", "w"),
        ("national", "school", "v"),
    ):
        digests.add(blind_index.exact(*other))
    settings.CIPHER_SUITE = "GM"
    digests.add(blind_index.exact(*base))
    settings.CIPHER_SUITE = "INTL"
    settings.INDEX_KEY = base64.b64encode(b"z" * 32).decode()
    digests.add(blind_index.exact(*base))
    assert len(digests) == 7


def test_scope_and_kind_cannot_run_into_each_other():
    assert blind_index.exact("a|b", "c", "v") != blind_index.exact("a", "b_c", "v")
    assert blind_index.exact("3|x", "c", "v") != blind_index.exact("x", "c", "v")


def test_a_scope_may_be_given_as_its_id():
    organisation = uuid.UUID(int=5)
    assert blind_index.exact(organisation, "k", "v") == blind_index.exact(str(organisation), "k", "v")
    assert blind_index.name_tokens(7, "李某") == blind_index.name_tokens("7", "李某")


@pytest.mark.parametrize(
    ("kind", "stored", "typed"),
    [
        ("id_number", "99010120080101123X", " 990101 20080101 123x"),
        ("id_number", "99010120080101123X", "９９０１０１２００８０１０１１２３Ｘ"),
        ("phone", "10012345678", "+86 100-1234-5678"),
        ("phone", "0571-1234567", "(0571) 1234567"),
        ("school", "Ａ 中学", "a中学"),
    ],
)
def test_the_way_of_typing_does_not_count(suite, kind, stored, typed):
    assert blind_index.exact(A, kind, stored) == blind_index.exact(A, kind, typed)


@pytest.mark.parametrize(("scope", "kind", "value"), [("", "k", "v"), (A, "", "v"), (A, "K|", "v"), (A, "k", " \t　")])
def test_an_index_of_nothing_is_refused(scope, kind, value):
    with pytest.raises(ValueError):
        blind_index.exact(scope, kind, value)


@pytest.mark.parametrize(("name", "algorithm"), [("INTL", hashes.SHA256), ("GM", hashes.SM3)])
def test_digests_agree_with_an_independent_hkdf_and_hmac(settings, name, algorithm):
    settings.CIPHER_SUITE = name

    def digest(data: bytes) -> bytes:
        if name == "INTL":
            return hashlib.sha256(data).digest()
        context = hashes.Hash(algorithm())
        context.update(data)
        return context.finalize()

    def mac(key: bytes, data: bytes) -> bytes:  # RFC 2104
        block = key.ljust(64, b"\0")
        return digest(bytes(b ^ 0x5C for b in block) + digest(bytes(b ^ 0x36 for b in block) + data))

    info = b"socialwork blind index v1|5|org-a|school\x01"  # RFC 5869, one block
    key = mac(mac(b"\0" * 32, MASTER), info)
    assert blind_index.exact(A, "school", "X y") == mac(key, b"xy")[:16]


@pytest.mark.parametrize("key", ["", "short", base64.b64encode(b"k" * 31).decode(), None])
def test_a_wrong_index_key_stops_the_start(settings, key):
    settings.INDEX_KEY = key
    with pytest.raises(ImproperlyConfigured):
        blind_index.index_key()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("张三丰", "张三"),
        ("张三丰", "三丰"),
        ("张三丰", "张三丰"),
        ("张三丰", " 张　三 丰 "),
        ("张 三", "张三"),
        ("𠮷野某", "𠮷野"),
        ("李𠮷", "李𠮷"),
        ("阿卜杜拉·买买提", "买买提"),
        ("阿卜杜拉·买买提", "阿卜杜拉•买买提"),
        ("阿卜杜拉·买买提", "阿卜杜拉买"),
        ("阿卜杜拉·买买提", "阿卜杜拉·买"),
        ("阿卜杜拉·买买提", "买买提 阿卜杜拉"),
        ("John Smith", "smith"),
        ("John Smith", "SMITH, john"),
        ("Ｊｏｈｎ", "john"),
        ("José", "Jose\u0301"),
        ("Straße", "STRASSE"),
        ("O'Neill", "oneill"),
        ("李😀明", "😀明"),
        ("王\u200b小\ufeff明", "王小明"),
        ("⼀鸣", "一鸣"),
        ("邊\U000e0101某", "邊某"),
        ("\ue001某", "\ue001某"),
        ("\U00031350某", "\U00031350某"),
        ("བཀྲ་ཤིས", "བཀྲ ཤིས"),
        ("张", "张"),
    ],
)
def test_a_name_is_found(suite, name, text):
    assert found(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("张三丰", "张丰"),
        ("张三丰", "丰张"),
        ("张三丰", "张三丰年"),
        ("张三", "张"),
        ("𠮷野某", "吉野"),
        ("\ue001某", "\ue002某"),
        ("\U00031350某", "\U00031351某"),
        ("劉某", "刘某"),
        ("张三", ""),
        ("张三", " · "),
        ("", "张三"),
        ("", ""),
        ("John Smith", "john smythe"),
    ],
)
def test_a_name_is_not_found(suite, name, text):
    assert not found(name, text)


def test_a_search_in_one_scope_finds_nothing_of_another(suite):
    tokens = blind_index.name_tokens(A, "张三丰") | blind_index.phone_tokens(A, "10012345678")
    foreign = blind_index.query_tokens(B, "张三丰") + blind_index.phone_query_tokens(B, "5678")
    assert tokens.isdisjoint(foreign)


def test_the_rows_of_a_name_are_as_many_as_its_characters():
    for name, rows in {"": 0, "·": 0, "张": 1, "张三": 2, "张三丰": 3, "阿卜杜拉·买买提": 7, "王王王": 2}.items():
        assert len(blind_index.name_tokens(A, name)) == rows
    assert {len(token) for token in blind_index.name_tokens(A, "阿卜杜拉·买买提")} == {8}


def test_a_pasted_book_makes_few_rows():
    book = "".join(chr(0x4E00 + number % 20000) for number in range(100_000))
    assert len(blind_index.name_tokens(A, book)) == 64
    assert len(blind_index.query_tokens(A, book)) <= 64
    assert len(blind_index.query_tokens(A, " ".join(book))) <= 64


def test_a_two_character_name_and_the_pair_in_a_longer_one_differ_as_whole_names():
    assert len(blind_index.name_tokens(A, "张三") & blind_index.name_tokens(A, "张三丰")) == 1


def test_text_cut_in_the_middle_of_a_character_is_no_error(suite):
    assert blind_index.name_tokens(A, "张\ud83d三") == blind_index.name_tokens(A, "张三")
    assert len(blind_index.exact(A, "k", "\ud83d")) == 16


names = st.text(st.characters(codec="utf-8") | st.sampled_from("张三· ∙．ﷺ-j"), max_size=80)


@examples
@given(name=names)
def test_whoever_is_indexed_is_found_by_the_whole_name(name):
    tokens, query = blind_index.name_tokens(A, name), blind_index.query_tokens(A, name)
    assert bool(tokens) == bool(query)
    assert set(query) <= tokens


@examples
@given(name=st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=6), data=st.data())
def test_any_two_neighbours_find_the_name(name, data):
    start = data.draw(st.integers(0, len(name) - 2))
    assert found(name, name[start : data.draw(st.integers(start + 2, len(name)))])


def test_a_phone_is_found_by_its_number_and_its_tail(suite):
    tokens = blind_index.phone_tokens(A, "100 1234 5678")
    assert len(tokens) == 2
    for typed in ("10012345678", "+86-100-1234-5678", "5678", "５６７８"):
        assert set(blind_index.phone_query_tokens(A, typed)) < tokens
    for typed in ("1234", "678", "345678", "", "张三", "10012345679"):
        assert tokens.isdisjoint(blind_index.phone_query_tokens(A, typed))
    assert [blind_index.phone_query_tokens(A, typed) for typed in ("678", "345678", "", "张三")] == [[], [], [], []]


def test_the_tail_of_a_landline_is_that_of_the_number_not_of_the_extension():
    tokens = blind_index.phone_tokens(A, "0571-1234567转8001")
    assert set(blind_index.phone_query_tokens(A, "4567")) < tokens
    assert tokens.isdisjoint(blind_index.phone_query_tokens(A, "8001"))
    assert blind_index.phone_tokens(A, "无") == set()


def test_a_short_number_is_not_also_a_tail():
    assert len(blind_index.phone_tokens(A, "5678")) == 1
    assert blind_index.phone_tokens(A, "5678").isdisjoint(blind_index.phone_tokens(A, "10012345678"))


def test_many_names_of_one_scope_derive_one_key():
    blind_index._derived.cache_clear()
    for number in range(200):
        blind_index.name_tokens(A, f"张三{number}")
        blind_index.query_tokens(A, f"张三{number}")
    assert blind_index._derived.cache_info().misses == 1
