"""Long steps of a report: counting it section by section, and throwing it away after its week."""

import logging
from functools import partial
from typing import Final

from django.utils import timezone

from core.sweeping import each
from reports.models import LEASE, StageReport
from reports.stage.building import build
from reports.stage.periods import Period
from reports.stage.sections import SECTIONS

logger = logging.getLogger(__name__)

S = StageReport.State
MOST_OVER: Final = 200


def count(report_pk: int) -> None:
    """Count a report's figures; twice at a time, the second leaves it alone."""
    now = timezone.now()
    taken = StageReport.objects.waiting(now).filter(pk=report_pk)
    if not taken.update(leased_until=now + LEASE):
        return
    report = StageReport.objects.get(pk=report_pk)
    row = StageReport.objects.filter(pk=report_pk)
    try:
        content = build(Period(report.first, report.last), partial(_tell, report_pk))
    except Exception:
        row.update(state=S.FAILED, leased_until=None)
        logger.exception("第%s号工作报告没有统计完。", report_pk)
        return
    row.update(
        state=S.READY,
        content=content.as_json(),
        counted_at=timezone.now(),
        done_count=len(SECTIONS),
        leased_until=None,
    )


def _tell(report_pk: int, done: int) -> None:
    # In no transaction of the count, so that the page shows it.
    StageReport.objects.filter(pk=report_pk).update(
        done_count=done, leased_until=timezone.now() + LEASE
    )


def drop_over() -> int:
    """Throw away what was kept for a week."""
    over = StageReport.objects.over(timezone.now())[:MOST_OVER]
    return len(each(over, lambda report: report.delete(), what="删除旧的工作报告"))
