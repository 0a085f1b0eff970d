"""A backup: what it holds, that it is read again, and that nothing half made is called one."""

import json
import os
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pyrage.x25519 import Identity

from accounts.models import User
from backups import dumping, stored, taking
from backups.dumping import contents
from backups.keeping import prune
from backups.manifests import DATABASE, read_manifest
from backups.models import BackupRun
from backups.places import BackupPlace
from backups.reading import read_database, read_files
from backups.refusals import BackupRefused, NotGood
from backups.returning import SnapshotSource
from files.models import StoredFile
from files.services import discard
from tests.backups.conftest import Run, some_rows
from tests.factories import UserFactory, picture, stored_picture

# It looks from a connection of its own, which sees what was committed.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.embedded]


@pytest.fixture
def files() -> list[StoredFile]:
    return some_rows()


def made(run: Run, place: BackupPlace) -> dict[str, Any]:
    answer, status = run("backup", str(place.root))
    assert (answer.get("error"), status) == (None, 0)
    return answer


def test_a_backup_holds_every_row_and_file_of_its_moment(
    files: list[StoredFile], identity: Identity, place: BackupPlace, run: Run
) -> None:
    answer = made(run, place)
    assert answer["good"]
    assert (answer["files"], answer["new_files"]) == (3, 3)

    folder = place.snapshots / answer["snapshot"]
    manifest = read_manifest(folder)
    assert manifest.tables["files_storedfile"].rows == 3
    assert manifest.tables["accounts_user"] == contents(connection)["accounts_user"]
    read_database(folder, [identity], manifest)
    lines = {line.name: line for line in read_files(folder, [identity])}
    assert {line.sha256 for line in lines.values()} == {file.sha256 for file in files}
    # Nothing of it can be read here, nor told by its name.
    everything = b"".join(path.read_bytes() for path in place.root.rglob("*") if path.is_file())
    for word in ("专员", "zhuanyuan-1", files[0].sha256):
        assert word.encode() not in everything
    [row] = BackupRun.objects.all()
    assert (row.is_good, row.files, row.snapshot) == (True, 3, answer["snapshot"])


def test_a_file_is_copied_once(
    files: list[StoredFile], identity: Identity, place: BackupPlace, run: Run
) -> None:
    first = made(run, place)
    objects = {path: path.stat().st_mtime_ns for path in place.pool.rglob("*") if path.is_file()}
    stored_picture(picture(4))
    second = made(run, place)
    assert (first["new_files"], second["new_files"], second["files"]) == (3, 1, 4)
    for path, written in objects.items():
        assert path.stat().st_mtime_ns == written
    assert place.names() == [second["snapshot"]]  # the newest of a day
    assert second["removed"] == [first["snapshot"]]


def test_another_public_key_encrypts_the_files_anew(
    files: list[StoredFile], identity: Identity, place: BackupPlace, run: Run, settings: Any
) -> None:
    made(run, place)
    settings.BACKUP_RECIPIENTS = [str(Identity.generate().to_public())]
    answer = made(run, place)
    assert (answer["new_files"], answer["removed_files"]) == (3, 3)


def test_without_a_public_key_nothing_is_written(
    place: BackupPlace, run: Run, settings: Any
) -> None:
    settings.BACKUP_RECIPIENTS = []
    answer, status = run("backup", str(place.root))
    assert status == 2
    assert "BACKUP_RECIPIENTS" in answer["error"]
    assert not place.root.exists()


def test_what_cannot_be_a_place_is_told(identity: Identity, tmp_path: Path, run: Run) -> None:
    (tmp_path / "file").write_text("")
    for address, words in [
        ("s3://bucket/here", "S3"),
        ("ftp://host/here", "文件夹"),
        (str(tmp_path / "file"), "不能用"),
    ]:
        answer, status = run("backup", address)
        assert (status, answer["good"]) == (2, False)
        assert words in answer["error"]
    answer, status = run("backup")
    assert (status, "用法" in answer["error"]) == (2, True)


def test_a_lost_or_damaged_file_is_named_and_the_rest_is_kept(
    files: list[StoredFile], identity: Identity, place: BackupPlace, run: Run
) -> None:
    kept = stored.as_kept()
    lost, spoilt = str(files[0].content.name), str(files[1].content.name)
    kept.delete(lost)
    path = Path(kept.path(spoilt))
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    answer, status = run("backup", str(place.root))
    assert (status, answer["good"]) == (1, False)
    assert (answer["missing"], answer["damaged"]) == ([lost], [spoilt])
    assert len(place.names()) == 1
    [row] = BackupRun.objects.all()
    assert (row.is_good, "2个文件" in row.words) == (False, True)
    # Nor is it taken for whole because it was copied once.
    answer, status = run("backup", str(place.root))
    assert (status, answer["damaged"], answer["new_files"]) == (1, [spoilt], 0)


def test_a_file_deleted_meanwhile_makes_another_moment(
    files: list[StoredFile],
    identity: Identity,
    place: BackupPlace,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    late: list[StoredFile] = []
    write, rows = taking._write, stored.rows

    def as_somebody_uploads(*arguments: Any) -> Any:
        # After the first copying, and gone again before it is copied.
        if not late:
            late.append(stored_picture(picture(5)))
        return write(*arguments)

    def as_somebody_deletes(source: Any) -> Any:
        found = list(rows(source))
        if late and source is not connection and late[0].pk:
            discard(late[0])
        return iter(found)

    monkeypatch.setattr(taking, "_write", as_somebody_uploads)
    monkeypatch.setattr(stored, "rows", as_somebody_deletes)
    answer = made(run, place)
    assert (answer["files"], answer["missing"]) == (3, [])


def test_what_comes_meanwhile_is_of_the_next_moment(
    files: list[StoredFile], identity: Identity, place: BackupPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The portal goes on: rows written while tables are read are not in the backup."""
    packed = dumping.packed

    def as_somebody_signs_up(source: Any, found: Any) -> Any:
        for piece in packed(source, found):
            UserFactory.create(officer=True)
            yield piece

    monkeypatch.setattr(dumping, "packed", as_somebody_signs_up)
    before = User.objects.count()
    with place.locked():
        taken = taking.take(place, [identity.to_public()])
    assert taken.manifest.tables["accounts_user"].rows == before < User.objects.count()


def test_what_was_written_wrong_gets_no_name(
    files: list[StoredFile],
    identity: Identity,
    place: BackupPlace,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    to_disk = taking._to_disk

    def onto_a_bad_disk(folder: Path) -> None:
        to_disk(folder)
        with (folder / DATABASE).open("r+b") as file:
            file.seek(-1, os.SEEK_END)
            file.write(b"?")

    monkeypatch.setattr(taking, "_to_disk", onto_a_bad_disk)
    answer, status = run("backup", str(place.root))
    assert (status, answer["good"], place.names()) == (1, False, [])
    [row] = BackupRun.objects.all()
    assert (row.is_good, row.ended_at is not None) == (False, True)


def test_what_a_killed_one_left_is_cleared_and_never_taken_for_a_backup(
    files: list[StoredFile], identity: Identity, place: BackupPlace, run: Run
) -> None:
    left = place.snapshots / ".making-20261130T000000Z-00000000"
    (left / "pool").mkdir(parents=True)
    (left / "manifest.json").write_text("{}")
    BackupRun.objects.create(kind=BackupRun.Kind.BACKUP)
    with pytest.raises(BackupRefused, match="没有可以用的备份"):
        SnapshotSource.at(str(place.root))
    answer = made(run, place)
    assert place.names() == [answer["snapshot"]]
    assert not left.exists()
    assert [one.words for one in BackupRun.objects.filter(is_good=False)] == [
        "中途结束，没有做完。"
    ]


def test_two_at_once_are_one(identity: Identity, place: BackupPlace, run: Run) -> None:
    with place.locked():
        answer, status = run("backup", str(place.root))
    assert (status, "另一次" in answer["error"]) == (2, True)


def test_a_changed_manifest_is_none(
    files: list[StoredFile], identity: Identity, place: BackupPlace, run: Run, settings: Any
) -> None:
    folder = place.snapshots / made(run, place)["snapshot"]
    path = folder / "manifest.json"
    written = path.read_text()
    content = json.loads(written)
    content["files"] = 2
    path.write_text(json.dumps(content))
    with pytest.raises(NotGood, match="被改动过"):
        read_manifest(folder)
    path.write_text(written[:-20])
    with pytest.raises(NotGood, match="读不出来"):
        read_manifest(folder)
    path.write_text(written)
    settings.HASH_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    with pytest.raises(NotGood, match="HASH_KEY"):
        read_manifest(folder)


def test_while_a_snapshot_cannot_be_read_no_file_leaves_the_pool(
    files: list[StoredFile], identity: Identity, place: BackupPlace, run: Run
) -> None:
    first = place.snapshots / made(run, place)["snapshot"]
    older = place.snapshots / "20200101T000000Z-00000000"
    shutil.copytree(first, older)
    (older / "manifest.json").write_text("?")
    StoredFile.objects.all().delete()
    answer = made(run, place)
    # The first one went by the rule; the unread one and every file stay.
    assert answer["removed"] == [first.name]
    assert answer["removed_files"] == 0
    assert older.exists()
    assert len(list(place.objects())) == 3
    shutil.rmtree(older)
    with place.locked():
        assert prune(place) == ([], 3)


def test_an_old_backup_that_is_the_only_one_stays(
    identity: Identity, place: BackupPlace, run: Run
) -> None:
    name = made(run, place)["snapshot"]
    manifest = read_manifest(place.snapshots / name)
    old = timezone.now() - timedelta(days=4000)
    replace(manifest, made_at=old).write(place.snapshots / name)
    with place.locked():
        assert prune(place) == ([], 0)
    assert place.names() == [name]
