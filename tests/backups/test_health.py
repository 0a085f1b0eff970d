"""What the page of health says of backups and drills, and when a drill is due."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from backups import drills, tasks
from backups.models import BackupRun
from backups.places import BackupPlace
from reports.health import Sign, examine

pytestmark = pytest.mark.django_db
NOW = "2026-11-30T12:00:00+08:00"
BACKUP, DRILL = BackupRun.Kind.BACKUP, BackupRun.Kind.DRILL


def sign(label: str) -> Sign:
    [found] = [one for one in examine() if one.label == label]
    return found


def ended(kind: BackupRun.Kind, *, ago: timedelta, **fields: Any) -> BackupRun:
    at = timezone.now() - ago
    values = {"is_good": True, "rows": 1200, "files": 30, **fields}
    return BackupRun.objects.create(
        kind=kind, started_at=at - timedelta(minutes=4), ended_at=at, **values
    )


def test_before_any_backup_both_are_red() -> None:
    assert (sign("备份").state, sign("备份").words) == ("bad", "还没有做成过备份。")
    assert (sign("恢复演练").state, sign("恢复演练").words) == ("bad", "还没有演练成功过。")
    assert "没有演练用的私钥" in sign("恢复演练").mend


def test_a_demonstration_needs_none(settings: Any) -> None:
    settings.DEMO = True
    assert (sign("备份").state, sign("恢复演练").state) == ("warn", "warn")


@pytest.mark.parametrize(("hours", "state"), [(1, "ok"), (26, "ok"), (27, "warn"), (51, "bad")])
def test_a_backup_is_told_with_its_day_what_it_holds_and_how_long_it_took(
    hours: int, state: str
) -> None:
    with time_machine.travel(NOW, tick=False):
        ended(BACKUP, ago=timedelta(hours=hours))
        assert sign("备份").state == state
        assert "1200行、30个文件，用时4分钟" in sign("备份").words


@pytest.mark.parametrize(("days", "state"), [(1, "ok"), (14, "ok"), (15, "bad")])
def test_without_a_drill_for_fourteen_days_it_is_red(days: int, state: str) -> None:
    with time_machine.travel(NOW, tick=False):
        ended(DRILL, ago=timedelta(days=days))
        assert sign("恢复演练").state == state
        assert (
            f"{days * 24 if days < 2 else days}{'小时' if days < 2 else '天'}前"
            in sign("恢复演练").words
        )


def test_what_came_to_nothing_after_it_is_told() -> None:
    ended(BACKUP, ago=timedelta(hours=2))
    ended(BACKUP, ago=timedelta(hours=1), is_good=False, words="系统的磁盘空间已用完")
    # One that is at work says nothing yet.
    BackupRun.objects.create(kind=BACKUP)
    assert sign("备份").state == "warn"
    assert "此后一次没有做成：系统的磁盘空间已用完" in sign("备份").words


def test_a_drill_is_due_weekly_and_a_day_after_one_that_failed() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        assert drills.is_due(timezone.now())
        run = BackupRun.objects.create(kind=DRILL)
        assert not drills.is_due(timezone.now())
        BackupRun.objects.filter(pk=run.pk).update(ended_at=timezone.now())
        clock.shift(timedelta(hours=23))
        assert not drills.is_due(timezone.now())
        clock.shift(timedelta(hours=2))
        assert drills.is_due(timezone.now())
        ended(DRILL, ago=timedelta())
        clock.shift(timedelta(days=6, hours=23))
        assert not drills.is_due(timezone.now())
        clock.shift(timedelta(hours=2))
        assert drills.is_due(timezone.now())


def test_beat_begins_a_drill_where_the_key_is(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[bool] = []
    monkeypatch.setattr(drills, "begin_apart", lambda: begun.append(True))
    tasks.drill_weekly()
    settings.BACKUP_TO = str(tmp_path)
    tasks.drill_weekly()
    assert begun == []
    settings.DRILL_IDENTITY = str(tmp_path / "key.txt")
    tasks.drill_weekly()
    assert begun == [True]


def test_a_drill_on_another_host_is_entered_once_and_a_forged_one_never(
    settings: Any, tmp_path: Path
) -> None:
    settings.BACKUP_TO = str(tmp_path)
    place = BackupPlace(tmp_path)
    run = ended(DRILL, ago=timedelta(hours=3), snapshot="20261130T000000Z-00000000")
    drills._leave_note(place, run)
    [note] = place.drills.iterdir()
    (place.drills / "forged.json").write_text(note.read_text().replace("1200", "1201"))
    (place.drills / "nothing.json").write_text("[]")
    BackupRun.objects.all().delete()
    tasks.drill_weekly()
    tasks.drill_weekly()
    [found] = BackupRun.objects.all()
    assert (found.snapshot, found.rows, found.is_good) == (run.snapshot, 1200, True)
    assert (found.started_at, found.ended_at) == (run.started_at, run.ended_at)
