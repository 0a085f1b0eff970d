"""Encryption at rest: named keys, their rotation, and what is said when one is missing or wrong."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ImproperlyConfigured

from core.crypto import decrypt, encrypt, keyed_hash
from core.fields import EncryptedJSONField, EncryptedTextField

OLD = b"0123456789abcdef0123456789abcdef"
NEW = b"fedcba9876543210fedcba9876543210"
NUMBER = "11010519491231002X"


def keys(**named: bytes) -> str:
    return ",".join(f"{name}:{base64.b64encode(key).decode()}" for name, key in named.items())


def test_what_was_written_is_read_again_and_looks_different_each_time(settings: Any) -> None:
    settings.FIELD_KEYS = keys(k1=OLD)
    first, second = encrypt("张样例 " + NUMBER), encrypt("张样例 " + NUMBER)
    assert decrypt(first) == decrypt(second) == "张样例 " + NUMBER
    assert first != second
    assert NUMBER not in first


def test_the_value_is_aes_gcm_over_nonce_and_key_name(settings: Any) -> None:
    settings.FIELD_KEYS = keys(k1=OLD)
    name, body = encrypt(NUMBER).split(":")
    sealed = base64.b64decode(body)
    assert name == "k1"
    # 12 bytes of nonce, as long as the text, 16 bytes of tag.
    assert len(sealed) == 12 + len(NUMBER) + 16
    assert AESGCM(OLD).decrypt(sealed[:12], sealed[12:], b"k1").decode() == NUMBER


def test_while_rotating_the_first_key_writes_and_both_read(settings: Any) -> None:
    settings.FIELD_KEYS = keys(k1=OLD)
    before = encrypt(NUMBER)
    settings.FIELD_KEYS = keys(k2=NEW, k1=OLD)
    after = encrypt(NUMBER)
    assert after.startswith("k2:")
    assert decrypt(before) == decrypt(after) == NUMBER
    settings.FIELD_KEYS = keys(k2=NEW)
    assert decrypt(after) == NUMBER


def test_spaces_between_the_keys_do_no_harm(settings: Any) -> None:
    settings.FIELD_KEYS = keys(k1=OLD)
    written = encrypt(NUMBER)
    settings.FIELD_KEYS = f" {keys(k2=NEW)} , {keys(k1=OLD)} "
    assert decrypt(written) == NUMBER
    assert encrypt(NUMBER).startswith("k2:")


def test_a_key_taken_out_too_early_is_named(settings: Any) -> None:
    settings.FIELD_KEYS = keys(k1=OLD)
    written = encrypt(NUMBER)
    settings.FIELD_KEYS = keys(k2=NEW)
    with pytest.raises(ImproperlyConfigured, match="缺少解密所需的密钥“k1”"):
        decrypt(written)


def test_another_key_under_the_same_name_is_found_out(settings: Any) -> None:
    settings.FIELD_KEYS = keys(k1=OLD)
    written = encrypt(NUMBER)
    settings.FIELD_KEYS = keys(k1=NEW)
    with pytest.raises(ImproperlyConfigured, match="密钥“k1”与数据不符"):
        decrypt(written)


def test_an_altered_value_is_found_out(settings: Any) -> None:
    settings.FIELD_KEYS = keys(k1=OLD)
    sealed = bytearray(base64.b64decode(encrypt(NUMBER).partition(":")[2]))
    sealed[14] ^= 1
    with pytest.raises(ImproperlyConfigured, match="密钥“k1”与数据不符"):
        decrypt("k1:" + base64.b64encode(sealed).decode())


def test_a_value_moved_under_another_key_s_name_is_found_out(settings: Any) -> None:
    """The name is sealed with the text: the same key twice does not open it."""
    settings.FIELD_KEYS = keys(k1=OLD, k2=OLD)
    with pytest.raises(ImproperlyConfigured, match="密钥“k2”与数据不符"):
        decrypt(encrypt(NUMBER).replace("k1:", "k2:"))


@pytest.mark.parametrize("key", ["", "***", "MDEyMw==", "MDEyMzQ1Njc4OWFiY2RlZg=="])
def test_a_key_that_is_no_key_is_named(settings: Any, key: str) -> None:
    settings.FIELD_KEYS = f"k9:{key}"
    with pytest.raises(ImproperlyConfigured, match="密钥“k9”不是32字节的Base64"):
        encrypt(NUMBER)


def test_the_keyed_hash_is_hmac_sha256(settings: Any) -> None:
    settings.HASH_KEY = base64.b64encode(OLD).decode()
    assert keyed_hash(NUMBER) == hmac.new(OLD, NUMBER.encode(), hashlib.sha256).hexdigest()
    settings.HASH_KEY = base64.b64encode(NEW).decode()
    assert keyed_hash(NUMBER) == hmac.new(NEW, NUMBER.encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize("empty", [None, ""])
def test_nothing_stays_nothing_in_a_field(empty: str | None) -> None:
    field = EncryptedTextField()
    assert field.get_prep_value(empty) == empty
    assert field.from_db_value(empty, None, None) == empty


def test_a_field_seals_its_text_on_the_way_to_the_database(settings: Any) -> None:
    settings.FIELD_KEYS = keys(k1=OLD)
    field = EncryptedTextField()
    stored = field.get_prep_value(NUMBER)
    assert stored is not None
    assert stored.startswith("k1:")
    assert field.from_db_value(stored, None, None) == NUMBER


def test_an_object_is_sealed_as_a_whole(settings: Any) -> None:
    settings.FIELD_KEYS = keys(k1=OLD)
    field = EncryptedJSONField()
    stored = field.get_prep_value({"姓名": "张样例"})
    assert json.loads(decrypt(stored)) == {"姓名": "张样例"}
    assert field.from_db_value(stored, None, None) == {"姓名": "张样例"}
    assert field.from_db_value(field.get_prep_value(None), None, None) == {}
    assert field.from_db_value(None, None, None) == {}
