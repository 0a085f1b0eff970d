"""The station's own certificate authority: roots, certificates, revocation, and whom to trust.

Its certificates prove who signed and that nothing was altered; they are not those of a licensed
authority. Private keys lie in settings.KEYSTORE, encrypted, readable by the portal alone.
"""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.audit import record
from accounts.models import Department, User
from files.pictures import PictureRefused, read_picture
from files.services import store
from reviews.signatures import issuing
from reviews.signatures.chains import ChainBroken, chain_to_root, common_name, read_bundle
from reviews.signatures.issuing import Credential
from reviews.signatures.models import Certificate
from reviews.signatures.seals import SealUnfit, prepared
from reviews.signatures.signing import SignatureIdentity, SigningFailed
from reviews.signatures.verification import STATION, Trust

Kind = Certificate.Kind
TIMESTAMP_ROOTS = "timestamp-roots.pem"
# From here on the page shows how many days are left, and notices go out (expiry.py).
SOON_DAYS = 60


class AuthorityError(Exception):
    """A certificate cannot be issued, imported or used; the sentence says why."""


def identity_for(department: Department | None) -> SignatureIdentity:
    """Who signs for a department, or with None for the station, with its key at hand.

    Raises AuthorityError where no valid certificate or no key is there.
    """
    certificate = certificate_of(department)
    identity: SignatureIdentity = import_string(settings.SIGNER)(certificate, trust())
    try:
        identity.signer()
    except SigningFailed as error:
        raise AuthorityError(str(error)) from error
    return identity


def certificate_of(department: Department | None) -> Certificate:
    """The certificate that signs for a department now. Raises AuthorityError without one."""
    certificate = current(department)
    if certificate is None:
        raise AuthorityError(f"{name_of(department)}没有有效的签名证书，请安全管理员签发或导入。")
    return certificate


def current(department: Department | None) -> Certificate | None:
    """The newest valid certificate of a department, or with None of the station."""
    valid = Certificate.objects.valid()
    return valid.filter(kind=_kind(department), department=department).first()


def trust() -> Trust:
    """Every root that ever signed for us, with its revocation list, and who owns which."""
    certificates = list(Certificate.objects.select_related("department"))
    roots = [certificate for certificate in certificates if certificate.kind == Kind.AUTHORITY]
    owned = [certificate for certificate in certificates if certificate.kind != Kind.AUTHORITY]
    timestamp_roots = Path(settings.KEYSTORE) / TIMESTAMP_ROOTS
    return Trust(
        roots=tuple(root.certificate_pem.encode() for root in roots),
        crls=tuple(_crl(root) for root in roots if root.keystore),
        timestamp_roots=_split_pem(timestamp_roots),
        owners={_fingerprint(one): _owner_code(one) for one in owned},
        revoked={_fingerprint(one): one.revoked_at for one in owned if one.revoked_at is not None},
    )


def _owner_code(certificate: Certificate) -> str:
    return certificate.department.code if certificate.department else STATION


def _fingerprint(certificate: Certificate) -> str:
    return issuing.parse(certificate.certificate_pem).fingerprint(hashes.SHA256()).hex()


def _split_pem(path: Path) -> tuple[bytes, ...]:
    if not path.is_file():
        return ()
    found = x509.load_pem_x509_certificates(path.read_bytes())
    return tuple(issuing.der(certificate) for certificate in found)


# Issuing ------------------------------------------------------------------------------------------


def ensure(*, by: User | None = None) -> list[Certificate]:
    """Issue what is missing: a root, the station's and every department's. What was issued."""
    owners: list[Department | None] = [None, *Department.objects.all()]
    return [issue(owner, by=by) for owner in owners if current(owner) is None]


@transaction.atomic
def issue(department: Department | None, *, by: User | None = None) -> Certificate:
    """A new certificate with a new key; the one before it signs no more but stays trusted."""
    root = _unlocked(_root(by=by))
    name, code = _subject(department)
    made = issuing.make_signer(root=root, common_name=name, department=code, now=timezone.now())
    return _register(made, _kind(department), department, by=by)


@transaction.atomic
def enroll(
    department: Department | None,
    *,
    public_key: ec.EllipticCurvePublicKey,
    keystore: str,
    by: User | None = None,
) -> Certificate:
    """A certificate for a key that lives elsewhere; `keystore` is how the signer finds it."""
    root = _unlocked(_root(by=by))
    name, code = _subject(department)
    made = issuing.certify_key(
        root=root, public_key=public_key, common_name=name, department=code, now=timezone.now()
    )
    return _succeed(made, _kind(department), department, keystore=keystore, by=by)


def _subject(department: Department | None) -> tuple[str, str]:
    """The name and the code that a certificate is made out to."""
    if department is None:
        return settings.STATION_NAME, STATION
    return f"{settings.DISTRICT_NAME}{department.name.removeprefix('区')}", department.code


def _kind(department: Department | None) -> Kind:
    return Kind.STATION if department is None else Kind.DEPARTMENT


def _root(*, by: User | None) -> Certificate:
    """The root that issues now; a new generation when there is none or it ends too soon."""
    lasts = timezone.now() + issuing.SIGNER_LIFE
    roots = Certificate.objects.valid().filter(kind=Kind.AUTHORITY, not_after__gt=lasts)
    root = roots.exclude(keystore="").first()
    return root or _new_root(by=by)


def _new_root(*, by: User | None) -> Certificate:
    # A name of its own: validators confuse two roots of one name.
    generation = Certificate.objects.filter(kind=Kind.AUTHORITY).count() + 1
    made = issuing.make_root(
        common_name=f"{settings.STATION_NAME}签名根证书 G{generation}",
        organization=settings.STATION_NAME,
        now=timezone.now(),
    )
    return _register(made, Kind.AUTHORITY, None, by=by)


def _register(
    made: Credential,
    kind: Kind,
    department: Department | None,
    *,
    chain: Sequence[x509.Certificate] = (),
    by: User | None,
) -> Certificate:
    """Keep the key, then the row."""
    keystore = f"{made.serial}.p12"
    _keep(keystore, issuing.pack(made, settings.KEYSTORE_PASSPHRASE))
    return _succeed(made.certificate, kind, department, keystore=keystore, chain=chain, by=by)


def _succeed(
    made: x509.Certificate,
    kind: Kind,
    department: Department | None,
    *,
    keystore: str,
    chain: Sequence[x509.Certificate] = (),
    by: User | None,
) -> Certificate:
    """The row of a new certificate; an older one of the same owner is superseded."""
    older = Certificate.objects.filter(kind=kind, department=department).exclude(keystore="")
    older.filter(superseded_at__isnull=True).update(superseded_at=timezone.now())
    certificate = _row(made, kind, department, keystore=keystore, chain=chain)
    action = "certificate.import" if certificate.is_from_outside else "certificate.issue"
    record(action, certificate, by=by, after={"serial": certificate.serial})
    return certificate


def _row(
    certificate: x509.Certificate,
    kind: Kind,
    department: Department | None,
    *,
    keystore: str,
    chain: Sequence[x509.Certificate] = (),
) -> Certificate:
    # It signs no longer than its issuers stand.
    last = min(one.not_valid_after_utc for one in (certificate, *chain))
    return Certificate.objects.create(
        kind=kind,
        department=department,
        common_name=common_name(certificate)[:120],
        serial=issuing.serial_text(certificate),
        not_before=certificate.not_valid_before_utc,
        not_after=last,
        certificate_pem=issuing.pem(certificate),
        chain_pem="".join(issuing.pem(issuer) for issuer in chain),
        keystore=keystore,
    )


def _keep(name: str, data: bytes) -> None:
    """Write a file of the keystore at once and for the portal alone (mode 600)."""
    folder = Path(settings.KEYSTORE)
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(folder / name)


def _unlocked(certificate: Certificate) -> Credential:
    path = Path(settings.KEYSTORE) / certificate.keystore
    if not path.is_file():
        raise AuthorityError(f"“{certificate}”的密钥文件不在本机，请从备份恢复。")
    try:
        return issuing.unpack(path.read_bytes(), settings.KEYSTORE_PASSPHRASE)
    except issuing.KeystoreUnreadable as error:
        raise AuthorityError(f"“{certificate}”的密钥不能用：{error}") from error


@transaction.atomic
def import_pkcs12(
    department: Department,
    *,
    data: bytes,
    passphrase: str,
    chain: bytes = b"",
    by: User | None = None,
) -> Certificate:
    """Register a department's own certificate with its key, issued by an authority outside.

    Its issuers up to the root come in the PKCS#12 file, in `chain` (chains.read_bundle) or in
    both; roots registered before need not come again. The key is kept encrypted with the
    portal's passphrase, not with the one it came with. Raises AuthorityError.
    """
    try:
        given = issuing.unpack(data, passphrase)
    except issuing.KeystoreUnreadable as error:
        raise AuthorityError(str(error)) from error
    path = _accepted_chain(given.certificate, given.others, chain)
    own = replace(given, others=())
    return _register(own, Kind.DEPARTMENT, department, chain=path, by=by)


@transaction.atomic
def import_certificate(
    department: Department,
    *,
    data: bytes,
    keystore: str,
    chain: bytes = b"",
    by: User | None = None,
) -> Certificate:
    """Register a certificate from outside whose key lies in a token or a seal platform.

    `keystore` is how settings.SIGNER's class finds the key. Raises AuthorityError.
    """
    try:
        certificate, *others = read_bundle(data)
    except ChainBroken as error:
        raise AuthorityError(str(error)) from error
    path = _accepted_chain(certificate, others, chain)
    return _succeed(certificate, Kind.DEPARTMENT, department, keystore=keystore, chain=path, by=by)


def _accepted_chain(
    certificate: x509.Certificate, others: Sequence[x509.Certificate], bundle: bytes
) -> tuple[x509.Certificate, ...]:
    """The certificate's issuers, once they have proved good; their root is trusted from now on."""
    serial = issuing.serial_text(certificate)
    if Certificate.objects.filter(serial=serial).exclude(keystore="").exists():
        raise AuthorityError(f"序列号为{serial}的证书已经登记过。")
    roots = Certificate.objects.filter(kind=Kind.AUTHORITY)
    known = [issuing.parse(root.certificate_pem) for root in roots]
    try:
        given = read_bundle(bundle) if bundle else []
        path = chain_to_root(certificate, [*others, *given, *known], now=timezone.now())
    except ChainBroken as error:
        raise AuthorityError(str(error)) from error
    _trust_root(path[-1], known)
    return path


def issuers_of(certificate: Certificate) -> list[tuple[str, str]]:
    """Name and SHA-256 fingerprint of each issuer of an imported certificate, the root last."""
    chain = issuing.parse_all(certificate.chain_pem)
    return [(common_name(one), one.fingerprint(hashes.SHA256()).hex(":")) for one in chain]


def _trust_root(root: x509.Certificate, known: list[x509.Certificate]) -> None:
    """Register it unless it is known. Validators confuse two roots of one name: all would fail."""
    if root in known:
        return
    if any(root.subject == other.subject for other in known):
        raise AuthorityError(
            f"已经登记过同名的另一张根证书“{common_name(root)}”，"
            "两张同名的根会使核验出错，不能导入。"
        )
    _row(root, Kind.AUTHORITY, None, keystore="")


@transaction.atomic
def register_seal(department: Department, picture: bytes, *, by: User | None = None) -> Certificate:
    """Show this picture of the department's official electronic seal in what it signs from now on.

    Only a seal that the department really holds may be registered: a picture is no seal, and the
    audit trail keeps who registered it. A new certificate needs it registered anew.
    """
    certificate = current(department)
    if certificate is None:
        raise AuthorityError(f"{department}没有有效的签名证书，请先签发或导入，再登记印章图片。")
    try:
        seal = prepared(read_picture(picture).image)
    except (PictureRefused, SealUnfit) as error:
        raise AuthorityError(f"印章图片不能用：{error}") from error
    stored = store(seal, media_type="image/png", name=f"{department}印章", by=by)
    certificate.seal_image = stored
    certificate.save(update_fields=["seal_image"])
    record("certificate.seal", certificate, by=by, after={"sha256": stored.sha256})
    return certificate


# Revoking -----------------------------------------------------------------------------------------


@transaction.atomic
def revoke(certificate: Certificate, *, reason: str, by: User | None = None) -> None:
    """From now on nothing signed with it is trusted; what was signed before stays valid."""
    if certificate.kind == Kind.AUTHORITY:
        raise AuthorityError("根证书不能吊销：它签发的证书会全部失效。请逐张吊销，再换发。")
    if certificate.revoked_at is not None:
        raise AuthorityError(f"证书“{certificate}”已经吊销过了。")
    if not reason.strip():
        raise AuthorityError("吊销证书需要写明原因。")
    certificate.revoked_at, certificate.revoked_reason = timezone.now(), reason.strip()
    certificate.save(update_fields=["revoked_at", "revoked_reason"])
    record("certificate.revoke", certificate, by=by, after={"reason": reason})
    for root in Certificate.objects.filter(kind=Kind.AUTHORITY).exclude(keystore=""):
        _write_crl(root)


def _crl(root: Certificate) -> bytes:
    """The root's revocation list as kept on disk, made anew when half of its life is over."""
    path = _crl_path(root)
    if path.is_file():
        data = path.read_bytes()
        next_update = x509.load_der_x509_crl(data).next_update_utc
        if next_update and next_update - timezone.now() > issuing.CRL_LIFE / 2:
            return data
    return _write_crl(root)


def _crl_path(root: Certificate) -> Path:
    return Path(settings.KEYSTORE) / f"{root.serial}.crl"


def _write_crl(root: Certificate) -> bytes:
    credential, now = _unlocked(root), timezone.now()
    revocations = []
    for certificate in Certificate.objects.filter(revoked_at__isnull=False):
        parsed = issuing.parse(certificate.certificate_pem)
        if parsed.issuer == credential.certificate.subject and certificate.revoked_at:
            revocations.append(issuing.Revocation(parsed.serial_number, certificate.revoked_at))
    crl = issuing.make_crl(
        root=credential, revocations=revocations, number=int(now.timestamp()), now=now
    )
    _keep(_crl_path(root).name, crl)
    return crl


# The page -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Owner:
    """The station or a department with the certificate it signs with now, and how that stands."""

    code: str
    name: str
    certificate: Certificate | None
    label: str
    badge: str

    @property
    def may_have_seal(self) -> bool:
        return self.code != STATION


def name_of(department: Department | None) -> str:
    return department.name if department else "服务站"


def owners(now: datetime) -> list[Owner]:
    """The station, then the departments."""
    newest: dict[int | None, Certificate] = {}
    for certificate in Certificate.objects.valid(now).exclude(kind=Kind.AUTHORITY):
        newest.setdefault(certificate.department_id, certificate)
    return [
        _owner(department, newest.get(department.pk if department else None), now)
        for department in (None, *Department.objects.all())
    ]


def _owner(department: Department | None, certificate: Certificate | None, now: datetime) -> Owner:
    label, badge = "没有有效证书", "late"
    if certificate:
        left = (certificate.not_after - now).days
        label, badge = ("有效", "done") if left >= SOON_DAYS else (f"还有{left}天到期", "act")
    code = department.code if department else STATION
    return Owner(code, name_of(department), certificate, label, badge)


def issues_keys() -> bool:
    """Whether keys are made here; those of a token or a platform are made there."""
    return bool(settings.SIGNER == "reviews.signatures.signing.Pkcs12Identity")


# Expiry -------------------------------------------------------------------------------------------


def expiring(now: datetime, *, within: timedelta) -> list[Certificate]:
    """Certificates in use that end within this time, the soonest first."""
    found = Certificate.objects.valid(now).filter(not_after__lte=now + within)
    return list(found.exclude(keystore="").order_by("not_after"))
