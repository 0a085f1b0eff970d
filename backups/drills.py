"""A drill: the newest snapshot brought back into a scratch folder, looked at, and thrown away.

What came of it is a row here and a sealed note beside the snapshots: a drill on another host, which
alone has the private key, so reaches the page of health of the portal that cannot read its backups.
"""

import fcntl
import hmac
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from backups import elsewhere
from backups.manifests import Manifest, read_manifest
from backups.models import BackupRun
from backups.places import BackupPlace
from backups.refusals import BackupRefused, NotGood
from backups.returning import SnapshotSource
from backups.runs import recorded, succeed
from core.crypto import keyed_hash

SCRATCH: Final = ".drill-"
BUSY: Final = "这台机器上正有另一次演练在进行。"
# Rows, their indexes and the write-ahead log, for each of the dump's compressed bytes.
DATABASE_GROWS: Final = 20
DUE_AFTER: Final = timedelta(days=7)
AGAIN_AFTER: Final = timedelta(days=1)
# One that began longer ago was killed.
LONGEST: Final = timedelta(hours=12)


@dataclass(frozen=True)
class Drilled:
    """What was brought back, and as the restore answered it."""

    manifest: Manifest
    answer: dict[str, Any]


def drill(source: SnapshotSource, identity: str) -> Drilled:
    """Bring it back and throw it away. Raises NotGood with what does not agree."""
    manifest = read_manifest(source.folder)
    with _alone(), recorded(BackupRun.Kind.DRILL) as run:
        _require_space(source, manifest)
        scratch = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=settings.PORTAL_DATA))
        try:
            answer, status = elsewhere.run(
                *("restore", str(source.folder), "--into", str(scratch), "--identity", "-"),
                given=identity,
                environment={
                    "PORTAL_DATA": str(scratch),
                    "DATABASE_URL": f"sqlite:///{scratch / 'db.sqlite3'}",
                },
            )
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        if status > 1:
            raise BackupRefused(str(answer.get("error")))
        if answer.get("snapshot") != manifest.snapshot:
            raise NotGood(str(answer.get("error")))
        words = str(answer.get("error", ""))
        succeed(run, manifest, words=words)
        run.refresh_from_db()
        _leave_note(source.place, run)
    return Drilled(manifest, answer)


@contextmanager
def _alone() -> Iterator[None]:
    """One at a time on a host; what a killed one left is thrown away."""
    with (Path(settings.PORTAL_DATA) / "drill.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BackupRefused(BUSY) from error
        for left in Path(settings.PORTAL_DATA).glob(f"{SCRATCH}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def _require_space(source: SnapshotSource, manifest: Manifest) -> None:
    """The scratch folder must not take the portal's last space."""
    database = sum(piece.size for piece in manifest.pieces.values()) * DATABASE_GROWS
    needed = manifest.bytes + database + settings.LEAST_FREE_BYTES
    if shutil.disk_usage(settings.PORTAL_DATA).free < needed:
        raise BackupRefused("磁盘空间不够演练一次恢复，没有做。请扩容，或在另一台机器上演练。")


# The note beside the snapshots --------------------------------------------------------------------


def _leave_note(place: BackupPlace, run: BackupRun) -> None:
    """A place that can only be read gets none; the row stands all the same."""
    content = {
        "snapshot": run.snapshot,
        "started_at": run.started_at.isoformat(),
        "ended_at": (run.ended_at or timezone.now()).isoformat(),
        "rows": run.rows,
        "files": run.files,
        "size": run.size,
        "words": run.words,
    }
    text = json.dumps({**content, "seal": _seal(content)}, ensure_ascii=False)
    path = place.drills / f"{run.started_at:%Y%m%dT%H%M%SZ}-{run.snapshot}.json"
    try:
        place.drills.mkdir(mode=0o700, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError:
        return


def read_notes(place: BackupPlace) -> int:
    """Enter drills of other hosts that this portal does not know yet; how many."""
    known = set(
        BackupRun.objects.filter(kind=BackupRun.Kind.DRILL).values_list("snapshot", "started_at")
    )
    count = 0
    for path in sorted(place.drills.glob("*.json")) if place.drills.is_dir() else []:
        note = _note(path)
        if note is None or (note["snapshot"], note["started_at"]) in known:
            continue
        BackupRun.objects.create(kind=BackupRun.Kind.DRILL, is_good=True, **note)
        count += 1
    return count


def _note(path: Path) -> dict[str, Any] | None:
    """None of one that our key did not seal."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        seal = content.pop("seal")
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None
    if not hmac.compare_digest(str(seal), _seal(content)):
        return None
    moments = {name: parse_datetime(content[name]) for name in ("started_at", "ended_at")}
    return {**content, **moments}


def _seal(content: dict[str, Any]) -> str:
    return keyed_hash("drill:" + json.dumps(content, sort_keys=True))


# By beat ------------------------------------------------------------------------------------------


def is_due(now: datetime) -> bool:
    """A week after the last good one; a day after one that came to nothing."""
    runs = BackupRun.objects.filter(kind=BackupRun.Kind.DRILL)
    if runs.good().filter(ended_at__gt=now - DUE_AFTER).exists():
        return False
    if runs.under_way().filter(started_at__gt=now - LONGEST).exists():
        return False
    return not runs.filter(started_at__gt=now - AGAIN_AFTER).exists()


def begin_apart() -> None:
    """In a process of its own: it takes longer than a task may, and holds up no message."""
    subprocess.Popen(  # noqa: S603 # our own program
        [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "drill"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
