"""A backup that came back: whole, compared, and in an empty place; anything else is refused."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings as portal_settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from pyrage.x25519 import Identity

from backups import empty, holds, stored
from backups.dumping import contents, numbers
from backups.half_done import MARK, refuse_half_restored
from backups.manifests import OBJECTS, PIECES, check_pieces, read_manifest
from backups.models import BackupRun
from backups.places import BackupPlace
from backups.refusals import NotGood
from backups.tables import tables
from enterprises.models import Demand
from files.models import StoredFile
from notices.beat import hold
from tests.backups.conftest import Run, some_rows
from tests.harness import ROOT, process_environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.live]


def manage(
    *arguments: str, folder: Path, address: str, given: str = ""
) -> tuple[dict[str, Any], int]:
    """A command of a portal with this folder and this database."""
    done = subprocess.run(
        [sys.executable, "tests/backups/kept/manage.py", *arguments],
        cwd=ROOT,
        env=process_environment(PORTAL_DATA=str(folder), DATABASE_URL=address),
        input=given.encode(),
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in done.stdout + done.stderr, done.stderr.decode()
    return json.loads(done.stdout), done.returncode


def in_file(folder: Path) -> str:
    return f"sqlite:///{folder / 'db.sqlite3'}"


@pytest.fixture
def snapshot(identity: Identity, place: BackupPlace, run: Run) -> Path:
    some_rows()
    answer, status = run("backup", str(place.root))
    assert status == 0
    return place.snapshots / str(answer["snapshot"])


@pytest.fixture
def other_database() -> Iterator[str]:
    """An empty one on the server of this run."""
    if connection.vendor != "postgresql":
        pytest.skip("没有 PostgreSQL")
    found = connection.settings_dict
    address = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}".format(**found)
    name = f"returned_{os.getpid()}"
    server = psycopg2.connect(f"{address}/postgres")
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield f"{address}/{name}"
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    server.close()


@pytest.mark.embedded
def test_it_comes_back_whole_and_goes_on_from_there(
    snapshot: Path, key_file: Path, tmp_path: Path
) -> None:
    into = tmp_path / "new"
    answer, status = manage(
        *("restore", str(snapshot), "--into", str(into), "--identity", str(key_file)),
        folder=into,
        address=in_file(into),
    )
    assert (answer.get("error"), status) == (None, 0)
    assert (answer["good"], answer["files"], answer["lost"]) == (True, 3, [])
    for file in StoredFile.objects.all():
        name = str(file.content.name)
        with stored.as_kept().open(name, "rb") as ours:
            assert (into / "files" / name).read_bytes() == ours.read()
    assert not (into / MARK).exists()
    with closing(sqlite3.connect(into / "db.sqlite3")) as database:
        found = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
        assert holds.TABLE not in found
        last = database.execute(
            "SELECT action, object_label FROM accounts_auditevent ORDER BY id DESC LIMIT 1"
        ).fetchone()
        assert last == ("backup.returned", snapshot.name)
        given = dict(database.execute("SELECT name, seq FROM sqlite_sequence"))
        told = numbers(connection, [table for group in tables() for table in group])
        assert given["enterprises_demand"] == told["enterprises_demand"] > Demand.objects.get().pk
        # The guard of the trail stands.
        with pytest.raises(sqlite3.DatabaseError, match="only grows"):
            database.execute("DELETE FROM accounts_auditevent")


def test_half_a_return_is_refused_by_whatever_starts(
    snapshot: Path, key_file: Path, tmp_path: Path
) -> None:
    """A file of the pool is missing: the return ends in its middle, as a killed one does."""
    into = tmp_path / "new"
    place = BackupPlace(snapshot.parent.parent)
    next(iter(place.pool.rglob("?" * 64))).unlink()
    answer, status = manage(
        *("restore", str(place.root), "--into", str(into), "--identity", str(key_file)),
        folder=into,
        address=in_file(into),
    )
    assert (status, answer["good"]) == (1, False)
    assert "少了文件" in answer["error"]
    with pytest.raises(ImproperlyConfigured, match="没有完成"):
        refuse_half_restored(into)
    done = subprocess.run(
        [sys.executable, "-m", "wanzhou_abtc.prepare"],
        cwd=ROOT,
        env=process_environment(PORTAL_DATA=str(into), DATABASE_URL=in_file(into)),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, "没有完成" in done.stderr.decode()) == (1, True)


@pytest.mark.parametrize(
    "what", ["folder", "database", "hold", "key", "identity", "piece", "version"]
)
def test_what_is_not_empty_not_ours_or_not_whole_is_refused_before_anything_is_written(
    what: str, snapshot: Path, key_file: Path, tmp_path: Path, run: Run, monkeypatch: Any
) -> None:
    into, words, status = tmp_path / "new", "", 2
    into.mkdir()
    monkeypatch.setattr(portal_settings, "PORTAL_DATA", into)
    arguments = ["restore", str(snapshot), "--into", str(into), "--identity", str(key_file)]
    if what == "folder":
        (into / "letter.txt").write_text("x")
        words = "不是空的"
    elif what == "database":
        monkeypatch.setattr(empty, "require_empty_storage", lambda: None)
        words = "不是空的"  # the tests' own
    elif what == "hold":
        monkeypatch.setattr(empty, "require_empty_storage", lambda: None)
        holds.hold_database(holds.MOVED)
        words = "已经搬到"
    elif what == "key":
        (into / "env").write_text("HASH_KEY=another\n")
        monkeypatch.setattr(empty, "require_empty_storage", lambda: None)
        monkeypatch.setattr(empty, "require_empty_database", lambda: None)
        words = "HASH_KEY"
    elif what == "identity":
        key_file.write_text(str(Identity.generate()))
        monkeypatch.setattr(empty, "require_empty_storage", lambda: None)
        monkeypatch.setattr(empty, "require_empty_database", lambda: None)
        words = "打不开"
    elif what == "piece":
        with (snapshot / PIECES[0]).open("ab") as file:
            file.write(b"?")
        words, status = "与写下时不同", 1
    else:
        manifest = read_manifest(snapshot)
        manifest.migrations.pop()
        manifest.write(snapshot)
        words = "另一个版本"
    answer, left = run(*arguments)
    holds.release_database()
    assert (left, words in answer["error"]) == (status, True), answer
    assert not (into / MARK).exists()


def test_without_a_private_key_there_is_a_sentence(
    snapshot: Path, tmp_path: Path, run: Run
) -> None:
    answer, status = run("restore", str(snapshot), "--into", str(tmp_path / "new"))
    assert (status, "--identity" in answer["error"]) == (2, True)


def test_a_missing_list_of_files_is_told(snapshot: Path) -> None:
    (snapshot / OBJECTS).unlink()
    with pytest.raises(NotGood, match="缺少"):
        check_pieces(snapshot, read_manifest(snapshot).pieces)


def test_a_station_grows_into_postgresql_and_comes_back(
    snapshot: Path, key_file: Path, tmp_path: Path, other_database: str
) -> None:
    """From PostgreSQL into a fresh SQLite, moved into PostgreSQL, and back into SQLite."""
    folder = tmp_path / "station"
    told = {name: vars(one) for name, one in contents(connection).items()}
    # The trail has a line of each: brought back, moved there, moved back.
    more = {"accounts_auditevent": 3}
    answer, status = manage(
        *("restore", str(snapshot), "--into", str(folder), "--identity", str(key_file)),
        folder=folder,
        address=in_file(folder),
    )
    assert status == 0, answer
    answer, status = manage("move", "--to", other_database, folder=folder, address=in_file(folder))
    assert (answer.get("error"), status) == (None, 0)
    # Nobody goes on with the old one.
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        [[words]] = database.execute("SELECT words FROM backups_hold")
        assert words == holds.MOVED
    back = f"sqlite:///{folder / 'back.sqlite3'}"
    answer, status = manage("move", "--to", back, folder=folder, address=other_database)
    assert (answer.get("error"), status) == (None, 0)
    with closing(sqlite3.connect(folder / "back.sqlite3")) as database:
        for name, one in told.items():
            [[count]] = database.execute(f'SELECT count(*) FROM "{name}"')  # noqa: S608
            assert count == one["rows"] + more.get(name, 0), name


def test_a_move_refuses_a_portal_that_is_at_work(run: Run, tmp_path: Path) -> None:
    hold("somebody")
    answer, status = run("move", "--to", f"sqlite:///{tmp_path / 'other.sqlite3'}")
    assert (status, "正在运行" in answer["error"]) == (2, True)
    assert not holds.is_held()
    for address in ("mysql://host/name", "nonsense", "ftp://host"):
        answer, status = run("move", "--to", address)
        assert (status, "数据库的地址" in answer["error"]) == (2, True)


@pytest.mark.parametrize(
    "command",
    [
        ["-c", "import wanzhou_abtc.wsgi"],
        ["-m", "celery", "-A", "wanzhou_abtc", "worker", "--pool", "solo"],
        ["-m", "celery", "-A", "wanzhou_abtc", "beat"],
    ],
    ids=["web", "worker", "beat"],
)
def test_nothing_starts_on_a_database_that_was_moved_away(
    command: list[str], tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "db.sqlite3")) as database:
        database.execute(f"CREATE TABLE {holds.TABLE} (words text NOT NULL)")
        database.execute(f"INSERT INTO {holds.TABLE} VALUES (?)", [holds.MOVED])  # noqa: S608
        database.commit()
    environment = process_environment(PORTAL_DATA=str(tmp_path), DATABASE_URL=in_file(tmp_path))
    environment.pop("REDIS_URL", None)
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1, done.stderr.decode()
    assert done.stderr.decode().strip().endswith(holds.MOVED)


def test_a_move_that_was_killed_can_be_given_up(run: Run) -> None:
    holds.hold_database(holds.MOVING)
    with pytest.raises(ImproperlyConfigured, match="搬移"):
        holds.refuse_held_database()
    answer, status = run("move", "--give-up")
    assert (status, answer["good"], holds.is_held()) == (0, True, False)
    holds.refuse_held_database()


def test_a_drill_leaves_a_row_a_note_and_nothing_else(
    snapshot: Path, key_file: Path, run: Run, settings: Any, tmp_path: Path
) -> None:
    settings.PORTAL_DATA, settings.BASE_DIR = tmp_path, ROOT / "tests" / "backups" / "kept"
    settings.DRILL_IDENTITY, settings.BACKUP_TO = str(key_file), str(snapshot.parent.parent)
    answer, status = run("drill")
    assert (answer.get("error"), status) == (None, 0)
    row = BackupRun.objects.get(kind=BackupRun.Kind.DRILL)
    assert (row.is_good, row.snapshot, row.files) == (True, snapshot.name, 3)
    assert list(tmp_path.glob(".drill-*")) == []
    [note] = (snapshot.parent.parent / "drills").iterdir()
    assert json.loads(note.read_text())["snapshot"] == snapshot.name
    shutil.rmtree(snapshot)
    answer, status = run("drill")
    assert (status, "没有可以用的备份" in answer["error"]) == (2, True)
