"""Making of packages outside of the request. The years' states decide."""

import logging
from typing import Final

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from core.sweeping import each
from reports.archiving.steps import drop_over, make
from reports.models import ArchiveYear

logger = logging.getLogger(__name__)

SWEEP_AT_MOST: Final = 20


@shared_task(name="reports.make_packages", time_limit=600, soft_time_limit=560)
def make_packages(run_pk: int) -> None:
    if make(run_pk):
        hand_over(run_pk)


@shared_task(name="reports.sweep_packages")
def sweep_packages() -> None:
    """Hand over what was never begun, or whose worker died, and throw away what is a week old."""
    waiting = ArchiveYear.objects.waiting(timezone.now()).values_list("pk", flat=True)
    each(waiting[:SWEEP_AT_MOST], hand_over, what="年度归档")
    drop_over()


def hand_over(run_pk: int) -> None:
    try:
        make_packages.delay(run_pk)
    except (OperationalError, OSError):
        logger.warning("任务队列暂不可用，第%s号年度归档留待下次清扫。", run_pk)
