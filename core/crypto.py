"""Encryption of personal data at rest: AES-256-GCM with named keys, and a keyed hash for look-up.

Keys come from settings (FIELD_KEYS, HASH_KEY), never from the database. The first key of
FIELD_KEYS writes; every key in it reads, so that keys can be changed without re-entering data.
"""

import base64
import hashlib
import hmac
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
NONCE_BYTES = 12


@cache
def _ciphers(setting: str) -> dict[str, AESGCM]:
    ciphers = {}
    for part in setting.split(","):
        name, _, key = part.strip().partition(":")
        try:
            content = base64.b64decode(key, validate=True)
        except ValueError:
            content = b""
        # AESGCM also takes 16 and 24 bytes, which would be another cipher than is promised.
        if len(content) != KEY_BYTES:
            raise ImproperlyConfigured(f"FIELD_KEYS 中的密钥“{name}”不是32字节的Base64，请检查。")
        ciphers[name] = AESGCM(content)
    return ciphers


def encrypt(text: str) -> str:
    """`key name:base64(nonce + ciphertext)`; the same text gives another value each time."""
    ciphers = _ciphers(settings.FIELD_KEYS)
    name = next(iter(ciphers))
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + ciphers[name].encrypt(nonce, text.encode(), name.encode())
    return f"{name}:{base64.b64encode(sealed).decode()}"


def decrypt(value: str) -> str:
    """The text again. Raises ImproperlyConfigured when its key is missing or does not fit."""
    name, _, body = value.partition(":")
    cipher = _ciphers(settings.FIELD_KEYS).get(name)
    if cipher is None:
        raise ImproperlyConfigured(f"缺少解密所需的密钥“{name}”，请在 FIELD_KEYS 中补上。")
    sealed = base64.b64decode(body)
    try:
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode()).decode()
    except InvalidTag:
        raise ImproperlyConfigured(f"密钥“{name}”与数据不符，无法解密。") from None


def keyed_hash(text: str) -> str:
    """HMAC-SHA256 in hex: equal texts give equal values, nothing can be read back."""
    return hmac.new(base64.b64decode(settings.HASH_KEY), text.encode(), hashlib.sha256).hexdigest()
