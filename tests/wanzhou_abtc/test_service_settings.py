"""Settings of a service: what must not turn it into a demonstration, and what it lacks."""

import json
import os
import runpy
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.checks.registry import registry
from django.core.exceptions import ImproperlyConfigured

from notices.channels.no_mail import NoMailServer
from wanzhou_abtc import system_checks, web
from wanzhou_abtc.private_folders import tighten

ROOT = Path(__file__).resolve().parents[2]
KEYS = {
    "SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests-only-for-tests",
    "FIELD_KEYS": "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "FILE_KEYS": "f1:YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODk=",
    "HASH_KEY": "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=",
    "KEYSTORE_PASSPHRASE": "only for tests",
}
SERVICE = KEYS | {
    "SITE_URL": "https://abtc.example",
    "ALLOWED_HOSTS": "abtc.example",
    "DATABASE_URL": "postgres://portal:portal@db.example/portal",
    "REDIS_URL": "redis://queue.example/0",
    "EMAIL_URL": "smtp://mail.example",
    "EMAIL_FROM": "abtc@mail.example.cn",
    "HOTLINE": "023-58000000",
    "PROXIES": "1",
    "BACKUP_RECIPIENTS": "age1example",
    "BACKUP_TO": "/srv/backups",
}
POSTGRESQL = "postgres://portal:portal@127.0.0.1/portal"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


class Start:
    """Reads the portal's settings as a process with this environment alone would."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
        self.monkeypatch, self.data = monkeypatch, data

    def __call__(self, **given: str) -> dict[str, Any]:
        for name in list(os.environ):
            if name not in ("PATH", "HOME"):
                self.monkeypatch.delenv(name)
        for name, value in (given | {"PORTAL_DATA": str(self.data)}).items():
            self.monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "wanzhou_abtc" / "settings.py"))


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch, data: Path) -> Iterator[Start]:
    umask = os.umask(0o022)
    kept = dict(os.environ)
    yield Start(monkeypatch, data)
    os.umask(umask)
    monkeypatch.undo()
    # The file's lines enter the environment behind the fixture's back.
    os.environ.clear()
    os.environ.update(kept)


def write_env(data: Path, **lines: str) -> None:
    data.mkdir(exist_ok=True)
    text = "\n".join(f"{name}={value}" for name, value in lines.items())
    (data / "env").write_text(text + "\n", encoding="utf-8")


# Who may ask for a demonstration ------------------------------------------------------------------


def test_a_line_in_the_file_makes_no_demonstration(start: Start, data: Path) -> None:
    write_env(data, DEBUG="true", DEMO="true")
    settings = start(**KEYS)
    assert settings["DEBUG"] is False
    assert settings["DEMO"] is False
    assert settings["SESSION_COOKIE_SECURE"] is True
    # Nor of the processes that this one starts.
    assert "DEBUG" not in os.environ
    assert "DEMO" not in os.environ


def test_keys_may_stand_in_the_file(start: Start, data: Path) -> None:
    write_env(data, **KEYS)
    assert start()["KEYSTORE_PASSPHRASE"] == "only for tests"


def test_what_started_the_process_may_ask_for_a_demonstration(start: Start) -> None:
    settings = start(**KEYS, DEMO="true", SITE_URL="http://127.0.0.1:8001")
    assert settings["DEMO"] is True
    assert settings["DEBUG"] is False
    assert settings["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost"]


@pytest.mark.parametrize("asked", [{"DEMO": "true"}, {"DEBUG": "true"}])
@pytest.mark.parametrize(
    ("beside", "named"),
    [
        ({"DATABASE_URL": POSTGRESQL}, "DATABASE_URL"),
        ({"SITE_URL": "https://abtc.example"}, "SITE_URL"),
        ({"SITE_URL": "http://192.168.1.7:8000"}, "SITE_URL"),
        ({"ALLOWED_HOSTS": "127.0.0.1,abtc.example"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": ".localhost.example"}, "ALLOWED_HOSTS"),
    ],
)
def test_a_demonstration_beside_a_service_does_not_start(
    start: Start, asked: dict[str, str], beside: dict[str, str], named: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=named) as refused:
        start(**KEYS, **asked, **beside)
    assert "只用于在一台电脑上试用" in str(refused.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.1.1", "localhost", "[::1]", "LOCALHOST"])
def test_every_name_of_the_loopback_may_be_served(start: Start, host: str) -> None:
    settings = start(**KEYS, DEMO="true", ALLOWED_HOSTS=host, SITE_URL=f"http://{host}:8000")
    assert settings["ALLOWED_HOSTS"] == [host]


def test_a_service_starts_beside_postgresql(start: Start) -> None:
    settings = start(**SERVICE)
    assert settings["DATABASES"]["default"]["ENGINE"] == "django.db.backends.postgresql"
    assert settings["DEMO"] is False


def run(command: list[str], data: Path, **given: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        command,
        env=kept | given | {"PORTAL_DATA": str(data)},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


PYTHON = str(ROOT / ".venv" / "bin" / "python")


@pytest.mark.live
def test_no_keys_are_written_where_they_come_from_outside(data: Path) -> None:
    manage = str(ROOT / "script" / "manage")
    done = run([manage, "deadline", "2026-09-30T10:00"], data, **KEYS)
    assert (done.stdout, done.returncode) == ("2026-10-10T18:00:00+08:00\n", 0), done.stderr
    assert not (data / "env").exists()


@pytest.mark.live
def test_a_command_works_from_any_folder_and_always_answers(tmp_path: Path, data: Path) -> None:
    data.write_text("a file where the folder should be", encoding="utf-8")
    link = tmp_path / "portal"
    link.symlink_to(ROOT / "script" / "manage")
    done = run([str(link), "verify_form", "table.pdf"], data, **KEYS)
    assert done.returncode == 2, done.stderr
    assert json.loads(done.stdout) == {
        "valid": False,
        "reason": "PORTAL_DATA 文件夹不能用：系统暂时读写不了需要的文件。",
        "outcome": "",
        "signatures": [],
    }


def test_where_nothing_can_be_prepared_the_answer_has_the_same_form() -> None:
    """What script/manage says in the place of a command that could not be started."""
    script = (ROOT / "script" / "manage").read_text(encoding="utf-8")
    [line] = [one for one in script.splitlines() if '"valid"' in one]
    answer = json.loads(line.partition("'")[2].rpartition("'")[0])
    assert set(answer) == {"valid", "reason", "outcome", "signatures"}


def test_a_file_of_keys_that_cannot_be_read_stops_the_start(start: Start, data: Path) -> None:
    (data / "env").mkdir(parents=True)
    with pytest.raises(ImproperlyConfigured, match=r"^PORTAL_DATA 里的 env 文件不能用"):
        start(**KEYS)


@pytest.mark.live
@pytest.mark.parametrize(
    "command",
    [
        [PYTHON, str(ROOT / "manage.py"), "deadline", "2026-09-30T10:00"],
        [PYTHON, "-m", "wanzhou_abtc.prepare"],
        [PYTHON, "-m", "gunicorn", "-c", "python:wanzhou_abtc.web", "wanzhou_abtc.wsgi"],
        [PYTHON, "-m", "celery", "-A", "wanzhou_abtc", "beat"],
    ],
    ids=["command", "prepare", "web", "celery"],
)
def test_a_start_that_is_refused_ends_in_a_sentence(data: Path, command: list[str]) -> None:
    given = SERVICE | {"DEMO": "true", "PYTHONPATH": str(ROOT)}
    done = run(command, data, **given)
    assert done.returncode == 1
    assert done.stdout == ""
    [sentence] = done.stderr.splitlines()
    assert "只用于在一台电脑上试用" in sentence


@pytest.mark.parametrize("address", [("0.0.0.0", 8000), ("192.168.1.7", 8000), ("::", 8000, 0, 0)])
def test_a_demonstration_listens_on_the_loopback_alone(
    settings: Any, capsys: pytest.CaptureFixture[str], address: tuple[object, ...]
) -> None:
    settings.DEMO = True
    with pytest.raises(SystemExit, match=r"只用于在一台电脑上试用.*--bind"):
        web.on_starting(SimpleNamespace(address=[("127.0.0.1", 8000), address]))
    web.on_starting(SimpleNamespace(address=[("127.0.0.1", 8000), "/run/portal.sock"]))
    settings.DEMO = False
    web.on_starting(SimpleNamespace(address=[address]))


# What a service lacks -----------------------------------------------------------------------------


def complaints(start: Start, **given: str) -> dict[str, str]:
    """The sentences of `check --deploy` about a service of these settings, by setting."""
    start.monkeypatch.setattr(system_checks, "settings", SimpleNamespace(**start(**given)))
    found = system_checks.service_is_whole()
    return {str(one.id).removeprefix("wanzhou_abtc."): str(one.msg) for one in found}


def test_the_check_is_one_of_check_deploy() -> None:
    found = [
        {getattr(check, "__name__", "") for check in registry.get_checks(deploying)}
        for deploying in (True, False)
    ]
    assert ["service_is_whole" in names for names in found] == [True, False]


def test_the_check_finds_nothing_wrong_with_a_whole_service(start: Start) -> None:
    assert complaints(start, **SERVICE) == {}


def test_the_check_names_every_setting_a_service_lacks(start: Start) -> None:
    assert set(complaints(start, **KEYS)) == {
        "EMAIL_URL", "EMAIL_FROM", "SITE_URL", "PROXIES", "ALLOWED_HOSTS", "DATABASE_URL",
        "REDIS_URL", "HOTLINE", "BACKUP_RECIPIENTS", "BACKUP_TO",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "http://127.0.0.1:8000"),
        ("SITE_URL", "http://abtc.example"),
        ("SITE_URL", "https://localhost"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "abtc.example,*"),
        ("ALLOWED_HOSTS", "other.example"),
        ("HASH_KEY", "YQ=="),
        ("HASH_KEY", "no Base64"),
        ("HASH_KEY", "A" * 43 + "="),
        ("HASH_KEY", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="),
        ("FIELD_KEYS", "k1:" + "A" * 43 + "="),
        ("KEYSTORE_PASSPHRASE", "x"),
        ("KEYSTORE_PASSPHRASE", "x" * 40),
        ("EMAIL_URL", "consolemail://"),
        ("SIGN_IN_LOG_DAYS", "183"),
    ],
)
def test_the_check_names_a_setting_that_is_weak(start: Start, name: str, value: str) -> None:
    [(named, sentence)] = complaints(start, **SERVICE | {name: value}).items()
    assert named == name
    assert sentence.startswith(name)
    # A key is not shown by what complains of it.
    assert not name.endswith("KEY") or value not in sentence


def test_the_check_names_a_private_key_within_the_data(start: Start, data: Path) -> None:
    found = complaints(start, **SERVICE | {"DRILL_IDENTITY": str(data / "key.txt")})
    assert set(found) == {"DRILL_IDENTITY"}
    assert complaints(start, **SERVICE | {"DRILL_IDENTITY": "/srv/key.txt"}) == {}


def test_the_check_names_a_folder_that_others_may_enter(start: Start, data: Path) -> None:
    data.mkdir()
    data.chmod(0o1777)
    assert set(complaints(start, **SERVICE)) == {"PORTAL_DATA"}


# Whose the data is --------------------------------------------------------------------------------


def modes(folder: Path) -> dict[str, int]:
    paths = [folder, *folder.rglob("*")]
    return {
        str(path.relative_to(folder)): stat.S_IMODE(path.lstat().st_mode)
        for path in paths
        if not path.is_symlink()
    }


def test_old_folders_and_files_become_their_owner_s_alone(tmp_path: Path) -> None:
    data, outside = tmp_path / "data", tmp_path / "outside"
    (data / "mail").mkdir(parents=True)
    (data / "mail" / "1.log").write_text("链接", encoding="utf-8")
    (data / "mail" / "tool").write_text("#!", encoding="utf-8")
    outside.write_text("他人的", encoding="utf-8")
    (data / "link").symlink_to(outside)
    for path, mode in (
        (data, 0o755), (data / "mail", 0o775), (data / "mail" / "1.log", 0o644),
        (data / "mail" / "tool", 0o755), (outside, 0o644),
    ):  # fmt: skip
        path.chmod(mode)
    tighten(data)
    assert modes(data) == {".": 0o700, "mail": 0o700, "mail/1.log": 0o600, "mail/tool": 0o700}
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644


def test_a_folder_that_many_share_is_left_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    tighten(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o1777


def test_every_process_shuts_the_data_folder(start: Start, data: Path) -> None:
    data.mkdir()
    data.chmod(0o755)
    start(**KEYS)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_keys_may_lie_in_a_file_of_their_own(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "portal.keys"
    file.write_text("\n".join(f"{name}={value}" for name, value in KEYS.items()))
    assert start(KEYS_FILE=str(file))["FILE_KEYS"] == KEYS["FILE_KEYS"]
    with pytest.raises(ImproperlyConfigured, match=r"^KEYS_FILE 指明的文件不能用"):
        start(KEYS_FILE=str(tmp_path / "gone"))


def test_keys_beside_the_data_are_named(start: Start, data: Path) -> None:
    write_env(data, FILE_KEYS=KEYS["FILE_KEYS"])
    assert "KEYS_FILE" in complaints(start, **SERVICE)


def test_one_key_for_two_purposes_is_named(start: Start) -> None:
    twice = KEYS["FIELD_KEYS"].replace("k1:", "f1:")
    assert set(complaints(start, **SERVICE | {"FILE_KEYS": twice})) == {"FILE_KEYS"}


def test_a_token_needs_no_keys_in_the_environment(start: Start) -> None:
    by_token = {"FILE_MASTER_KEYS": "files.at_rest.token_keys.TokenKeys", "FILE_TOKEN_KEYS": "f1"}
    without = {name: value for name, value in KEYS.items() if name != "FILE_KEYS"}
    assert start(**without, **by_token)["FILE_KEYS"] == ""
    with pytest.raises(ImproperlyConfigured, match="FILE_KEYS"):
        start(**without)
    with pytest.raises(ImproperlyConfigured, match="FILE_CIPHER 应为 aes 或 sm4"):
        start(**KEYS, FILE_CIPHER="des")


def test_mail_is_written_to_files_in_a_demonstration_alone(start: Start, data: Path) -> None:
    without = {name: value for name, value in SERVICE.items() if name != "EMAIL_URL"}
    assert start(**without)["EMAIL_BACKEND"] == "notices.channels.no_mail.NoMailServer"
    trial = start(**KEYS, DEMO="true")
    assert trial["EMAIL_BACKEND"].endswith("filebased.EmailBackend")
    assert trial["EMAIL_FILE_PATH"] == data / "mail"
    with pytest.raises(ConnectionRefusedError):
        NoMailServer().send_messages([])
