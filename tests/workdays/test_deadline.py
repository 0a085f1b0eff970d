import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from workdays.models import StationClosure

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (["2026-09-30T10:00"], "2026-10-10T18:00:00+08:00\n"),
        (["2026-09-30T10:00", "--days", "1"], "2026-10-08T18:00:00+08:00\n"),
        (["2026-09-30"], "2026-10-10T18:00:00+08:00\n"),
        (["2026-09-30T10:00+08:00"], "2026-10-10T18:00:00+08:00\n"),
        # 23:00 in UTC is the next morning at the station, the first day of the holiday.
        (["2025-09-30T23:00Z", "--days", "1"], "2025-10-09T18:00:00+08:00\n"),
    ],
)
def test_it_prints_the_deadline_and_nothing_else(
    arguments: list[str], printed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("deadline", *arguments)
    assert capsys.readouterr() == (printed, "")


@pytest.mark.django_db
def test_a_provisional_year_is_said_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("deadline", "2027-12-31T10:00")
    printed = capsys.readouterr()
    assert printed.out == "2028-01-05T18:00:00+08:00\n"
    assert printed.err == "节假日安排未公布，暂按法定节假日推算。\n"


@pytest.mark.django_db
def test_a_closing_day_of_the_station_counts(capsys: pytest.CaptureFixture[str]) -> None:
    StationClosure.objects.create(date=date(2026, 11, 24), reason="搬迁")
    call_command("deadline", "2026-11-20T10:00")
    assert capsys.readouterr().out == "2026-11-26T18:00:00+08:00\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["tomorrow"], "看不懂起始时刻“tomorrow”"),
        (["2026-02-30T10:00"], "看不懂起始时刻"),
        ([""], "看不懂起始时刻"),
        (["0001-01-01T00:00+14:00"], "看不懂起始时刻"),
        (["9999-12-31T23:00"], "只能推算2004年到2099年"),
        (["1999-12-31T23:00"], "只能推算2004年到2099年"),
        (["2026-09-30T10:00", "--days", "0"], "应为1到250的整数"),
        (["2026-09-30T10:00", "--days=-1"], "应为1到250的整数"),
        (["2026-09-30T10:00", "--days", "251"], "应为1到250的整数"),
        (["2026-09-30T10:00", "--days", "9" * 5000], "应为1到250的整数"),
        (["2026-09-30T10:00", "--days", "三"], "应为1到250的整数"),
        (["2026-09-30T10:00", "--days", "²"], "应为1到250的整数"),
        (["2026-09-30T10:00", "--days"], "参数不对"),
        (["2026-09-30T10:00", "--hours", "3"], "参数不对"),
        (["2026-09-30T10:00", "2026-09-30T11:00"], "参数不对"),
        ([], "参数不对"),
    ],
)
def test_bad_input_gets_one_sentence(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        call_command("deadline", *arguments)
    printed = capsys.readouterr()
    assert stop.value.code == 2
    assert printed.out == ""
    assert words in printed.err
    assert printed.err.count("\n") == 1


@pytest.mark.django_db
def test_before_the_first_migration_the_bundled_notices_are_used(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(connection.introspection, "table_names", list)
    call_command("deadline", "2026-09-30T10:00")
    assert capsys.readouterr() == ("2026-10-10T18:00:00+08:00\n", "")


@pytest.mark.django_db
def test_an_unreachable_database_is_said_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_connection() -> list[str]:
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection.introspection, "table_names", no_connection)
    call_command("deadline", "2026-09-30T10:00")
    printed = capsys.readouterr()
    assert printed.out == "2026-10-10T18:00:00+08:00\n"
    assert printed.err.startswith("数据库不可用")


def test_it_works_as_a_program_of_its_own_in_an_empty_folder(tmp_path: Path) -> None:
    environment = {
        "PATH": "/usr/bin:/bin",
        "PORTAL_DATA": str(tmp_path),
        "SECRET_KEY": "only-for-tests",
        "FIELD_KEYS": "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        "FILE_KEYS": "f1:YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODk=",
        "HASH_KEY": "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=",
        "KEYSTORE_PASSPHRASE": "only for tests",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "deadline", "2026-09-30T10:00"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "2026-10-10T18:00:00+08:00\n", "")
    done = subprocess.run(
        [sys.executable, "manage.py", "deadline", "--days"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "参数不对。用法：deadline 2026-09-30T10:00 [--days 3]\n"
