"""Lines of the page of health: when the last backup was made, and when one last came back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Max

from backups.models import BackupRun
from core.dates import moment_words
from reports.health import BAD, OK, WARN, Sign, ago_words, minutes_words

BACKUP, DRILL = BackupRun.Kind.BACKUP, BackupRun.Kind.DRILL
# Made daily: one that was missed is looked at, two are a matter for somebody.
LATE: Final = timedelta(hours=26)
TOO_LATE: Final = timedelta(hours=50)
NO_BACKUP: Final = "请技术人员按 README 设置 BACKUP_RECIPIENTS，每天运行 script/manage backup。"
AT_ANOTHER: Final = (
    "这台机器没有演练用的私钥（DRILL_IDENTITY），读不了自己的备份；"
    "请在存有私钥的机器上运行 script/manage drill，结果会显示在这里。"
)


def signs(now: datetime) -> list[Sign]:
    """Costs one query, however many runs there were."""
    ended = BackupRun.objects.filter(ended_at__isnull=False)
    last = ended.order_by().values("kind", "is_good").annotate(last=Max("pk")).values("last")
    latest = {(run.kind, run.is_good): run for run in BackupRun.objects.filter(pk__in=last)}
    return [_backup(now, *_of(BACKUP, latest)), _drill(now, *_of(DRILL, latest))]


def _of(
    kind: BackupRun.Kind, latest: Mapping[tuple[str, bool], BackupRun]
) -> tuple[BackupRun | None, BackupRun | None]:
    """The last good one, and the last that came to nothing after it."""
    good, failed = latest.get((kind, True)), latest.get((kind, False))
    return good, None if failed and good and failed.pk < good.pk else failed


def _backup(now: datetime, good: BackupRun | None, failed: BackupRun | None) -> Sign:
    trouble = f"此后一次没有做成：{failed.words}" if failed else ""
    if good is None or good.ended_at is None:
        state = WARN if settings.DEMO and not failed else BAD
        return Sign("备份", state, trouble or "还没有做成过备份。", NO_BACKUP)
    age = now - good.ended_at
    state = BAD if age > TOO_LATE else WARN if age > LATE or failed else OK
    words = f"最近一次{_when(good, now)}{_amount(good)}{trouble}"
    return Sign("备份", state, words, "" if state == OK else "请检查每天备份的定时任务。")


def _drill(now: datetime, good: BackupRun | None, failed: BackupRun | None) -> Sign:
    trouble = f"此后一次没有做成：{failed.words}" if failed else ""
    mend = "" if settings.DRILL_IDENTITY else AT_ANOTHER
    if good is None or good.ended_at is None:
        state = WARN if settings.DEMO and not failed else BAD
        return Sign("恢复演练", state, trouble or "还没有演练成功过。", mend or _again())
    red = timedelta(days=settings.DRILL_RED_AFTER_DAYS)
    state = BAD if now - good.ended_at > red else WARN if failed else OK
    words = f"最近一次成功{_when(good, now)}{_amount(good)}{good.words}{trouble}"
    return Sign("恢复演练", state, words, mend or ("" if state == OK else _again()))


def _again() -> str:
    return "请运行 script/manage drill 看原因；没有演练过的备份不能算备份。"


def _when(run: BackupRun, now: datetime) -> str:
    ended = run.ended_at or now
    return f"在{ago_words(now - ended)}（{moment_words(ended)}），"


def _amount(run: BackupRun) -> str:
    took = minutes_words((run.ended_at or run.started_at) - run.started_at)
    return f"{run.rows}行、{run.files}个文件，用时{took}。"
