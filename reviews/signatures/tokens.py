"""Signing with a key that never leaves a PKCS#11 token: a smart card, a hardware module.

Set SIGNER=reviews.signatures.tokens.Pkcs11Identity and PKCS11_MODULE, PKCS11_TOKEN, PKCS11_PIN.
The key is made in the token with its maker's tool; `manage.py certificates enroll` then
certifies it.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pkcs11
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.conf import settings
from pkcs11 import KeyType, Mechanism, ObjectClass
from pkcs11.util.ec import encode_ec_public_key, encode_ecdsa_signature
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from reviews.signatures.certificates import issuing
from reviews.signatures.identities import KeyMissing, SignatureIdentity

logger = logging.getLogger(__name__)
# A certificate whose key lies in the token names it in this way where others name their file.
SCHEME: Final = "pkcs11:"
# A P-256 signature in DER is at most this long.
SIGNATURE_BYTES: Final = 72


@contextmanager
def _session(pin: str | None = None) -> Iterator[pkcs11.Session]:
    """A session with the token. Raises KeyMissing with a sentence for what may be wrong.

    Without `pin` it reads what is public: a wrong PIN must not lock the token by being tried at
    every preview.
    """
    try:
        library = pkcs11.lib(settings.PKCS11_MODULE)
        token = library.get_token(token_label=settings.PKCS11_TOKEN)
        with token.open(user_pin=pin) as session:
            yield session
    except pkcs11.PinIncorrect as error:
        raise KeyMissing(
            "签名介质的口令（PIN）不对，请检查 PKCS11_PIN；多次出错会锁住介质。"
        ) from error
    except pkcs11.PinLocked as error:
        raise KeyMissing("签名介质的口令（PIN）已锁住，请用介质自带的工具解锁。") from error
    except pkcs11.NoSuchToken as error:
        raise KeyMissing(
            f"找不到名为“{settings.PKCS11_TOKEN}”的签名介质，请检查是否插好。"
        ) from error
    except pkcs11.NoSuchKey as error:
        raise KeyMissing("签名介质里没有登记的密钥。") from error
    except (pkcs11.PKCS11Error, RuntimeError) as error:
        logger.exception("签名介质不能用")
        raise KeyMissing("签名介质不能用，请检查 PKCS11_MODULE 和介质。") from error


def public_key(label: str) -> ec.EllipticCurvePublicKey:
    """The public half of a key in the token, for certifying it. Raises KeyMissing."""
    with _session() as session:
        found: Any = session.get_key(ObjectClass.PUBLIC_KEY, KeyType.EC, label=label)
        key = load_der_public_key(encode_ec_public_key(found))
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise KeyMissing(f"签名介质里的“{label}”不是 P-256 椭圆曲线密钥。")
    return key


class _TokenSigner(Signer):
    """Signer whose token signs the digest; each signature has a session of its own."""

    def __init__(
        self, certificate: asn1_x509.Certificate, issuers: SimpleCertificateStore, label: str
    ) -> None:
        super().__init__(signing_cert=certificate, cert_registry=issuers, embed_roots=False)
        self.label = label

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        if dry_run:
            return bytes(SIGNATURE_BYTES)
        digest = hashlib.new(digest_algorithm, data).digest()
        with _session(settings.PKCS11_PIN) as session:
            key: Any = session.get_key(ObjectClass.PRIVATE_KEY, KeyType.EC, label=self.label)
            return bytes(encode_ecdsa_signature(key.sign(digest, mechanism=Mechanism.ECDSA)))


class Pkcs11Identity(SignatureIdentity):
    """A certificate whose key lies in the token under the label that `keystore` names."""

    def keyed_signer(self) -> Signer:
        label = self.certificate.keystore.removeprefix(SCHEME)
        if label in ("", self.certificate.keystore):
            raise KeyMissing(f"证书“{self.certificate}”的密钥不在签名介质里，请重新签发。")
        certified = issuing.parse(self.certificate.certificate_pem)
        if public_key(label) != certified.public_key():
            raise KeyMissing(f"签名介质里的密钥不是证书“{self.certificate}”的，请检查。")
        signing = asn1_x509.Certificate.load(issuing.der(certified))
        return _TokenSigner(signing, self.issuers(), label)
