"""The two ciphers for files: AES-256-GCM, and SM4-GCM where national ciphers are called for."""

from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16


class FileCipher(Protocol):
    """Authenticated encryption. `decrypt` raises InvalidTag where anything was altered."""

    def encrypt(self, nonce: bytes, data: bytes, bound_to: bytes, /) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, bound_to: bytes, /) -> bytes: ...


class SM4GCM:
    """SM4 in GCM with the face that `cryptography` gives to AES (GB/T 32907, GB/T 36624)."""

    def __init__(self, key: bytes) -> None:
        self.algorithm = SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, bound_to: bytes, /) -> bytes:
        encryptor = Cipher(self.algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(bound_to)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, bound_to: bytes, /) -> bytes:
        if len(data) < TAG_BYTES:
            raise InvalidTag
        mode = modes.GCM(nonce, data[-TAG_BYTES:])
        decryptor = Cipher(self.algorithm, mode).decryptor()
        decryptor.authenticate_additional_data(bound_to)
        return decryptor.update(data[:-TAG_BYTES]) + decryptor.finalize()


AES: Final = 1
SM4_CODE: Final = 2
CODES: Final = {"aes": AES, "sm4": SM4_CODE}
KEY_BYTES: Final = {AES: 32, SM4_CODE: 16}


def cipher(code: int, key: bytes) -> FileCipher:
    """The cipher of a head's number, which is one of KEY_BYTES."""
    return SM4GCM(key) if code == SM4_CODE else AESGCM(key)


def writing_code() -> int:
    """The number of the cipher that FILE_CIPHER names."""
    code = CODES.get(settings.FILE_CIPHER)
    if code is None:
        raise ImproperlyConfigured("FILE_CIPHER 应为 aes 或 sm4。")
    return code
