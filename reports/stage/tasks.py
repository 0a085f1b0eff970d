"""Counting of large reports outside of the request. The reports' states decide."""

import logging
from typing import Final

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from core.sweeping import each
from reports.models import StageReport
from reports.stage.steps import count, drop_over

logger = logging.getLogger(__name__)

SWEEP_AT_MOST: Final = 20


@shared_task(name="reports.count_stage_report", time_limit=300, soft_time_limit=280)
def count_stage_report(report_pk: int) -> None:
    count(report_pk)


@shared_task(name="reports.sweep")
def sweep() -> None:
    """Hand over what was never begun, or whose worker died, and throw away what is a week old."""
    waiting = StageReport.objects.waiting(timezone.now()).values_list("pk", flat=True)
    each(waiting[:SWEEP_AT_MOST], hand_over, what="工作报告")
    drop_over()


def hand_over(report_pk: int) -> None:
    try:
        count_stage_report.delay(report_pk)
    except (OperationalError, OSError):
        logger.warning("任务队列暂不可用，第%s号工作报告留待下次清扫。", report_pk)
