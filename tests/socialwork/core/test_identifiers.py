import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from socialwork.core import identifiers

TODAY = date(2026, 6, 1)
# A busy machine is not a wrong answer.
examples = hypothesis_settings(deadline=None)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(born: date, order: int = 12, region: str = "990101") -> str:
    """A number no person can have (region 99….), its check character computed as in GB 11643, not by the library."""
    body = f"{region}{born:%Y%m%d}{order:03}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def with_x(born: date) -> str:
    return next(n for n in (id_number(born, order) for order in range(1, 100)) if n.endswith("X"))


def code_of(call, *arguments, **keywords) -> str:
    with pytest.raises(ValidationError) as refusal:
        call(*arguments, **keywords)
    return refusal.value.code


# --- ID numbers ---


@examples
@given(born=st.dates(date(1900, 1, 1), TODAY), order=st.integers(1, 999), region=st.sampled_from(["990101", "991234"]))
def test_a_right_number_is_accepted_and_read(born, order, region):
    number = id_number(born, order, region)
    assert identifiers.clean_id_number(number, today=TODAY) == number
    assert identifiers.birth_on_from_id(number) == born
    assert identifiers.sex_from_id(number) == ("male" if order % 2 else "female")
    assert identifiers.region_from_id(number) == region


@examples
@given(born=st.dates(date(1950, 1, 1), TODAY), place=st.integers(0, 17), by=st.integers(1, 9))
def test_one_wrong_character_is_always_noticed(born, place, by):
    number = id_number(born)
    wrong = number[:place] + "0123456789"[(int(number[place], 36) + by) % 10] + number[place + 1 :]
    if wrong != number:
        assert code_of(identifiers.clean_id_number, wrong, today=TODAY) in {"id_birth_date", "id_check_character"}


def test_every_way_of_typing_gives_one_form():
    number = with_x(date(2009, 3, 4))
    wide = number.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
    for typed in (
        number,
        number.lower(),
        wide,
        f" {number[:6]} {number[6:14]}-{number[14:]}\u3000",
        f"\u200e{number}\ufeff",
    ):
        assert identifiers.clean_id_number(typed, today=TODAY) == number


@pytest.mark.parametrize("region", ["500151", "830000", "510202"])
def test_the_region_is_not_judged(region):
    # A district founded later than the tables, a residence permit, an abolished code; order 000 is never issued.
    assert identifiers.clean_id_number(id_number(date(2010, 1, 1), 0, region), today=TODAY)[:6] == region


@pytest.mark.parametrize(
    ("day", "fits"),
    [
        ("20080229", True),
        ("20000229", True),
        ("20100229", False),
        ("19000229", False),
        ("20081301", False),
        ("20080001", False),
        ("20080100", False),
        ("20080431", False),
        ("18991231", False),
        ("20260601", True),
        ("20260602", False),
    ],
)
def test_the_birth_date_must_exist_and_have_come(day, fits):
    body = f"990101{day}012"
    number = body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]
    if fits:
        assert identifiers.clean_id_number(number, today=TODAY) == number
    else:
        assert code_of(identifiers.clean_id_number, number, today=TODAY) == "id_birth_date"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "id_length"),
        ("990101200803", "id_length"),
        ("990101080304123", "id_length"),
        ("9" * 100_000, "id_length"),
        ("99010120080304O12", "id_length"),
        ("99010120080304O123", "id_format"),
        ("9901012008030401XX", "id_format"),
        ("٩٩٠١٠١٢٠٠٨٠٣٠٤٠١٢٣", "id_format"),
        ("九九零一零一二零零八零三零四零一二三", "id_format"),
        ("𠮷" * 18, "id_format"),
        ("😀" * 18, "id_format"),
    ],
)
def test_what_is_not_a_number_is_named(typed, code):
    assert code_of(identifiers.clean_id_number, typed, today=TODAY) == code


def test_today_is_the_local_day_unless_given():
    assert code_of(identifiers.clean_id_number, id_number(date.today() + timedelta(days=3))) == "id_birth_date"
    assert identifiers.clean_id_number(id_number(date.today() - timedelta(days=3)))


@pytest.mark.parametrize("number", ["", "990101", "99010120080230012X", "990101２0o80101"])
def test_nothing_is_read_from_what_holds_nothing(number):
    with pytest.raises(ValueError):
        identifiers.birth_on_from_id(number)
    with pytest.raises(ValueError):
        identifiers.sex_from_id(number[:10])


# --- credit codes ---


def credit_code(body: str) -> str:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(c) * 3**i for i, c in enumerate(body))  # the weights of GB 32100 are powers of 3 mod 31
    return body + alphabet[-total % 31]


@pytest.mark.parametrize("body", ["52990101MJ0000001", "51990101500000001", "11990101000000001", "N2990101MF0000001"])
def test_a_right_credit_code_is_accepted(body):
    code = credit_code(body)
    assert identifiers.clean_credit_code(code) == code
    assert identifiers.clean_credit_code(f" {code[:8].lower()} {code[8:].lower()} ") == code


@examples
@given(place=st.integers(0, 17), by=st.integers(1, 30))
def test_one_wrong_character_of_a_credit_code_is_always_noticed(place, by):
    code = credit_code("52990101MJ0000001")
    alphabet = "0123456789" if 2 <= place < 8 else "0123456789ABCDEFGHJKLMNPQRTUWXY"
    changed = alphabet[(alphabet.index(code[place]) + by) % len(alphabet)]
    if changed != code[place]:
        wrong = code[:place] + changed + code[place + 1 :]
        assert code_of(identifiers.clean_credit_code, wrong) == "credit_code_check_character"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "credit_code_length"),
        ("52990101MJ000000", "credit_code_length"),
        ("529901O1MJ00000012", "credit_code_format"),
        ("52990101MI00000012", "credit_code_format"),
        ("52990101MJ0000001Z", "credit_code_format"),
        ("社会工作服务中心社会工作服务中心八字", "credit_code_format"),
    ],
)
def test_what_is_not_a_credit_code_is_named(typed, code):
    assert code_of(identifiers.clean_credit_code, typed) == code


# --- phones ---


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("10012345678", "10012345678"),
        (" 100 1234 5678 ", "10012345678"),
        ("100-1234-5678", "10012345678"),
        ("+86 100 1234 5678", "10012345678"),
        ("(+86)10012345678", "10012345678"),
        ("0086-10012345678", "10012345678"),
        ("8610012345678", "10012345678"),
        ("１００１２３４５６７８", "10012345678"),
        ("010-00000000", "010-00000000"),
        ("(010) 0000 0000", "010-00000000"),
        ("0571-0000000", "0571-0000000"),
        ("057100000000", "0571-00000000"),
        ("（0571）0000000转801", "0571-0000000x801"),
        ("0571-0000000 ext. 801", "0571-0000000x801"),
        ("+86 571 0000000", None),
        ("400-000-0000", "4000000000"),
        ("0000000", None),
        ("00012345678", None),
        ("1001234567", None),
        ("100123456789", None),
        ("+1 001 234 5678", None),
        ("+852 0000 0000", None),
        ("10012345678 妈妈", None),
        ("l0012345678", None),
        ("", None),
        ("一二三", None),
        ("10012345678,10012345679", None),
        ("1" * 100_000, None),
    ],
)
def test_phones(typed, stored):
    if stored is None:
        assert code_of(identifiers.clean_phone, typed) == "phone"
    else:
        assert identifiers.clean_phone(typed) == stored
        assert identifiers.clean_phone(stored) == stored


def test_every_message_is_one_sentence_that_does_not_repeat_the_input():
    for call, typed in (
        (identifiers.clean_id_number, "990101"),
        (identifiers.clean_id_number, "99010120080304O123"),
        (identifiers.clean_id_number, "990101200813010123"),
        (identifiers.clean_id_number, with_x(date(2009, 3, 4))[:17] + "0"),
        (identifiers.clean_credit_code, "990101"),
        (identifiers.clean_credit_code, "52990101MI00000012"),
        (identifiers.clean_credit_code, "52990101MJ00000010"),
        (identifiers.clean_phone, "990101"),
    ):
        with pytest.raises(ValidationError) as refusal:
            call(typed)
        with override("en"):
            (message,) = refusal.value.messages
        assert re.fullmatch(r"[^.]+\.", message)
        assert typed not in message


# --- masks ---


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张某"),
        ("张三丰", "张某某"),
        ("张李三丰", "张某某"),
        ("欧阳锋", "欧阳某"),
        ("欧阳修文", "欧阳某某"),
        ("歐陽鋒", "歐陽某"),
        ("欧阳", "欧某"),
        ("贺兰英", "贺某某"),
        ("张 三", "张某"),
        ("阿卜杜拉·买买提", "阿某某"),
        ("欧阳·买提", "欧某某"),
        ("𠮷野", "𠮷某"),
        ("\U00031350三", "\U00031350某"),
        ("〇三", "〇某"),
        ("John Smith", "J***"),
        ("བཀྲ་ཤིས", "བ***"),
        ("😀明", "😀***"),
        ("张", "某"),
        ("  ", ""),
        ("", ""),
    ],
)
def test_mask_name(name, masked):
    assert identifiers.mask_name(name) == masked


@examples
@given(st.text(min_size=2))
def test_a_mask_keeps_at_most_the_surname(name):
    assert len(identifiers.mask_name(name)) <= 4


def test_mask_id():
    number = with_x(date(2009, 3, 4))
    assert identifiers.mask_id(number) == f"99{'*' * 14}{number[-2:]}"
    assert identifiers.mask_id(number.lower()) == identifiers.mask_id(number)
    assert [identifiers.mask_id(n) for n in ("", "E12345", "E12345678")] == ["", "******", "*******78"]


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("10012345678", "*******5678"),
        ("+86 100 1234 5678", "*******5678"),
        ("0571-1234567x801", "*******4567"),
        ("123456", "******"),
        ("", ""),
    ],
)
def test_mask_phone(phone, masked):
    assert identifiers.mask_phone(phone) == masked


# --- work codes ---


def test_work_codes_are_well_formed_random_and_wordless():
    codes = [identifiers.new_work_code() for _ in range(2000)]
    assert all(identifiers.WORK_CODE.fullmatch(code) for code in codes)
    assert not [code for code in codes if re.search("[A-Z][A-Z]", code[2:]) or re.search("[AEIOUYBSZ01]", code[2:])]
    assert len(set(codes)) >= 1990
    assert {character for code in codes for character in code[2:]} == set("23456789CDFGHJKLMNPQRTVWX")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("J-8F3K2Q", "J-8F3K2Q"),
        ("j-8f3k2q", "J-8F3K2Q"),
        (" J8F3K2Q ", "J-8F3K2Q"),
        ("8f3k2q", "J-8F3K2Q"),
        ("Ｊ－８Ｆ３Ｋ２Ｑ", "J-8F3K2Q"),
        ("J2345J", "J-J2345J"),
        ("J-8F3K2", ""),
        ("j2f3k2", "J-J2F3K2"),
        ("J—8F3K2", ""),
        ("J-8F3K2O", ""),
        ("J-8F3K2QQ", ""),
        ("张三", ""),
        ("", ""),
    ],
)
def test_a_typed_work_code_is_recognised(typed, code):
    assert identifiers.compact_work_code(typed) == code


# --- ages ---


@pytest.mark.parametrize(
    ("born", "on", "age", "full"),
    [
        (date(2010, 5, 20), date(2024, 5, 19), 13, 13),
        (date(2010, 5, 20), date(2024, 5, 20), 14, 13),
        (date(2010, 5, 20), date(2024, 5, 21), 14, 14),
        (date(2010, 5, 20), date(2010, 5, 20), 0, 0),
        (date(2010, 5, 20), date(2010, 5, 21), 0, 0),
        (date(2010, 12, 31), date(2025, 1, 1), 14, 14),
        (date(2010, 12, 31), date(2024, 12, 31), 14, 13),
        (date(2010, 1, 1), date(2024, 1, 1), 14, 13),
        (date(2008, 2, 29), date(2022, 2, 27), 13, 13),
        (date(2008, 2, 29), date(2022, 2, 28), 14, 13),
        (date(2008, 2, 29), date(2022, 3, 1), 14, 14),
        (date(2008, 2, 29), date(2024, 2, 28), 15, 15),
        (date(2008, 2, 29), date(2024, 2, 29), 16, 15),
        (date(2008, 2, 29), date(2024, 3, 1), 16, 16),
        (date(2008, 3, 1), date(2022, 2, 28), 13, 13),
        (date(2008, 3, 1), date(2022, 3, 1), 14, 13),
    ],
)
def test_ages(born, on, age, full):
    assert (identifiers.age_on(born, on), identifiers.full_age_on(born, on)) == (age, full)


@examples
@given(born=st.dates(date(1950, 1, 1), date(2020, 1, 1)), days=st.integers(0, 30_000))
def test_ages_rise_by_one_and_the_full_age_follows_a_day_later(born, days):
    on = born + timedelta(days=days)
    age, tomorrow = identifiers.age_on(born, on), identifiers.age_on(born, on + timedelta(days=1))
    assert tomorrow - age in (0, 1)
    assert identifiers.full_age_on(born, on + timedelta(days=1)) == age


@pytest.mark.parametrize("age", [identifiers.age_on, identifiers.full_age_on])
def test_nobody_has_an_age_before_birth(age):
    with pytest.raises(ValueError):
        age(date(2010, 5, 20), date(2010, 5, 19))


def test_bands():
    bands = [identifiers.age_band(age).value for age in range(10, 20)]
    assert bands == ["under_12"] * 2 + ["12_13"] * 2 + ["14_15"] * 2 + ["16_17"] * 2 + ["18_over"] * 2
    assert identifiers.age_band(0) == "under_12"
    with pytest.raises(ValueError):
        identifiers.age_band(-1)


# --- numbers in text ---


def hits(text: str) -> list[tuple[str, str]]:
    return [(found.kind, text[found.start : found.end]) for found in identifiers.find_identifiers(text)]


NUMBER = with_x(date(2009, 3, 4))


@pytest.mark.parametrize(
    "written",
    [
        NUMBER,
        NUMBER.lower(),
        f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}",
        f"{NUMBER[:6]}-{NUMBER[6:10]}-{NUMBER[10:14]}-{NUMBER[14:]}",
        NUMBER.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")),
    ],
)
@pytest.mark.parametrize("before", ["", "𠮷身份证号：", "编号 330101 ", "ID", "2024 "])
def test_id_numbers_are_found_where_they_stand(before, written):
    assert hits(f"{before}{written}，住本市") == [("id_number", written)]


@pytest.mark.parametrize(
    "written",
    [
        "10012345678",
        "100 1234 5678",
        "100-1234-5678",
        "1001-234-5678",
        "10012 345678",
        "+86 10012345678",
        "１００１２３４５６７８",
    ],
)
@pytest.mark.parametrize("before", ["", "😀电话", "2024年3月4日 "])
def test_mobile_numbers_are_found_where_they_stand(before, written):
    assert hits(f"{before}{written}（母亲）") == [("mobile", written)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "没有号码的一段话",
        NUMBER[:17] + "9",
        "9" + NUMBER,
        NUMBER[:-1] + "12",
        "990101200813010123",
        "2024-11-12 10:20:30",
        "1 2 3 4 5 6 7 8 9 10 11",
        "6222000000000000000",
        "金额13912345.67元",
        "〔2024〕10012345号",
    ],
)
def test_other_digits_are_left_alone(text):
    assert hits(text) == []


def test_several_numbers_come_in_order_without_overlap():
    other = id_number(date(2011, 1, 1), 7)
    text = f"甲10012345678，乙{NUMBER}、{other}；丙100-0000-0001"
    assert [kind for kind, _text in hits(text)] == ["mobile", "id_number", "id_number", "mobile"]
    assert [found for _kind, found in hits(text)] == ["10012345678", NUMBER, other, "100-0000-0001"]


def test_a_finding_does_not_carry_the_number():
    assert repr(identifiers.find_identifiers(NUMBER)) == "[Found(kind='id_number', start=0, end=18)]"


def test_a_long_text_is_read_to_its_end():
    text = "1 " * 50_000 + NUMBER + "，" * 50_000 + "10012345678"
    assert hits(text) == [("id_number", NUMBER), ("mobile", "10012345678")]
