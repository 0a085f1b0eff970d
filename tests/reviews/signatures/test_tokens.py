"""Signing with a key in a PKCS#11 token, played by SoftHSM."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pkcs11
import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import Department
from reviews.pdf import render_cell
from reviews.signatures.certificates import authority
from reviews.signatures.certificates.keystore import AuthorityError
from reviews.signatures.certificates.trust import current_trust
from reviews.signatures.identities import KeyMissing, identity_for
from reviews.signatures.models import Certificate
from reviews.signatures.signing import certify, sign_cell
from reviews.signatures.tokens import public_key
from reviews.signatures.verification.examining import examine
from tests.reviews import papers
from tests.reviews.signatures.test_certificate_import import make

pytestmark = pytest.mark.django_db

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
INITIALISE = ("softhsm2-util", "--init-token", "--free")
TOKEN, PIN = "station", "123456"


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pkcs11.Token]:
    """A token with a P-256 key pair for the tax office and one for the police."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(configuration))
        subprocess.run(
            [*INITIALISE, "--label", TOKEN, "--pin", PIN, "--so-pin", "87654321"],
            check=True,
            capture_output=True,
        )
        library = pkcs11.lib(MODULE)
        # In this process it may have been opened on another folder of tokens.
        library.reinitialize()
        made = library.get_token(token_label=TOKEN)
        with made.open(rw=True, user_pin=PIN) as session:
            for label in ("tax-2026", "police-2026"):
                parameters = session.create_domain_parameters(
                    pkcs11.KeyType.EC,
                    {
                        pkcs11.Attribute.EC_PARAMS: pkcs11.util.ec.encode_named_curve_parameters(
                            "secp256r1"
                        )
                    },
                    local=True,
                )
                parameters.generate_keypair(store=True, label=label)
        yield made


@pytest.fixture(autouse=True)
def configured(settings: Settings, tmp_path: Path, token: pkcs11.Token) -> None:
    settings.KEYSTORE = tmp_path
    settings.PKCS11_MODULE = MODULE
    settings.PKCS11_TOKEN = TOKEN
    settings.PKCS11_PIN = PIN


@pytest.fixture
def tax() -> Department:
    return Department.objects.get(code="tax")


@pytest.fixture
def form() -> bytes:
    """Certified by the station with a key of its own, before the token is in use."""
    authority.ensure()
    base, boxes = papers.base()
    return certify(base, boxes, identity_for(None))


@pytest.fixture
def signing_by_token(form: bytes, settings: Settings) -> None:
    settings.SIGNER = "reviews.signatures.tokens.Pkcs11Identity"


def test_a_department_signs_with_the_key_in_its_token(
    form: bytes, tax: Department, signing_by_token: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("certificates", "enroll", "tax", "tax-2026")
    assert "已签发" in capsys.readouterr().out
    assert Certificate.objects.valid().get(department=tax).keystore == "pkcs11:tax-2026"
    signed = sign_cell(
        form,
        department="tax",
        stamp=render_cell(papers.cell_facts("tax"), papers.base()[1]["tax"]),
        identity=identity_for(tax),
        reason="x",
        name="区税务局 王样例",
    )
    examination = examine(signed, current_trust())
    assert examination.valid
    assert [one.department for one in examination.signatures] == ["station", "tax"]


def test_a_key_in_the_token_signs_with_the_certificate_of_a_licensed_authority(
    form: bytes, tax: Department, signing_by_token: None, tmp_path: Path
) -> None:
    root = make("外部机构根")
    middle = make("外部机构二级", root)
    own = make("万州区税务局", middle, is_authority=False, public_key=public_key("tax-2026"))
    (tmp_path / "tax.pem").write_bytes(own.pem)
    (tmp_path / "chain.pem").write_bytes(middle.pem + root.pem)
    file, chain = str(tmp_path / "tax.pem"), f"--chain={tmp_path / 'chain.pem'}"
    call_command("certificates", "import", "tax", file, chain, "--key=pkcs11:tax-2026")
    signed = sign_cell(
        form,
        department="tax",
        stamp=render_cell(papers.cell_facts("tax"), papers.base()[1]["tax"]),
        identity=identity_for(tax),
        reason="x",
        name="x",
    )
    assert examine(signed, current_trust()).valid


def test_a_certificate_whose_key_is_in_a_file_does_not_sign_by_token(
    tax: Department, signing_by_token: None
) -> None:
    with pytest.raises(AuthorityError, match="不在签名介质里"):
        identity_for(tax)


def test_the_key_of_another_certificate_signs_nothing(
    tax: Department, signing_by_token: None
) -> None:
    call_command("certificates", "enroll", "tax", "tax-2026")
    Certificate.objects.valid().filter(department=tax).update(keystore="pkcs11:police-2026")
    with pytest.raises(AuthorityError, match="密钥不是证书"):
        identity_for(tax)


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("PKCS11_TOKEN", "elsewhere", "找不到名为“elsewhere”的签名介质"),
        ("PKCS11_MODULE", "/nowhere.so", "签名介质不能用"),
    ],
)
def test_what_is_wrong_with_the_token_is_said(
    tax: Department,
    signing_by_token: None,
    settings: Settings,
    setting: str,
    value: str,
    message: str,
) -> None:
    call_command("certificates", "enroll", "tax", "tax-2026")
    setattr(settings, setting, value)
    with pytest.raises(AuthorityError, match=message):
        identity_for(tax)


def test_with_a_wrong_pin_nothing_is_signed_and_only_signing_tries_it(
    form: bytes, tax: Department, signing_by_token: None, settings: Settings
) -> None:
    call_command("certificates", "enroll", "tax", "tax-2026")
    settings.PKCS11_PIN = "000000"
    identity = identity_for(tax)
    with pytest.raises(KeyMissing, match="口令（PIN）不对"):
        sign_cell(
            form,
            department="tax",
            stamp=render_cell(papers.cell_facts("tax"), papers.base()[1]["tax"]),
            identity=identity,
            reason="x",
            name="x",
        )


def test_a_key_that_is_not_in_the_token_cannot_be_enrolled() -> None:
    with pytest.raises(CommandError, match="没有登记的密钥"):
        call_command("certificates", "enroll", "tax", "unknown")
