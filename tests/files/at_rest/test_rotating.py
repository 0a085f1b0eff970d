"""Change of keys: everything comes under the first key, also after an interruption, or is named."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection

from accounts.audit import record
from accounts.models import AuditEvent, User
from core.keys_in_use import FieldKeyRing
from core.models import KeyInUse
from core.rotating import encrypted_columns
from files.at_rest import rotating
from files.at_rest.key_ring import require_all_keys
from files.at_rest.rotating import seal_plain_files, storage
from files.models import StoredFile
from tests.factories import CardFactory, path_of, picture, stored_picture
from tests.files.at_rest.test_sealing import key

pytestmark = pytest.mark.django_db
BEFORE = {"FIELD_KEYS": f"k1:{key('a')}", "FILE_KEYS": f"f1:{key('b')}"}
DURING = {
    "FIELD_KEYS": f"k2:{key('c')},{BEFORE['FIELD_KEYS']}",
    "FILE_KEYS": f"f2:{key('d')},{BEFORE['FILE_KEYS']}",
}
AFTER = {"FIELD_KEYS": f"k2:{key('c')}", "FILE_KEYS": f"f2:{key('d')}"}


def use(settings: Any, keys: dict[str, str]) -> None:
    for name, value in keys.items():
        setattr(settings, name, value)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[dict[str, Any], int]:
    """The command's one object and its exit code."""
    status = 0
    try:
        call_command("rotate_keys", *arguments)
    except SystemExit as end:
        status = int(str(end.code))
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer, status


def stored_number(card: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM cards_card WHERE id = %s", [card.pk])
        return str(cursor.fetchone()[0])


@pytest.fixture
def files(settings: Any) -> list[StoredFile]:
    """Three, under the old key."""
    # A portal that ran beside another test may have noted the keys of the tests.
    KeyInUse.objects.all().delete()
    use(settings, BEFORE)
    require_all_keys()
    return [stored_picture(picture(2, f"{number}")) for number in range(3)]


def test_fields_and_files_come_under_the_first_key_and_the_old_ones_may_go(
    settings: Any, files: list[StoredFile], capsys: pytest.CaptureFixture[str]
) -> None:
    card = CardFactory.create()
    number = card.number
    assert stored_number(card).startswith("k1:")
    use(settings, DURING)

    answer, status = run(capsys)

    assert status == 0
    assert answer["done"] is True
    assert answer["fields"]["key"] == "k2"
    assert answer["fields"]["left"] == 0
    assert answer["fields"]["rewritten"] > 0
    assert answer["files"] == {"key": "f2", "seen": 3, "changed": 3, "failed": 0, "named": []}
    assert stored_number(card).startswith("k2:")
    use(settings, AFTER)
    require_all_keys()
    card.refresh_from_db()
    assert card.number == number
    for file in StoredFile.objects.all():
        with file.content.open("rb") as opened:
            assert len(opened.read()) == file.size

    again, status = run(capsys)
    assert (again["fields"]["rewritten"], again["files"]["changed"], status) == (0, 0, 0)


def test_interrupted_it_goes_on_where_it_was(
    settings: Any,
    files: list[StoredFile],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use(settings, DURING)
    rewrap, seen = storage().rewrap, []

    def stop_at_the_second(name: str) -> bool:
        seen.append(name)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return rewrap(name)

    with monkeypatch.context() as patch:
        patch.setattr(type(storage()), "rewrap", lambda _, name: stop_at_the_second(name))
        answer, status = run(capsys)
    assert status == 1
    assert answer["done"] is False
    assert "再次运行会接着做" in answer["error"]
    # Both keys are needed as long as it is not done.
    assert set(KeyInUse.objects.filter(kind="file").values_list("key_id", flat=True)) == {
        "f1", "f2",
    }  # fmt: skip
    for file in files:
        with file.content.open("rb") as opened:
            assert len(opened.read()) == file.size

    answer, status = run(capsys)
    assert (answer["files"]["changed"], status) == (2, 0)
    assert list(KeyInUse.objects.filter(kind="file").values_list("key_id", flat=True)) == ["f2"]


def test_a_file_that_cannot_be_read_is_named_and_keeps_the_old_key(
    settings: Any, files: list[StoredFile], capsys: pytest.CaptureFixture[str]
) -> None:
    path_of(files[1]).write_bytes(b"no encrypted file")
    use(settings, DURING)
    answer, status = run(capsys, "--only=files")
    assert status == 1
    assert answer["files"]["failed"] == 1
    assert answer["files"]["named"] == [str(files[1].content.name)]
    assert answer["files"]["changed"] == 2
    assert KeyInUse.objects.filter(kind="file", key_id="f1").exists()


def test_without_a_key_that_is_needed_nothing_is_touched(
    settings: Any, files: list[StoredFile], capsys: pytest.CaptureFixture[str]
) -> None:
    use(settings, AFTER)
    before = path_of(files[0]).read_bytes()
    answer, status = run(capsys)
    assert status == 2
    assert "k1" in answer["error"]
    assert path_of(files[0]).read_bytes() == before


def test_a_wrong_argument_is_an_answer_too(capsys: pytest.CaptureFixture[str]) -> None:
    answer, status = run(capsys, "--only=nothing")
    assert status == 2
    assert "用法：rotate_keys" in answer["error"]


def test_columns_of_libraries_are_among_those_that_change() -> None:
    columns = {
        f"{model._meta.label}.{field.attname}"
        for model, fields in encrypted_columns()
        for field in fields
    }
    assert {"otp_totp.TOTPDevice.key", "sessions.Session.session_data"} <= columns
    assert "applications.Applicant.id_number" in columns
    assert len(columns) > 60


def test_plain_files_from_before_are_encrypted_once(files: list[StoredFile]) -> None:
    data = picture(2, "0")
    path_of(files[0]).write_bytes(data)
    seen = seal_plain_files()
    assert (seen.seen, seen.changed, seen.failed) == (3, 1, [])
    assert data not in path_of(files[0]).read_bytes()
    with files[0].content.open("rb") as opened:
        assert opened.read() == data
    assert seal_plain_files().changed == 0


def test_a_file_discarded_in_the_meantime_is_no_failure(
    files: list[StoredFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotating, "_names", lambda: iter(["2026/11/gone.jpg"]))
    assert seal_plain_files().failed == []


def test_a_value_written_meanwhile_is_not_written_over(settings: Any, officer: User) -> None:
    """Each value is exchanged only for the one that was read."""
    KeyInUse.objects.all().delete()
    use(settings, BEFORE)
    User.objects.filter(pk=officer.pk).update(phone="13800000000")
    use(settings, DURING)
    assert FieldKeyRing().writing == "k2"
    User.objects.filter(pk=officer.pk).update(phone="13900000000")
    call_command("rotate_keys", "--only=fields")
    officer.refresh_from_db()
    assert officer.phone == "13900000000"


def test_the_storage_writes_over_a_head_in_place(files: list[StoredFile], settings: Any) -> None:
    path: Path = path_of(files[0])
    number = path.stat().st_ino
    use(settings, DURING)
    storage().rewrap(str(files[0].content.name))
    assert path.stat().st_ino == number
    storage().save("2026/11/other.jpg", ContentFile(b"x"))
    storage().delete("2026/11/other.jpg")


def test_the_trail_only_grows_and_keeps_the_key_it_was_written_with(
    settings: Any, files: list[StoredFile], officer: User, capsys: pytest.CaptureFixture[str]
) -> None:
    event = record("account.change", officer, by=officer, after={"reason": "写错了"})
    assert "写错了" not in stored_after(event)
    use(settings, DURING)
    answer, status = run(capsys)
    assert (status, answer["needed"]) == (0, ["字段 k1", "字段 k2", "文件 f2"])
    assert AuditEvent.objects.get(pk=event.pk).after == {"reason": "写错了"}
    use(settings, AFTER)
    with pytest.raises(ImproperlyConfigured, match="密钥“k1”"):
        require_all_keys()


def test_rows_of_the_trail_from_before_are_read_as_they_stand(officer: User) -> None:
    event = record("account.change", officer, by=officer, after={})
    assert stored_after(event) == "{}"
    assert AuditEvent.objects.get(pk=event.pk).after == {}
    plain = AuditEvent._meta.get_field("after").from_db_value('{"a": "甲"}', None, connection)
    assert plain == {"a": "甲"}


def stored_after(event: AuditEvent) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT CAST("after" AS text) FROM accounts_auditevent WHERE id = %s', [event.pk]
        )
        return str(cursor.fetchone()[0])
