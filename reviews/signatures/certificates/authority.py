"""The station's own certificate authority: its roots, what they issue, and what is revoked.

Its certificates prove who signed and that nothing was altered; they are not those of a licensed
authority. Private keys lie in settings.KEYSTORE, encrypted, readable by the portal alone.
"""

import logging
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import Department, User
from reviews.signatures.certificates import issuing
from reviews.signatures.certificates.keystore import AuthorityError, keep, kept, unlocked
from reviews.signatures.certificates.register import Kind, current, kind_of, register, succeed
from reviews.signatures.fields import STATION
from reviews.signatures.models import Certificate

logger = logging.getLogger(__name__)
GONE = timedelta(0)


def ensure(*, by: User | None = None) -> list[Certificate]:
    """Issue the certificates that are missing: a root, the station's, every department's.

    Returns those that were issued.
    """
    owners: list[Department | None] = [None, *Department.objects.all()]
    return [issue(owner, by=by) for owner in owners if current(owner) is None]


@transaction.atomic
def rename(*, by: User | None = None) -> list[Certificate]:
    """Issue anew what is made out to a name that the station or a department had before.

    Only what this authority issued with a key of its own; what came from outside is its owner's.
    """
    roots = Certificate.objects.valid().filter(kind=Kind.AUTHORITY).exclude(keystore="")
    root = roots.first()
    if root is not None and not root.common_name.startswith(settings.STATION_NAME):
        _new_root(by=by)
    owners: list[Department | None] = [None, *Department.objects.all()]
    return [issue(owner, by=by) for owner in owners if _has_old_name(owner)]


def _has_old_name(owner: Department | None) -> bool:
    standing = current(owner)
    if standing is None or standing.chain_pem or not standing.keystore.endswith(".p12"):
        return False
    return standing.common_name != _subject(owner)[0][:120]


@transaction.atomic
def issue(department: Department | None, *, by: User | None = None) -> Certificate:
    """A new certificate with a new key; the one before it stays trusted but signs no more."""
    root = unlocked(_root(by=by))
    name, code = _subject(department)
    made = issuing.make_signer(root=root, common_name=name, department=code, now=timezone.now())
    return register(made, kind_of(department), department, by=by)


@transaction.atomic
def enroll(
    department: Department | None,
    *,
    public_key: ec.EllipticCurvePublicKey,
    keystore: str,
    by: User | None = None,
) -> Certificate:
    """A certificate for a key that lives elsewhere; `keystore` is how the signer finds it."""
    root = unlocked(_root(by=by))
    name, code = _subject(department)
    made = issuing.certify_key(
        root=root, public_key=public_key, common_name=name, department=code, now=timezone.now()
    )
    return succeed(made, kind_of(department), department, keystore=keystore, by=by)


def _subject(department: Department | None) -> tuple[str, str]:
    """The name and the code that a certificate is made out to."""
    if department is None:
        return settings.STATION_NAME, STATION
    return department.full_name, department.code


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
    return register(made, Kind.AUTHORITY, None, by=by)


@transaction.atomic
def revoke(certificate: Certificate, *, reason: str, by: User | None = None) -> None:
    """Revoke a certificate: what it signs from now on is not trusted, what it signed before is."""
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
        keep(_list_name(root), _new_list(root))


def revocation_list(root: Certificate) -> bytes:
    """The root's revocation list as kept on disk, made anew when half of its life is over.

    One that is missing or damaged is made anew from the rows, which are the truth, and serves
    also where it cannot be kept. Raises AuthorityError where there is none and none can be made.
    """
    data = kept(_list_name(root))
    lasts = _lasts(data)
    if data is not None and lasts > issuing.CRL_LIFE / 2:
        return data
    try:
        made = _new_list(root)
    except AuthorityError:
        if data is None or lasts <= GONE:
            raise
        logger.exception("吊销列表没有更新，现有的一份还在有效期内")
        return data
    try:
        keep(_list_name(root), made)
    except AuthorityError:
        logger.exception("吊销列表没有存下来，下次重新生成")
    return made


def _lasts(data: bytes | None) -> timedelta:
    """How long a stored list is still good for; nothing where it is none."""
    try:
        next_update = x509.load_der_x509_crl(data or b"").next_update_utc
    except ValueError:
        return GONE
    return next_update - timezone.now() if next_update else GONE


def _list_name(root: Certificate) -> str:
    return f"{root.serial}.crl"


def _new_list(root: Certificate) -> bytes:
    credential, now = unlocked(root), timezone.now()
    revocations = []
    for certificate in Certificate.objects.filter(revoked_at__isnull=False):
        parsed = issuing.parse(certificate.certificate_pem)
        if parsed.issuer == credential.certificate.subject and certificate.revoked_at:
            revocations.append(issuing.Revocation(parsed.serial_number, certificate.revoked_at))
    return issuing.make_crl(
        root=credential, revocations=revocations, number=int(now.timestamp()), now=now
    )
