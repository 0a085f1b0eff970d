"""Files of the keystore: private keys and revocation lists, in settings.KEYSTORE.

Where hosts share a bucket and no folder, they lie there, as the keys of one host would sign nothing
on another (ADR 82). Each private key is encrypted with KEYSTORE_PASSPHRASE either way.
"""

import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from core.faults import fault_words
from reviews.signatures.certificates import issuing
from reviews.signatures.certificates.issuing import Credential
from reviews.signatures.models import Certificate


class AuthorityError(Exception):
    """Refusal to issue, import or use a certificate; the sentence says why."""


def keep(name: str, data: bytes) -> None:
    """Write a file of the keystore atomically, readable by the portal alone (mode 600).

    Raises AuthorityError, and then leaves the keystore as it was.
    """
    shared = shared_keystore()
    try:
        if shared is None:
            _write(Path(settings.KEYSTORE), name, data)
        else:
            shared.save(name, ContentFile(data))
    except OSError as error:
        raise AuthorityError(f"签名密钥库写不进去：{fault_words(error)}。") from error


def _write(folder: Path, name: str, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(folder / name)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def kept(name: str) -> bytes | None:
    """A file of the keystore, None where there is none. Raises AuthorityError."""
    if not name:
        return None
    shared = shared_keystore()
    try:
        if shared is None:
            return (Path(settings.KEYSTORE) / name).read_bytes()
        with shared.open(name) as file:
            data: bytes = file.read()
            return data
    except FileNotFoundError:
        return None
    except OSError as error:
        raise AuthorityError(f"签名密钥库读不出来：{fault_words(error)}。") from error


def shared_keystore() -> Storage | None:
    """Where the files lie that hosts share; None where they lie in settings.KEYSTORE."""
    return storages["keystore"] if "keystore" in settings.STORAGES else None


def unlocked(certificate: Certificate) -> Credential:
    """The certificate with its private key. Raises AuthorityError."""
    data = kept(certificate.keystore)
    if data is None:
        raise AuthorityError(f"“{certificate}”的密钥文件不在本机，请从备份恢复。")
    try:
        return issuing.unpack(data, settings.KEYSTORE_PASSPHRASE)
    except issuing.KeystoreUnreadable as error:
        raise AuthorityError(f"“{certificate}”的密钥不能用：{error}") from error
