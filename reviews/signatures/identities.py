"""Identities that sign: a registered certificate with its key, behind one replaceable class."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property, lru_cache

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from pyhanko.sign.signers import Signer, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from accounts.models import Department
from core.dates import day_words
from reviews.signatures.certificates import issuing
from reviews.signatures.certificates.keystore import AuthorityError, kept, unlocked
from reviews.signatures.certificates.register import certificate_of
from reviews.signatures.certificates.trust import current_trust
from reviews.signatures.models import Certificate
from reviews.signatures.verification.trust import Trust


class SigningFailed(Exception):
    """Refusal to sign; the sentence says why and what to do. Nothing was changed."""


class KeyMissing(SigningFailed):
    """There is no key to sign with."""


class CertificateExpired(SigningFailed):
    """The certificate is outside its time, or revoked."""


class SelfCheckFailed(SigningFailed):
    """A signature that did not prove valid when it was examined, and was thrown away."""


class SignatureIdentity(ABC):
    """A certificate with its key. `settings.SIGNER` names the class; a seal platform plugs in here.

    It is made from a registered certificate and the Trust that its signature must prove valid
    against. An implementation gives a pyHanko Signer: a key in memory, in a token, or behind a
    platform that returns the signature of a digest (subclass Signer, implement async_sign_raw).
    docs/signing.md shows one.
    """

    def __init__(self, certificate: Certificate, trust: Trust) -> None:
        self.certificate = certificate
        self.trust = trust

    def signer(self) -> Signer:
        """A signer that is ready. Raises CertificateExpired or KeyMissing: no key, no signature."""
        now, certificate = timezone.now(), self.certificate
        if certificate.revoked_at is not None:
            raise CertificateExpired(f"证书“{certificate}”已被吊销，请安全管理员签发新证书。")
        if not certificate.not_before <= now < certificate.not_after:
            raise CertificateExpired(
                f"证书“{certificate}”不在有效期内（到{day_words(certificate.not_after)}为止），"
                "请安全管理员换发新证书。"
            )
        return self._keyed

    @cached_property
    def _keyed(self) -> Signer:
        # Opening a key costs a part of a signature: once is enough.
        return self.keyed_signer()

    @abstractmethod
    def keyed_signer(self) -> Signer:
        """The signer with its key at hand. Raises KeyMissing."""

    def issuers(self) -> SimpleCertificateStore:
        """The certificates up to the root, which go into the signature with the signer's own."""
        store = SimpleCertificateStore()
        for issuer in issuing.parse_all(self.certificate.chain_pem):
            store.register(asn1_x509.Certificate.load(issuing.der(issuer)))
        return store


# Deriving the file's key takes an eighth of a signature. The passphrase is in this process's
# memory anyway; the file is still read each time, so that one that was taken away signs no more.
_unpacked = lru_cache(maxsize=16)(issuing.unpack)


class Pkcs12Identity(SignatureIdentity):
    """A key in a PKCS#12 file under settings.KEYSTORE, encrypted with KEYSTORE_PASSPHRASE."""

    def keyed_signer(self) -> Signer:
        try:
            data = kept(self.certificate.keystore)
        except AuthorityError as error:
            raise KeyMissing(str(error)) from error
        if data is None:
            raise KeyMissing(f"证书“{self.certificate}”的密钥文件不在本机，请安全管理员检查。")
        try:
            credential = _unpacked(data, settings.KEYSTORE_PASSPHRASE)
        except issuing.KeystoreUnreadable as error:
            raise KeyMissing(f"证书“{self.certificate}”的密钥不能用：{error}") from error
        if issuing.pem(credential.certificate) != self.certificate.certificate_pem:
            raise KeyMissing(f"密钥文件里的证书不是登记的“{self.certificate}”，请安全管理员检查。")
        return SimpleSigner(
            signing_cert=asn1_x509.Certificate.load(issuing.der(credential.certificate)),
            signing_key=asn1_keys.PrivateKeyInfo.load(issuing.key_der(credential.key)),
            cert_registry=self.issuers(),
            embed_roots=False,
        )


def identity_for(department: Department | None) -> SignatureIdentity:
    """The identity that signs for a department, or with None for the station.

    Raises AuthorityError where no valid certificate or no key is there.
    """
    certificate = certificate_of(department)
    identity: SignatureIdentity = import_string(settings.SIGNER)(certificate, current_trust())
    try:
        identity.signer()
    except SigningFailed as error:
        raise AuthorityError(str(error)) from error
    return identity


def keystore_problem(now: datetime, certificates: Sequence[Certificate]) -> str:
    """What stands in the way of signing and of verifying files now, in words, or "".

    `certificates` are all of them, with their departments.
    """
    in_use = [one for one in certificates if one.keystore and one.is_valid_at(now)]
    try:
        trust = current_trust(certificates)
        for certificate in in_use:
            if certificate.kind == Certificate.Kind.AUTHORITY:
                unlocked(certificate)
            else:
                import_string(settings.SIGNER)(certificate, trust).keyed_signer()
    except (AuthorityError, SigningFailed) as error:
        return str(error)
    return ""


def issues_keys() -> bool:
    """Whether the portal makes its own keys; a token or a seal platform makes them itself."""
    return bool(settings.SIGNER == "reviews.signatures.identities.Pkcs12Identity")
