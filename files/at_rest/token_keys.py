"""Master keys that never leave a PKCS#11 token: a hardware module wraps the data keys.

Set FILE_MASTER_KEYS=files.at_rest.token_keys.TokenKeys, FILE_TOKEN_KEYS to the labels of AES keys
in the token (the first wraps, all unwrap), and PKCS11_MODULE, PKCS11_TOKEN, PKCS11_PIN.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pkcs11
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from pkcs11 import KeyType, Mechanism, ObjectClass
from pkcs11.mechanisms import GCMParams

from files.at_rest.ciphers import NONCE_BYTES, TAG_BYTES
from files.at_rest.master_keys import missing, require_id, wrong

SETTING: Final = "FILE_TOKEN_KEYS"
WRONG: Final = (pkcs11.EncryptedDataInvalid, pkcs11.EncryptedDataLenRange, pkcs11.GeneralError)


class TokenKeys:
    """AES keys of a token, each with its label as its id; every use has a session of its own."""

    def __init__(self) -> None:
        self.labels = [label.strip() for label in settings.FILE_TOKEN_KEYS.split(",")]
        for label in self.labels:
            require_id(label)

    @property
    def writing(self) -> str:
        return str(self.labels[0])

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(self.labels)

    def wrap(self, data_key: bytes, bound_to: bytes, key_id: str = "") -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        with _key(key_id or self.writing) as key:
            sealed = key.encrypt(
                data_key,
                mechanism=Mechanism.AES_GCM,
                mechanism_param=GCMParams(nonce, bound_to, TAG_BYTES * 8),
            )
        return nonce + bytes(sealed)

    def unwrap(self, key_id: str, wrapped: bytes, bound_to: bytes) -> bytes:
        if key_id not in self.ids:
            raise missing(key_id, SETTING)
        nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        with _key(key_id) as key:
            try:
                return bytes(
                    key.decrypt(
                        sealed,
                        mechanism=Mechanism.AES_GCM,
                        mechanism_param=GCMParams(nonce, bound_to, TAG_BYTES * 8),
                    )
                )
            # A token has several words for a tag that does not fit.
            except WRONG:
                raise wrong(key_id) from None


@contextmanager
def _key(label: str) -> Iterator[Any]:
    """The key in a session. Raises ImproperlyConfigured with a sentence for what may be wrong."""
    try:
        library = pkcs11.lib(settings.PKCS11_MODULE)
        token = library.get_token(token_label=settings.PKCS11_TOKEN)
        with token.open(user_pin=settings.PKCS11_PIN) as session:
            yield session.get_key(ObjectClass.SECRET_KEY, KeyType.AES, label=label)
    except pkcs11.NoSuchKey as error:
        raise missing(label, "密钥介质") from error
    except pkcs11.PinIncorrect as error:
        raise ImproperlyConfigured(
            "密钥介质的口令（PIN）不对，请检查 PKCS11_PIN；多次出错会锁住介质。"
        ) from error
    except pkcs11.NoSuchToken as error:
        raise ImproperlyConfigured(
            f"找不到名为“{settings.PKCS11_TOKEN}”的密钥介质，请检查是否插好。"
        ) from error
    except (pkcs11.PKCS11Error, RuntimeError) as error:
        raise ImproperlyConfigured("密钥介质不能用，请检查 PKCS11_MODULE 和介质。") from error
