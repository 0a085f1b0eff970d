"""Master keys: they wrap the data key of each file, lie outside the data folder, and have an id.

`FILE_MASTER_KEYS` names the class that holds them: keys of the environment (here), or keys that
never leave a token (`token_keys.py`).
"""

import os
import re
from functools import cache
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from core.crypto import named_keys
from files.at_rest.ciphers import KEY_BYTES, NONCE_BYTES, FileCipher, cipher, writing_code

KEY_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,32}")


class MasterKeyMissing(ImproperlyConfigured):
    """A file needs a master key that is not at hand; says its id."""


class MasterKeyWrong(ImproperlyConfigured):
    """The key at hand under this id is not the one that wrapped, or what it wrapped was altered."""


class MasterKeys(Protocol):
    """What wraps data keys. `bound_to` is authenticated with them and must come again."""

    @property
    def writing(self) -> str:
        """The id of the key that wraps what is new."""

    @property
    def ids(self) -> frozenset[str]:
        """Of all keys that unwrap."""

    def wrap(self, data_key: bytes, bound_to: bytes, key_id: str = "") -> bytes:
        """Wrapped by that key, or by the one that writes; at most 450 bytes."""

    def unwrap(self, key_id: str, wrapped: bytes, bound_to: bytes) -> bytes:
        """The data key. Raises MasterKeyMissing or MasterKeyWrong."""


class KeysOfSettings:
    """Keys of FILE_KEYS (`id:base64,…`): the first wraps, all unwrap."""

    def __init__(self) -> None:
        self.keys = named_keys("FILE_KEYS", settings.FILE_KEYS)

    @property
    def writing(self) -> str:
        return next(iter(self.keys))

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(self.keys)

    def wrap(self, data_key: bytes, bound_to: bytes, key_id: str = "") -> bytes:
        code, nonce = writing_code(), os.urandom(NONCE_BYTES)
        sealed = self._cipher(key_id or self.writing, code).encrypt(nonce, data_key, bound_to)
        return bytes([code]) + nonce + sealed

    def unwrap(self, key_id: str, wrapped: bytes, bound_to: bytes) -> bytes:
        if key_id not in self.keys:
            raise missing(key_id, "FILE_KEYS")
        code, nonce, sealed = wrapped[0], wrapped[1 : 1 + NONCE_BYTES], wrapped[1 + NONCE_BYTES :]
        if code not in KEY_BYTES:
            raise wrong(key_id)
        try:
            return self._cipher(key_id, code).decrypt(nonce, sealed, bound_to)
        except (InvalidTag, ValueError):
            raise wrong(key_id) from None

    def _cipher(self, key_id: str, code: int) -> FileCipher:
        # A key of its own for each cipher: SM4 takes 16 bytes, and one key serves one cipher.
        info = f"abtc file master key {code}".encode()
        derived = HKDF(algorithm=SHA256(), length=KEY_BYTES[code], salt=None, info=info)
        return cipher(code, derived.derive(self.keys[key_id]))


def master_keys() -> MasterKeys:
    """The keys that this portal uses."""
    return _made(settings.FILE_MASTER_KEYS, settings.FILE_KEYS, settings.FILE_TOKEN_KEYS)


@cache
def _made(name: str, *_values: str) -> MasterKeys:
    made: MasterKeys = import_string(name)()
    return made


def require_id(key_id: str) -> None:
    """Raise ImproperlyConfigured where a head could not hold it."""
    if not KEY_ID.fullmatch(key_id):
        raise ImproperlyConfigured(
            f"文件密钥的编号“{key_id}”不能用：应为1到32个字母、数字、点、下划线或连字符。"
        )


def missing(key_id: str, setting: str) -> MasterKeyMissing:
    return MasterKeyMissing(f"缺少打开文件所需的主密钥“{key_id}”，请在 {setting} 中补上。")


def wrong(key_id: str) -> MasterKeyWrong:
    return MasterKeyWrong(f"主密钥“{key_id}”与文件不符，打不开。")
