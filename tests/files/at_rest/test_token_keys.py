"""Master keys in a PKCS#11 token, played by SoftHSM."""

import subprocess
from collections.abc import Iterator
from typing import Any

import pkcs11
import pytest
from django.core.exceptions import ImproperlyConfigured

from core.keys_in_use import require_keys
from files.at_rest.key_ring import FileKeyRing
from files.at_rest.master_keys import MasterKeyMissing, MasterKeyWrong, master_keys
from files.at_rest.sealing import HEAD_BYTES, Head, rewrapped
from tests.files.at_rest.test_sealing import content, seal, unseal

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
TOKEN, PIN = "files", "123456"


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pkcs11.Token]:
    """A token with two AES keys."""
    folder = tmp_path_factory.mktemp("softhsm-files")
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(configuration))
        subprocess.run(
            [
                *("softhsm2-util", "--init-token", "--free", "--label", TOKEN),
                *("--pin", PIN, "--so-pin", "87654321"),
            ],
            check=True,
            capture_output=True,
        )
        library = pkcs11.lib(MODULE)
        library.reinitialize()
        made = library.get_token(token_label=TOKEN)
        with made.open(rw=True, user_pin=PIN) as session:
            for label in ("f1", "f2"):
                session.generate_key(pkcs11.KeyType.AES, 256, store=True, label=label)
        yield made


@pytest.fixture(autouse=True)
def configured(settings: Any, token: pkcs11.Token) -> None:
    settings.FILE_MASTER_KEYS = "files.at_rest.token_keys.TokenKeys"
    settings.FILE_TOKEN_KEYS = "f1"
    settings.PKCS11_MODULE = MODULE
    settings.PKCS11_TOKEN = TOKEN
    settings.PKCS11_PIN = PIN


def test_a_file_is_wrapped_and_opened_by_the_token() -> None:
    written = seal(content(70_000))
    assert Head.read(written[:HEAD_BYTES]).key_id == "f1"
    assert unseal(written) == content(70_000)


def test_an_altered_head_is_refused_by_the_token() -> None:
    written = bytearray(seal(b"x"))
    written[70] ^= 1
    with pytest.raises(MasterKeyWrong, match="主密钥“f1”与文件不符"):
        unseal(bytes(written))


def test_the_key_changes_within_the_token(settings: Any) -> None:
    written = seal(b"x")
    settings.FILE_TOKEN_KEYS = "f2,f1"
    head = rewrapped(Head.read(written[:HEAD_BYTES]), master_keys())
    assert head.key_id == "f2"
    settings.FILE_TOKEN_KEYS = "f2"
    assert unseal(head.written() + written[HEAD_BYTES:]) == b"x"
    with pytest.raises(MasterKeyMissing, match="主密钥“f1”，请在 FILE_TOKEN_KEYS 中补上"):
        unseal(written)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PKCS11_PIN", "000000", "口令（PIN）不对"),
        ("PKCS11_TOKEN", "gone", "找不到名为“gone”的密钥介质"),
        ("FILE_TOKEN_KEYS", "f9", "主密钥“f9”，请在 密钥介质 中补上"),
    ],
)
def test_what_is_wrong_with_the_token_is_said(
    settings: Any, name: str, value: str, sentence: str
) -> None:
    setattr(settings, name, value)
    with pytest.raises(ImproperlyConfigured, match=sentence):
        seal(b"x")


@pytest.mark.django_db
def test_a_start_asks_for_keys_of_the_token_too(settings: Any) -> None:
    require_keys([FileKeyRing()])
    settings.FILE_TOKEN_KEYS = "f2"
    with pytest.raises(ImproperlyConfigured, match="数据是用密钥“f1”加密的"):
        require_keys([FileKeyRing()])
