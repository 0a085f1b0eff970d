"""The station's signing certificates: issue, import, list, revoke, renew."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Department
from core.dates import day_words
from core.faults import fault_words
from files.refusals import FileRefused
from reviews.signatures.certificates import authority, imports, register
from reviews.signatures.certificates.keystore import AuthorityError
from reviews.signatures.fields import STATION
from reviews.signatures.identities import SigningFailed
from reviews.signatures.models import Certificate
from reviews.signatures.tokens import SCHEME, public_key

OWNER_HELP = "部门代码（如 tax），或 station 表示服务站"


class Command(BaseCommand):
    help = "签发、导入、列出、吊销、换发签名证书"

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("ensure", help="补发所有缺少的证书")
        actions.add_parser("list", help="列出全部证书")
        for action, text in (("issue", "签发一张新证书"), ("renew", "换发证书（换新密钥）")):
            actions.add_parser(action, help=text).add_argument("owner", help=OWNER_HELP)
        imported = actions.add_parser("import", help="导入部门自己的证书（由外部机构签发）")
        imported.add_argument("owner", help=OWNER_HELP)
        imported.add_argument(
            "file", type=Path, help="PKCS#12 文件（.p12、.pfx）；密钥在别处的，为证书文件"
        )
        imported.add_argument(
            "--chain",
            type=Path,
            help="中间证书和根证书（PEM 可多张，也可为 .p7b、.cer）；PKCS#12 里已有的可省略",
        )
        key = imported.add_mutually_exclusive_group(required=True)
        key.add_argument("--passphrase-file", type=Path, help="存有 PKCS#12 口令的文本文件")
        key.add_argument(
            "--key",
            help="密钥不在文件里时，它在介质或签章平台里的名字，如 pkcs11:tax-2026",
        )
        enroll = actions.add_parser("enroll", help="为签名介质（PKCS#11）里的密钥签发证书")
        enroll.add_argument("owner", help=OWNER_HELP)
        enroll.add_argument("label", help="密钥在介质里的标签")
        seal = actions.add_parser("seal", help="登记部门正式电子印章的图片（PNG或JPG）")
        seal.add_argument("owner", help=OWNER_HELP)
        seal.add_argument("file", type=Path, help="图片文件，底色透明最好")
        revoke = actions.add_parser("revoke", help="吊销一张证书")
        revoke.add_argument("serial", help="证书编号（list 所列）")
        revoke.add_argument("--reason", required=True, help="吊销原因")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        try:
            getattr(self, f"do_{action}")(**options)
        except (AuthorityError, SigningFailed, FileRefused) as error:
            raise CommandError(str(error)) from error

    def do_ensure(self, **options: Any) -> None:
        for certificate in authority.ensure():
            self._tell("已签发", certificate)

    def do_issue(self, *, owner: str, **options: Any) -> None:
        self._tell("已签发", authority.issue(_owner(owner)))

    def do_renew(self, *, owner: str, **options: Any) -> None:
        department = _owner(owner)
        certificate = register.current(department)
        if certificate is None:
            raise CommandError(f"“{owner}”没有可换发的有效证书，请用 issue 签发。")
        if certificate.is_from_outside:
            raise CommandError(
                f"“{certificate}”由外部机构签发，请向该机构换发，再用 import 导入；"
                "要改用本站签发的证书，用 issue。"
            )
        self._tell("已换发", authority.issue(department))

    def do_enroll(self, *, owner: str, label: str, **options: Any) -> None:
        department = _owner(owner)
        certificate = authority.enroll(
            department, public_key=public_key(label), keystore=f"{SCHEME}{label}"
        )
        self._tell("已签发", certificate)

    def do_import(
        self,
        *,
        owner: str,
        file: Path,
        chain: Path | None,
        passphrase_file: Path | None,
        key: str | None,
        **options: Any,
    ) -> None:
        department = _owner(owner)
        if department is None:
            raise CommandError("服务站的证书由本站签发，不能导入。")
        data, issuers = _read(file), _read(chain) if chain else b""
        if passphrase_file:
            passphrase = _passphrase(passphrase_file)
            certificate = imports.import_pkcs12(
                department, data=data, passphrase=passphrase, chain=issuers
            )
        else:
            certificate = imports.import_certificate(
                department, data=data, keystore=key or "", chain=issuers
            )
        self._tell("已导入", certificate)
        for name, fingerprint in imports.issuers_of(certificate):
            self.stdout.write(f"  上级：{name}  SHA-256指纹 {fingerprint}")
        self.stdout.write("今后信任最后一张根证书，请把指纹与签发机构公布的核对；不符的立即吊销。")

    def do_seal(self, *, owner: str, file: Path, **options: Any) -> None:
        department = _owner(owner)
        if department is None:
            raise CommandError("服务站在审核表上不盖章，不用登记印章图片。")
        self._tell("已登记印章", register.register_seal(department, _read(file)))

    def do_list(self, **options: Any) -> None:
        for certificate in Certificate.objects.select_related("department"):
            self._tell(certificate.standing, certificate)

    def do_revoke(self, *, serial: str, reason: str, **options: Any) -> None:
        try:
            certificate = Certificate.objects.get(serial=serial.lower())
        except Certificate.DoesNotExist:
            raise CommandError(f"没有编号为“{serial}”的证书，请用 list 查看。") from None
        authority.revoke(certificate, reason=reason)
        self._tell("已吊销", certificate)

    def _tell(self, state: str, certificate: Certificate) -> None:
        self.stdout.write(
            f"{state}  {certificate.serial}  {certificate.get_kind_display()}  "
            f"{certificate.common_name}  有效期至{day_words(certificate.not_after)}"
        )


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise CommandError(f"没有“{file.name}”这个文件。") from None
    except OSError as error:
        raise CommandError(f"“{file.name}”读不出来：{fault_words(error)}。") from error


def _passphrase(file: Path) -> str:
    try:
        return _read(file).decode("utf-8").strip()
    except UnicodeDecodeError:
        raise CommandError(f"“{file.name}”不是UTF-8的文本文件。") from None


def _owner(code: str) -> Department | None:
    if code == STATION:
        return None
    try:
        return Department.objects.get(code=code)
    except Department.DoesNotExist:
        codes = "、".join(Department.objects.values_list("code", flat=True))
        raise CommandError(
            f"没有代码为“{code}”的部门。应为{codes}，或 station 表示服务站。"
        ) from None
