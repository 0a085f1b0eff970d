"""Recognition outside the request, in a queue and a worker of its own. The rows decide."""

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from core.sweeping import each
from files.models import Recognition
from files.ownerless import discard_unknown, discard_unreferred
from files.recognising import recognise_next
from files.recognition_packages import is_available

logger = logging.getLogger(__name__)

SWEEP_AT_MOST = 200
# How long a message may wait in the queue behind others before it is taken for lost.
PATIENCE = timedelta(minutes=15)


@shared_task(name="files.recognise", time_limit=180, soft_time_limit=150)
def recognise_one(_recognition_id: int) -> None:
    """One picture is read for each that was handed over, of whichever enterprise's turn it is."""
    recognise_next()


@shared_task(name="files.sweep_recognition")
def sweep_recognition() -> None:
    """Hand over what was never read: the broker was away, a worker died, a retry is due."""
    if not is_available():
        return
    untold = Q(told_at__isnull=True) | Q(told_at__lt=timezone.now() - PATIENCE)
    due = Recognition.objects.due().filter(untold | Q(attempts__gt=0))
    numbers = due.order_by("next_attempt_at").values_list("pk", flat=True)[:SWEEP_AT_MOST]
    each(numbers, hand_over, what="识别")


def hand_over(recognition_id: int) -> None:
    """Tell the recognition worker; where there is none the row waits, and the pages say so."""
    if not is_available():
        return
    try:
        recognise_one.apply_async((recognition_id,), queue=settings.RECOGNITION_QUEUE)
    except (OperationalError, OSError):
        logger.warning("任务队列暂不可用，识别%s留待下次清扫。", recognition_id)
        return
    Recognition.objects.filter(pk=recognition_id).update(told_at=timezone.now())


@shared_task(name="files.sweep_ownerless")
def sweep_ownerless() -> None:
    now = timezone.now()
    discard_unreferred(now)
    discard_unknown(now)
