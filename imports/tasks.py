"""Long steps of an import outside the request. The batches' states decide."""

import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from core.sweeping import each
from imports.models import ImportBatch
from imports.steps import drop_left, work_off

logger = logging.getLogger(__name__)

SWEEP_AT_MOST = 20


@shared_task(name="imports.work", time_limit=600, soft_time_limit=560)
def work(batch_pk: int) -> None:
    work_off(batch_pk)


@shared_task(name="imports.sweep")
def sweep() -> None:
    """Hand over what was never begun, or whose worker died, and give up what was left."""
    waiting = ImportBatch.objects.waiting(timezone.now()).values_list("pk", flat=True)
    each(waiting[:SWEEP_AT_MOST], hand_over, what="导入")
    drop_left()


def hand_over(batch_pk: int) -> None:
    try:
        work.delay(batch_pk)
    except (OperationalError, OSError):
        logger.warning("任务队列暂不可用，第%s批导入留待下次清扫。", batch_pk)
