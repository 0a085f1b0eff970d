"""Register of certificates: each owner's current one, new ones, seals, and which end soon."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography import x509
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import Department, User
from files.pictures import PictureRefused, read_picture
from files.services import store
from reviews.signatures.certificates import issuing
from reviews.signatures.certificates.chains import common_name
from reviews.signatures.certificates.issuing import Credential
from reviews.signatures.certificates.keystore import AuthorityError, keep
from reviews.signatures.certificates.seal_doubts import doubts_of_seal
from reviews.signatures.certificates.seals import SealUnfit, prepared
from reviews.signatures.fields import STATION_TITLE
from reviews.signatures.models import Certificate

Kind = Certificate.Kind


def certificate_of(department: Department | None) -> Certificate:
    """The certificate that signs for a department now. Raises AuthorityError without one."""
    certificate = current(department)
    if certificate is None:
        raise AuthorityError(f"{name_of(department)}没有有效的签名证书，请安全管理员签发或导入。")
    return certificate


def current(department: Department | None) -> Certificate | None:
    """The newest valid certificate of a department, or with None of the station."""
    valid = Certificate.objects.valid()
    return valid.filter(kind=kind_of(department), department=department).first()


def name_of(department: Department | None) -> str:
    return department.name if department else STATION_TITLE


def kind_of(department: Department | None) -> Kind:
    """The kind of certificate with which a department, or with None the station, signs."""
    return Kind.STATION if department is None else Kind.DEPARTMENT


def register(
    made: Credential,
    kind: Kind,
    department: Department | None,
    *,
    chain: Sequence[x509.Certificate] = (),
    by: User | None,
) -> Certificate:
    """Register a certificate: its key in the keystore, then its row."""
    keystore = f"{made.serial}.p12"
    keep(keystore, issuing.pack(made, settings.KEYSTORE_PASSPHRASE))
    return succeed(made.certificate, kind, department, keystore=keystore, chain=chain, by=by)


def succeed(
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
    certificate = add_row(made, kind, department, keystore=keystore, chain=chain)
    action = "certificate.import" if certificate.is_from_outside else "certificate.issue"
    record(action, certificate, by=by, after={"serial": certificate.serial})
    return certificate


def add_row(
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


def register_seal(department: Department, picture: bytes, *, by: User | None = None) -> Certificate:
    """Register a picture without a preview, as the command does. Raises AuthorityError."""
    seal, _ = prepare_seal(picture)
    return keep_seal(department, seal, by=by)


def prepare_seal(picture: bytes) -> tuple[bytes, list[str]]:
    """The picture as it is printed (a small PNG), and what speaks against it, in sentences.

    Raises AuthorityError where it cannot be printed over words at all.
    """
    try:
        image = read_picture(picture).image
        return prepared(image), doubts_of_seal(image)
    except (PictureRefused, SealUnfit) as error:
        raise AuthorityError(f"印章图片不能用：{error}") from error


@transaction.atomic
def keep_seal(department: Department, seal: bytes, *, by: User | None = None) -> Certificate:
    """Register a prepared picture of a department's seal, shown in what it signs from now on.

    Only a seal that the department really holds may be registered: a picture is no seal, and the
    audit trail keeps who registered it. A new certificate needs it registered anew.
    """
    certificate = current(department)
    if certificate is None:
        raise AuthorityError(f"{department}没有有效的签名证书，请先签发或导入，再登记印章图片。")
    stored = store(seal, media_type="image/png", name=f"{department}印章", by=by)
    certificate.seal_image = stored
    certificate.save(update_fields=["seal_image"])
    record("certificate.seal", certificate, by=by, after={"sha256": stored.sha256})
    return certificate


@transaction.atomic
def remove_seal(department: Department, *, by: User | None = None) -> None:
    """Show no seal in what is signed from now on; what was signed stays. Twice does no harm."""
    certificate = current(department)
    if certificate is None or certificate.seal_image is None:
        return
    before = {"sha256": certificate.seal_image.sha256}
    certificate.seal_image = None
    certificate.save(update_fields=["seal_image"])
    record("certificate.seal_remove", certificate, by=by, before=before)


def expiring(now: datetime, *, within: timedelta) -> list[Certificate]:
    """Certificates in use that end within this time, the soonest first."""
    found = Certificate.objects.valid(now).filter(not_after__lte=now + within)
    return list(found.exclude(keystore="").order_by("not_after"))
