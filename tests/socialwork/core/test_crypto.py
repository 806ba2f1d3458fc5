import base64
import json
import logging
import pickle
import threading

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from socialwork.core import crypto

KEK = {number: base64.b64encode(bytes([number]) * 31 + b"k").decode() for number in (1, 2, 3)}
SUITES = ("INTL", "GM")
PLACE = ("people_identity", "d-1", "r-1", "name")

# The settings stay the same for all examples of one test.
examples = hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def ring(*numbers: int) -> str:
    return ",".join(f"{number}:{KEK[number]}" for number in numbers)


@pytest.fixture(autouse=True)
def keys(settings):
    settings.DATA_KEY_RING = ring(1)
    settings.CIPHER_SUITE = "INTL"


@pytest.fixture(params=SUITES)
def suite(request, settings):
    settings.CIPHER_SUITE = request.param
    return request.param


@examples
@given(plaintext=st.binary(max_size=2000))
def test_a_value_comes_back_unchanged(suite, plaintext):
    key = crypto.new_data_key()
    blob = crypto.encrypt(key, plaintext, crypto.aad(*PLACE))
    assert crypto.decrypt(key, blob, crypto.aad(*PLACE)) == plaintext
    assert len(blob) == len(plaintext) + 30
    assert blob[:2] == bytes((1, crypto.Suite[suite]))


@examples
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
        max_leaves=8,
    )
)
def test_json_comes_back_unchanged(suite, value):
    key = crypto.new_data_key()
    assert crypto.decrypt_json(key, crypto.encrypt_json(key, value, "p"), "p") == value


def test_json_does_not_tell_how_long_a_name_is():
    key = crypto.new_data_key()
    sizes = {len(crypto.encrypt_json(key, {"name": name}, "p")) for name in ("", "李某", "欧阳某某", "阿卜杜拉·买买提")}
    assert sizes == {64 + 30}
    assert len(crypto.encrypt_json(key, "x" * 63, "p")) == 128 + 30


@pytest.mark.parametrize("value", [float("nan"), "\ud800", {1, 2}])
def test_what_is_not_json_is_refused_before_anything_is_written(value):
    with pytest.raises((TypeError, ValueError)):
        crypto.encrypt_json(crypto.new_data_key(), value, "p")


def test_the_same_value_twice_gives_two_blobs(suite):
    key = crypto.new_data_key()
    blobs = {crypto.encrypt(key, b"same", "p") for _ in range(200)}
    assert len(blobs) == 200
    assert len({crypto.wrap_data_key(key, "dossier|1") for _ in range(200)}) == 200


@pytest.mark.parametrize(
    "other",
    [
        ("people_guardian", "d-1", "r-1", "name"),
        ("people_identity", "d-2", "r-1", "name"),
        ("people_identity", "d-1", "r-2", "name"),
        ("people_identity", "d-1", "r-1", "address"),
    ],
    ids=["table", "dossier", "row", "field"],
)
def test_a_moved_value_does_not_open(suite, other):
    key = crypto.new_data_key()
    blob = crypto.encrypt(key, b"x", crypto.aad(*PLACE))
    with pytest.raises(crypto.WrongPlace):
        crypto.decrypt(key, blob, crypto.aad(*other))


@pytest.mark.parametrize("part", ["", None, "a|b"])
@pytest.mark.parametrize("position", range(4))
def test_a_place_is_complete_and_unambiguous(position, part):
    parts = list(PLACE)
    parts[position] = part
    with pytest.raises((ValueError, TypeError)):
        crypto.aad(*parts)


def test_another_data_key_does_not_open(suite):
    blob = crypto.encrypt(crypto.new_data_key(), b"x", "p")
    with pytest.raises(crypto.WrongPlace):
        crypto.decrypt(crypto.new_data_key(), blob, "p")


def flipped(blob: bytes):
    """The blob with each of its bits turned over in turn."""
    for bit in range(len(blob) * 8):
        changed = bytearray(blob)
        changed[bit // 8] ^= 1 << bit % 8
        yield bytes(changed)


def test_every_changed_bit_of_a_value_is_refused(suite):
    key = crypto.new_data_key()
    blob = crypto.encrypt(key, b"abc", "p")
    refusals = set()
    for changed in flipped(blob):
        with pytest.raises(crypto.CryptoError) as refusal:
            crypto.decrypt(key, changed, "p")
        refusals.add(refusal.type)
    assert refusals == {crypto.Malformed, crypto.Tampered}


def test_every_changed_bit_of_a_wrapped_key_is_refused(suite):
    wrapped = crypto.wrap_data_key(crypto.new_data_key(), "dossier|1")
    for changed in flipped(wrapped):
        with pytest.raises(crypto.CryptoError):
            crypto.unwrap_data_key(changed, "dossier|1")


def test_another_suite_byte_is_refused_although_both_suites_are_known():
    key = crypto.new_data_key()
    blob = crypto.encrypt(key, b"abc", "p")
    with pytest.raises(crypto.Tampered):
        crypto.decrypt(key, blob[:1] + bytes([crypto.Suite.GM]) + blob[2:], "p")


@pytest.mark.parametrize("cut", [0, 1, 2, 14, 29])
def test_a_cut_value_is_refused(suite, cut):
    key = crypto.new_data_key()
    with pytest.raises(crypto.Malformed):
        crypto.decrypt(key, crypto.encrypt(key, b"", "p")[:cut], "p")
    with pytest.raises(crypto.Malformed):
        crypto.unwrap_data_key(crypto.wrap_data_key(key, "c")[:cut], "c")


def test_a_wrapped_key_and_a_value_cannot_stand_for_each_other():
    kek = crypto.key_ring().kek(1)
    wrapped = crypto.wrap_data_key(crypto.new_data_key(), "c")
    with pytest.raises(crypto.CryptoError):
        crypto.decrypt(kek, wrapped, "c")
    with pytest.raises(crypto.CryptoError):
        crypto.unwrap_data_key(crypto.encrypt(kek, b"k" * 32, "c"), "c")


def test_a_wrapped_key_opens_for_its_own_dossier_only(suite):
    key = crypto.new_data_key()
    wrapped = crypto.wrap_data_key(key, "dossier|1")
    assert crypto.unwrap_data_key(wrapped, "dossier|1") == key
    assert len(wrapped) == 64
    with pytest.raises(crypto.WrongPlace):
        crypto.unwrap_data_key(wrapped, "dossier|2")


@pytest.mark.parametrize("blob_type", [memoryview, bytearray])
def test_blobs_may_come_as_the_database_driver_gives_them(suite, blob_type):
    key = crypto.new_data_key()
    wrapped, blob = crypto.wrap_data_key(key, "c"), crypto.encrypt(key, b"x", "p")
    assert crypto.unwrap_data_key(blob_type(wrapped), "c") == key
    assert crypto.decrypt(key, blob_type(blob), "p") == b"x"
    assert (crypto.needs_rewrap(blob_type(wrapped)), crypto.needs_reencrypt(blob_type(blob))) == (False, False)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_data_key_of_another_length_is_refused(suite, length):
    good = crypto.encrypt(crypto.new_data_key(), b"x", "p")
    for call in (
        lambda key: crypto.encrypt(key, b"x", "p"),
        lambda key: crypto.decrypt(key, good, "p"),
        lambda key: crypto.wrap_data_key(key, "c"),
    ):
        with pytest.raises(ValueError):
            call(b"k" * length)


def test_both_suites_live_in_one_table(settings):
    key = crypto.new_data_key()
    blobs, wrapped = {}, {}
    for name in SUITES:
        settings.CIPHER_SUITE = name
        blobs[name], wrapped[name] = crypto.encrypt(key, name.encode(), "p"), crypto.wrap_data_key(key, "c")
    for current in SUITES:
        settings.CIPHER_SUITE = current
        for name in SUITES:
            assert crypto.unwrap_data_key(wrapped[name], "c") == key
            assert crypto.decrypt(key, blobs[name], "p") == name.encode()
            assert crypto.needs_reencrypt(blobs[name]) == (name != current)
            assert crypto.needs_rewrap(wrapped[name]) == (name != current)
            assert not crypto.needs_rewrap(crypto.rewrap(wrapped[name], "c"))


def test_rotation_changes_the_wrapped_key_and_no_content(settings, suite):
    key = crypto.new_data_key()
    blob, old = crypto.encrypt(key, b"content", "p"), crypto.wrap_data_key(key, "c")
    settings.DATA_KEY_RING = ring(1, 2)
    assert crypto.needs_rewrap(old)
    new = crypto.rewrap(old, "c")
    assert not crypto.needs_rewrap(new)
    settings.DATA_KEY_RING = ring(2)
    assert crypto.decrypt(crypto.unwrap_data_key(new, "c"), blob, "p") == b"content"
    with pytest.raises(crypto.UnknownKey):
        crypto.unwrap_data_key(old, "c")


def test_rotation_keeps_the_context():
    wrapped = crypto.wrap_data_key(crypto.new_data_key(), "dossier|1")
    with pytest.raises(crypto.WrongPlace):
        crypto.rewrap(wrapped, "dossier|2")


def test_reading_goes_on_while_keys_are_rotated(settings):
    keys = {number: crypto.new_data_key() for number in range(40)}
    wrapped = {number: crypto.wrap_data_key(key, f"dossier|{number}") for number, key in keys.items()}
    blobs = {number: crypto.encrypt(key, b"%d" % number, "p") for number, key in keys.items()}
    settings.DATA_KEY_RING = ring(1, 2, 3)
    reads, failures = [0], []
    finished = threading.Event()

    def read():
        while True:
            last = finished.is_set()
            for number in keys:
                plain = crypto.decrypt(crypto.unwrap_data_key(wrapped[number], f"dossier|{number}"), blobs[number], "p")
                if plain != b"%d" % number:
                    failures.append(number)
                reads[0] += 1
            if last:
                return

    reader = threading.Thread(target=read)
    reader.start()
    for number in keys:
        wrapped[number] = crypto.rewrap(wrapped[number], f"dossier|{number}")
    finished.set()
    reader.join()
    assert failures == []
    assert reads[0] >= 40
    assert [number for number in keys if crypto.needs_rewrap(wrapped[number])] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        " , ",
        "1",
        KEK[1],
        f"0:{KEK[1]}",
        f"-1:{KEK[1]}",
        f"65536:{KEK[1]}",
        f"①:{KEK[1]}",
        f"2:{KEK[2]},1:{KEK[1]}",
        f"1:{KEK[1]},1:{KEK[2]}",
        f"1:{KEK[1]},2:{KEK[1]}",
        "1:" + base64.b64encode(b"k" * 16).decode(),
        "1:" + base64.b64encode(b"k" * 33).decode(),
        "1:not base64!",
        "1:ключ",
        None,
        b"1:",
    ],
)
def test_a_wrong_key_ring_stops_the_start_without_showing_a_key(settings, text):
    settings.DATA_KEY_RING = text
    with pytest.raises(ImproperlyConfigured) as refusal:
        crypto.key_ring()
    for number in KEK:
        assert KEK[number] not in str(refusal.value)


def test_the_last_key_wraps_and_every_spelling_of_base64_is_read(settings):
    key = b"\xfb\xff" * 16
    urlsafe = base64.urlsafe_b64encode(key).decode().rstrip("=")
    settings.DATA_KEY_RING = f" 1:{KEK[1]} ,\n 7: {urlsafe} ,"
    assert crypto.key_ring().current_id == 7
    assert crypto.key_ring().kek(7) == key
    assert crypto.wrap_data_key(crypto.new_data_key(), "c")[2:4] == b"\x00\x07"


@pytest.mark.parametrize("name", ["", "intl", "SM4", None, ["GM"]])
def test_an_unknown_suite_stops_the_start(settings, name):
    settings.CIPHER_SUITE = name
    with pytest.raises(ImproperlyConfigured):
        crypto.current_suite()


def test_keys_do_not_show_themselves(caplog):
    key = crypto.new_data_key()
    again = crypto.unwrap_data_key(crypto.wrap_data_key(key, "c"), "c")
    for secret in (key, again, crypto.key_ring().kek(1)):
        assert {repr(secret), str(secret), f"{secret}", f"{secret!r}", format(secret)} == {"<secret>"}
        with pytest.raises(TypeError):
            pickle.dumps(secret)
        with pytest.raises(TypeError):
            json.dumps({"key": secret})
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("t").warning("%s %r", key, crypto.key_ring())
    assert caplog.messages == ["<secret> <KeyRing ids=[1]>"]


def test_refusals_hold_neither_content_nor_the_library_error():
    key = crypto.new_data_key()
    with pytest.raises(crypto.WrongPlace) as refusal:
        crypto.decrypt(key, crypto.encrypt(key, "李某某".encode(), "p"), "q")
    assert str(refusal.value) == "The encrypted value is not authentic in this place."
    assert refusal.value.__cause__ is None


def test_the_published_answers_are_given():
    crypto.self_test()


def test_sm4_gcm_gives_the_answer_of_rfc_8998():
    key, nonce, plaintext, expected = map(bytes.fromhex, crypto._SM4_VECTOR)
    assert crypto._sm4_gcm_seal(key, nonce, plaintext, crypto._GCM_AAD) == expected
    assert crypto._sm4_gcm_open(key, nonce, expected, crypto._GCM_AAD) == plaintext


@pytest.mark.parametrize(
    ("attribute", "wrong"),
    [
        ("_aes_seal", lambda *_: b""),
        ("_aes_open", lambda *_: b""),
        ("_sm4_gcm_seal", lambda *_: b""),
        ("_sm4_gcm_open", lambda *_: b""),
        ("_DIGESTS", {crypto.Suite.INTL: "00", crypto.Suite.GM: "00"}),
        ("_DIGESTS", {crypto.Suite.GM: "00"}),
        ("_SM4_VECTOR", (*crypto._SM4_VECTOR[:3], "00" * 80)),
    ],
)
def test_a_wrong_answer_stops_the_start(monkeypatch, attribute, wrong):
    monkeypatch.setattr(crypto, attribute, wrong)
    with pytest.raises(ImproperlyConfigured):
        crypto.self_test()


def test_a_page_of_rows_derives_nothing_twice_and_reads_the_ring_once(settings):
    settings.DATA_KEY_RING = ring(1, 2)
    crypto._ring_from_text.cache_clear()
    rows = []
    for number in range(25):
        key = crypto.new_data_key()
        rows.append((crypto.wrap_data_key(key, f"d|{number}"), crypto.encrypt_json(key, {"name": "某"}, "p")))
    for number, (wrapped, blob) in enumerate(rows):
        assert crypto.decrypt_json(crypto.unwrap_data_key(wrapped, f"d|{number}"), blob, "p") == {"name": "某"}
    assert crypto._ring_from_text.cache_info().misses == 1
