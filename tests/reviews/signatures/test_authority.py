"""The station's own certificate authority."""

import errno
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.models import AuditEvent, Department
from reviews.signatures.certificates import authority, issuing, register
from reviews.signatures.certificates.keystore import AuthorityError, unlocked
from reviews.signatures.certificates.trust import current_trust
from reviews.signatures.identities import SignatureIdentity, identity_for
from reviews.signatures.models import Certificate
from reviews.signatures.signing import certify
from reviews.signatures.verification.examining import examine
from reviews.table_facts import seal_of
from tests.reviews import papers
from tests.reviews.test_pdf import seal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keystore(settings: Settings, tmp_path: Path) -> Path:
    settings.KEYSTORE = tmp_path
    return tmp_path


@pytest.fixture
def tax() -> Department:
    return Department.objects.get(code="tax")


def certify_form() -> bytes:
    base, boxes = papers.base()
    return certify(base, boxes, identity_for(None))


def is_valid(pdf: bytes) -> bool:
    return examine(pdf, current_trust()).valid


def test_ensure_issues_for_the_station_and_all_five_departments_once() -> None:
    assert [str(one.department or "服务站") for one in authority.ensure()] == [
        "服务站",
        "区商务委",
        "区税务局",
        "区公安局",
        "区人力社保局",
        "区政府外办",
    ]
    assert authority.ensure() == []
    assert Certificate.objects.filter(kind="ca").count() == 1


def test_keys_are_encrypted_files_that_only_the_portal_reads(
    keystore: Path, tax: Department
) -> None:
    certificate = authority.issue(tax)
    path = keystore / certificate.keystore
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(ValueError, match="password"):
        pkcs12.load_key_and_certificates(path.read_bytes(), b"another passphrase")


def test_without_a_certificate_nobody_signs(tax: Department) -> None:
    with pytest.raises(AuthorityError, match="区税务局没有有效的签名证书"):
        identity_for(tax)


def test_without_the_key_file_nobody_signs(keystore: Path, tax: Department) -> None:
    (keystore / authority.issue(tax).keystore).unlink()
    with pytest.raises(AuthorityError, match="密钥文件不在本机"):
        identity_for(tax)


@pytest.mark.parametrize("damaged", ["folder", "key"])
def test_a_keystore_that_cannot_be_read_is_told_without_its_path(
    keystore: Path, tax: Department, settings: Settings, damaged: str
) -> None:
    certificate = authority.issue(tax)
    if damaged == "folder":
        settings.KEYSTORE = keystore / certificate.keystore
    else:
        (keystore / certificate.keystore).unlink()
        (keystore / certificate.keystore).mkdir()
    with pytest.raises(AuthorityError, match=r"^签名密钥库读不出来：系统需要的文件不在原处。$"):
        identity_for(tax)


def test_on_a_full_disk_no_certificate_is_issued_and_nothing_is_left(
    keystore: Path, tax: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(keystore))

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(AuthorityError, match=r"^签名密钥库写不进去：系统的磁盘空间已用完。$"):
        authority.issue(tax)
    assert list(keystore.iterdir()) == []


@pytest.mark.parametrize("content", [None, b"", b"garbage", b"\x30\x82"])
def test_a_missing_or_damaged_revocation_list_is_made_anew_with_what_was_revoked(
    keystore: Path, tax: Department, content: bytes | None
) -> None:
    authority.ensure()
    lost = register.current(tax)
    assert lost is not None
    authority.revoke(lost, reason="遗失")
    root = Certificate.objects.get(kind="ca")
    path = keystore / f"{root.serial}.crl"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    for _ in range(2):
        listed = x509.load_der_x509_crl(authority.revocation_list(root))
        assert [f"{one.serial_number:016x}" for one in listed] == [lost.serial]
    assert path.read_bytes() == authority.revocation_list(root)


def test_a_revocation_list_that_cannot_be_kept_serves_all_the_same(
    keystore: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.ensure()
    form = certify_form()
    root = Certificate.objects.get(kind="ca")
    (keystore / f"{root.serial}.crl").unlink()

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert is_valid(form)
    assert not (keystore / f"{root.serial}.crl").exists()


def test_without_the_root_s_key_a_list_serves_until_it_ends(keystore: Path) -> None:
    authority.ensure()
    form, root = certify_form(), Certificate.objects.get(kind="ca")
    (keystore / root.keystore).unlink()
    with time_machine.travel(timezone.now() + timedelta(days=40), tick=False):
        assert is_valid(form)
    with (
        time_machine.travel(timezone.now() + timedelta(days=61), tick=False),
        pytest.raises(AuthorityError, match="密钥文件不在本机"),
    ):
        current_trust()


def test_damaged_roots_of_time_stamps_are_told(keystore: Path) -> None:
    authority.ensure()
    (keystore / "timestamp-roots.pem").write_bytes(b"garbage")
    with pytest.raises(AuthorityError, match=r"时间戳服务的根证书.*不是PEM证书"):
        current_trust()


def test_with_another_passphrase_nobody_signs(settings: Settings, tax: Department) -> None:
    authority.issue(tax)
    settings.KEYSTORE_PASSPHRASE = "changed by mistake"
    with pytest.raises(AuthorityError, match="密钥不能用"):
        identity_for(tax)


def test_a_key_file_of_another_certificate_signs_nothing(keystore: Path, tax: Department) -> None:
    first, second = authority.issue(tax), authority.issue(tax)
    (keystore / second.keystore).write_bytes((keystore / first.keystore).read_bytes())
    with pytest.raises(AuthorityError, match="不是登记的"):
        identity_for(tax)


def test_the_certificate_names_the_department_and_lasts_two_years(tax: Department) -> None:
    certificate = authority.issue(tax)
    assert certificate.common_name == "万州区税务局"
    assert (certificate.not_after - timezone.now()).days == 729
    parsed = x509.load_pem_x509_certificate(certificate.certificate_pem.encode())
    assert "OU=tax" in parsed.subject.rfc4514_string()


def test_renewing_changes_the_key_and_the_old_certificate_signs_no_more(tax: Department) -> None:
    old = authority.issue(tax)
    new = authority.issue(tax)
    assert register.current(tax) == new
    old.refresh_from_db()
    assert old.superseded_at is not None


def test_what_was_signed_before_a_renewal_stays_valid() -> None:
    authority.ensure()
    form = certify_form()
    authority.issue(None)
    assert is_valid(form)


def test_what_was_signed_stays_valid_when_its_certificate_has_run_out() -> None:
    authority.ensure()
    form = certify_form()
    with time_machine.travel(timezone.now() + timedelta(days=3000), tick=False):
        assert register.current(None) is None
        assert is_valid(form)


def test_a_revoked_certificate_is_in_the_list_and_signs_nothing(tax: Department) -> None:
    certificate = authority.issue(tax)
    authority.revoke(certificate, reason="联络员调离")
    crl = x509.load_der_x509_crl(current_trust().crls[0])
    assert [issuing_serial(entry) for entry in crl] == [certificate.serial]
    with pytest.raises(AuthorityError, match="没有有效的签名证书"):
        identity_for(tax)


def issuing_serial(entry: x509.RevokedCertificate) -> str:
    return f"{entry.serial_number:016x}"


def test_what_was_signed_before_a_revocation_stays_valid_and_after_it_does_not() -> None:
    with time_machine.travel(datetime(2026, 11, 20, 9, tzinfo=UTC), tick=False):
        authority.ensure()
        identity = identity_for(None)
        base, boxes = papers.base()
        before = certify(base, boxes, identity)
    with time_machine.travel(datetime(2026, 11, 21, 9, tzinfo=UTC), tick=False):
        authority.revoke(identity.certificate, reason="密钥可能泄露")
    with time_machine.travel(datetime(2026, 11, 22, 9, tzinfo=UTC), tick=False):
        # A thief has the key and the old list, and signs on.
        after = certify(base, boxes, papers.KeyInMemory(stolen(identity), identity.trust))
        assert is_valid(before)
        assert not is_valid(after)


def stolen(identity: SignatureIdentity) -> issuing.Credential:
    return unlocked(identity.certificate)


def test_a_root_cannot_be_revoked(tax: Department) -> None:
    authority.issue(tax)
    with pytest.raises(AuthorityError, match="根证书不能吊销"):
        authority.revoke(Certificate.objects.get(kind="ca"), reason="x")


def test_revoking_needs_a_reason_and_happens_once(tax: Department) -> None:
    certificate = authority.issue(tax)
    with pytest.raises(AuthorityError, match="写明原因"):
        authority.revoke(certificate, reason=" ")
    authority.revoke(certificate, reason="停用")
    with pytest.raises(AuthorityError, match="已经吊销过"):
        authority.revoke(certificate, reason="停用")


def test_a_root_that_ends_too_soon_is_followed_by_one_of_another_name(tax: Department) -> None:
    authority.issue(tax)
    with time_machine.travel(timezone.now() + timedelta(days=3000), tick=False):
        authority.issue(tax)
    names = Certificate.objects.filter(kind="ca").order_by("id").values_list("common_name")
    assert [name for (name,) in names] == [
        "万州区APEC商务旅行卡协办服务站签名根证书 G1",
        "万州区APEC商务旅行卡协办服务站签名根证书 G2",
    ]
    assert len(current_trust().roots) == 2


def test_the_revocation_list_is_kept_and_renewed_when_half_of_its_life_is_over(
    tax: Department,
) -> None:
    authority.issue(tax)
    first = current_trust().crls
    assert current_trust().crls == first
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        assert current_trust().crls != first


def test_every_certificate_leaves_a_row_in_the_audit_trail(tax: Department) -> None:
    authority.revoke(authority.issue(tax), reason="停用")
    actions = AuditEvent.objects.filter(object_type="signatures.certificate").order_by("id")
    assert list(actions.values_list("action", flat=True)) == [
        "certificate.issue",
        "certificate.issue",
        "certificate.revoke",
    ]


def test_expiring_certificates_are_listed_the_soonest_first(tax: Department) -> None:
    certificate = authority.issue(tax)
    assert register.expiring(timezone.now(), within=timedelta(days=60)) == []
    soon = certificate.not_after - timedelta(days=59)
    assert register.expiring(soon, within=timedelta(days=60)) == [certificate]


# Seal ---------------------------------------------------------------------------------------------


def test_a_registered_seal_is_kept_with_the_certificate_and_in_the_audit_trail(
    tax: Department, tmp_path: Path
) -> None:
    authority.ensure()
    (tmp_path / "seal.png").write_bytes(seal())
    call_command("certificates", "seal", "tax", str(tmp_path / "seal.png"))
    certificate = register.current(tax)
    assert certificate is not None
    kept = seal_of(certificate)
    assert kept is not None
    assert kept.startswith(b"\x89PNG")
    assert AuditEvent.objects.filter(action="certificate.seal").count() == 1


def test_a_certificate_without_a_seal_shows_none(tax: Department) -> None:
    assert seal_of(authority.issue(tax)) is None


def test_a_file_that_is_no_picture_is_no_seal(tax: Department) -> None:
    authority.ensure()
    with pytest.raises(AuthorityError, match="印章图片不能用"):
        register.register_seal(tax, b"%PDF-1.7")


def test_a_department_without_a_certificate_registers_no_seal(tax: Department) -> None:
    with pytest.raises(AuthorityError, match="没有有效的签名证书"):
        register.register_seal(tax, seal())


# The command --------------------------------------------------------------------------------------


def test_the_command_issues_lists_renews_and_revokes(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("certificates", "ensure")
    assert capsys.readouterr().out.count("已签发") == 6
    call_command("certificates", "renew", "tax")
    assert "已换发" in capsys.readouterr().out
    serial = Certificate.objects.valid().get(department__code="tax").serial
    call_command("certificates", "revoke", serial, "--reason", "停用")
    capsys.readouterr()
    call_command("certificates", "list")
    lines = capsys.readouterr().out.splitlines()
    assert sum("有效  " in line for line in lines) == 6
    assert sum(line.startswith("已吊销") for line in lines) == 1
    assert sum(line.startswith("已被替换") for line in lines) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("issue", "customs"),
        ("renew", "tax"),
        ("revoke", "00", "--reason", "x"),
        ("import", "tax", "/nowhere.p12", "--chain", "/nowhere", "--passphrase-file", "/nowhere"),
        ("import", "station", "/nowhere", "--chain", "/nowhere", "--passphrase-file", "/nowhere"),
    ],
)
def test_the_command_answers_mistakes_in_a_sentence(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        call_command("certificates", *arguments)


def test_the_private_key_never_reaches_the_database(tax: Department) -> None:
    certificate = authority.issue(tax)
    key = unlocked(certificate).key
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    secret = key.private_numbers().private_value.to_bytes(32, "big").hex()
    encoded = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    row = str(Certificate.objects.filter(pk=certificate.pk).values().get())
    assert secret not in row
    assert encoded not in row
    assert "PRIVATE" not in row
