"""Encryption of personal data at rest: AES-256-GCM with named keys, and a keyed hash for look-up.

Keys come from settings (FIELD_KEYS, HASH_KEY), never from the database. The first key of
FIELD_KEYS writes; every key in it reads, so that keys can be changed without re-entering data.
"""

import base64
import hashlib
import hmac
import os
import re
from functools import cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
NONCE_BYTES = 12
# It stands in each encrypted value, of which the shortest column holds 80 characters.
KEY_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,15}")


@cache
def named_keys(setting: str, value: str) -> dict[str, bytes]:
    """The keys of `name:base64,…` in their order; the first writes.

    Raises ImproperlyConfigured where one is no key of 32 bytes, or has no usable name.
    """
    keys = {}
    for part in value.split(","):
        name, _, key = part.strip().partition(":")
        try:
            content = base64.b64decode(key, validate=True)
        except ValueError:
            content = b""
        # AESGCM also takes 16 and 24 bytes, which would be another cipher than is promised.
        if len(content) != KEY_BYTES:
            raise ImproperlyConfigured(f"{setting} 中的密钥“{name}”不是32字节的Base64，请检查。")
        if not KEY_ID.fullmatch(name):
            raise ImproperlyConfigured(
                f"{setting} 中的编号“{name}”不能用：应为1到15个字母、数字、点、下划线或连字符。"
            )
        keys[name] = content
    return keys


@cache
def _ciphers(value: str) -> dict[str, AESGCM]:
    return {name: AESGCM(key) for name, key in named_keys("FIELD_KEYS", value).items()}


def field_keys() -> list[str]:
    """The names of the keys at hand; the first is the one that writes."""
    return list(_ciphers(settings.FIELD_KEYS))


def key_of(value: str) -> str:
    """The name of the key that an encrypted value was written with."""
    return value.partition(":")[0]


def encrypt(text: str) -> str:
    """`key name:base64(nonce + ciphertext)`; the same text gives another value each time."""
    return encrypt_bytes(text.encode())


def encrypt_bytes(content: bytes, key: str = "") -> str:
    """The same of bytes; `key` names another key than the one that writes."""
    ciphers = _ciphers(settings.FIELD_KEYS)
    name = key or next(iter(ciphers))
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + ciphers[name].encrypt(nonce, content, name.encode())
    return f"{name}:{base64.b64encode(sealed).decode()}"


def decrypt(value: str) -> str:
    """The text again. Raises ImproperlyConfigured when its key is missing or does not fit."""
    return decrypt_bytes(value).decode()


def decrypt_bytes(value: str) -> bytes:
    """The bytes again; refuses as `decrypt` does."""
    name, _, body = value.partition(":")
    cipher = _ciphers(settings.FIELD_KEYS).get(name)
    if cipher is None:
        raise ImproperlyConfigured(f"缺少解密所需的密钥“{name}”，请在 FIELD_KEYS 中补上。")
    sealed = base64.b64decode(body)
    try:
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode())
    except InvalidTag:
        raise ImproperlyConfigured(f"密钥“{name}”与数据不符，无法解密。") from None


def keyed_hash(text: str) -> str:
    """HMAC-SHA256 in hex: equal texts give equal values, nothing can be read back."""
    return hmac.new(base64.b64decode(settings.HASH_KEY), text.encode(), hashlib.sha256).hexdigest()
