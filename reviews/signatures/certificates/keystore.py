"""Files of the keystore: private keys and revocation lists, in settings.KEYSTORE."""

import os
import tempfile
from pathlib import Path

from django.conf import settings

from reviews.signatures.certificates import issuing
from reviews.signatures.certificates.issuing import Credential
from reviews.signatures.models import Certificate


class AuthorityError(Exception):
    """Refusal to issue, import or use a certificate; the sentence says why."""


def keep(name: str, data: bytes) -> None:
    """Write a file of the keystore atomically, readable by the portal alone (mode 600)."""
    folder = Path(settings.KEYSTORE)
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(folder / name)


def unlocked(certificate: Certificate) -> Credential:
    """The certificate with its private key. Raises AuthorityError."""
    path = Path(settings.KEYSTORE) / certificate.keystore
    if not path.is_file():
        raise AuthorityError(f"“{certificate}”的密钥文件不在本机，请从备份恢复。")
    try:
        return issuing.unpack(path.read_bytes(), settings.KEYSTORE_PASSPHRASE)
    except issuing.KeystoreUnreadable as error:
        raise AuthorityError(f"“{certificate}”的密钥不能用：{error}") from error
