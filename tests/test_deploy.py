"""What is shipped for a service: its environment file, units of systemd, and the commands named."""

import ast
import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))
LINE = re.compile(r"^#?([A-Z][A-Z0-9_]+)=(.*)$")
# Asked for by whoever starts the process; a file that names them says nothing (ADR 31).
NEVER_FROM_A_FILE = {"DEBUG", "DEMO"}
# Switched by tests alone, and so no choice of a station's.
OF_TESTS = {"SECURE_SSL_REDIRECT", "NOTICE_QUIET_HOURS"}


def settings_read() -> set[str]:
    """Names that wanzhou_abtc/settings.py takes from the environment."""
    tree = ast.parse((ROOT / "wanzhou_abtc" / "settings.py").read_text(encoding="utf-8"))
    names = set()
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        reader = call.func.value if isinstance(call.func, ast.Attribute) else call.func
        named = call.args[0] if call.args else None
        # `required` itself passes a name on.
        if ast.unparse(reader) in ("env", "required") and isinstance(named, ast.Constant):
            names.add(str(named.value))
    return names


def settings_shipped() -> list[str]:
    lines = (DEPLOY / "portal.env").read_text(encoding="utf-8").splitlines()
    return [found[1] for line in lines if (found := LINE.match(line))]


def test_the_environment_file_names_every_setting_once_and_no_other() -> None:
    shipped = settings_shipped()
    assert len(shipped) == len(set(shipped))
    assert set(shipped) == settings_read() - NEVER_FROM_A_FILE


def test_each_setting_of_the_environment_file_stands_under_words_that_explain_it() -> None:
    unexplained, explained = [], False
    for line in (DEPLOY / "portal.env").read_text(encoding="utf-8").splitlines():
        if found := LINE.match(line):
            # Those that one sentence explains stand right below it.
            if not explained:
                unexplained.append(found[1])
        else:
            explained = bool(re.search(r"[\u4e00-\u9fff]", line)) and "---" not in line
    assert unexplained == []


def test_the_readme_s_table_names_every_setting_and_no_other() -> None:
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("| setting (environment) |")
    rows = [row for row in table[2].split("\n\n")[0].splitlines() if row.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`([A-Z0-9_]+…?)`", row.split("|")[1])}
    begun = tuple(name.removesuffix("…") for name in named if name.endswith("…"))
    whole = {name for name in named if not name.endswith("…")}
    read = settings_read()
    assert whole <= read
    assert {name for name in read - OF_TESTS - whole if not name.startswith(begun)} == set()
    assert all(any(name.startswith(one) for name in read) for one in begun)


# Units ------------------------------------------------------------------------------------------


def unit(path: Path) -> ConfigParser:
    read = ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read(path, encoding="utf-8")
    return read


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    shutil.copytree(UNITS, tmp_path / "units")
    copies = [*(tmp_path / "units").glob("abtc*.*"), *(tmp_path / "units").glob("*.d/*.conf")]
    for copy in (path for path in copies if path.is_file()):
        text = copy.read_text(encoding="utf-8")
        # Programs are looked for where they are said to be.
        copy.write_text(text.replace("/opt/wanzhou-abtc", str(ROOT)), encoding="utf-8")
    program = shutil.which("systemd-analyze")
    if program is None:
        return
    units = [path for path in (tmp_path / "units").iterdir() if path.is_file()]
    done = subprocess.run(
        [program, "verify", "--man=no", *map(str, units)],
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path / 'units'}:"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout + done.stderr, done.returncode) == ("", 0)


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_each_service_starts_a_program_of_ours_again_and_has_bounds(path: Path) -> None:
    service = unit(path)["Service"]
    program = service["ExecStart"].split()[0]
    assert program in ("/opt/wanzhou-abtc/.venv/bin/python", "/opt/wanzhou-abtc/script/manage")
    assert service["MemoryMax"]
    assert service["CPUWeight"]
    if service.get("Type") != "oneshot":
        assert service["Restart"] == "always"
        assert unit(path)["Unit"]["PartOf"] == "abtc.target"


def test_all_services_share_an_account_without_rights_and_the_environment_files() -> None:
    [common] = UNITS.glob("*.d/*.conf")
    assert all(
        path.name.startswith(common.parent.name.removesuffix(".service.d")) for path in SERVICES
    )
    service = unit(common)["Service"]
    assert service["User"] not in ("", "root")
    assert (service["NoNewPrivileges"], service["ProtectSystem"]) == ("yes", "strict")
    assert (service["PrivateTmp"], service["CapabilityBoundingSet"]) == ("yes", "")
    files = re.findall(r"EnvironmentFile=(\S+)", common.read_text(encoding="utf-8"))
    assert files == ["/etc/wanzhou-abtc/portal.env", "/etc/wanzhou-abtc/keys.env"]


def test_the_recognition_worker_serves_the_queue_that_is_filled() -> None:
    command = unit(UNITS / "abtc-recognition.service")["Service"]["ExecStart"]
    assert f"--queues {settings.RECOGNITION_QUEUE} " in command


def test_nginx_asks_where_the_socket_listens() -> None:
    address = unit(UNITS / "abtc-web.socket")["Socket"]["ListenStream"]
    assert f"server {address};" in (DEPLOY / "nginx.conf").read_text(encoding="utf-8")


# Documents --------------------------------------------------------------------------------------


def documents() -> list[Path]:
    shipped = [path for path in DEPLOY.rglob("*") if path.is_file()]
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted(shipped)]


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_each_command_that_a_document_names_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:script/manage|abtc-manage) ([a-z][a-z_]+)", text))
    assert named - set(get_commands()) == set()


def test_each_file_that_the_guide_to_operation_copies_is_shipped() -> None:
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    for name in set(re.findall(r"\bdeploy/[\w./-]*\w", text)):
        assert (ROOT / name).exists(), name
