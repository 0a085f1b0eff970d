"""Delivery outside the request. The rows decide; these only set to work on them."""

from celery import shared_task

from notices.delivery import deliver
from notices.models import Delivery

SWEEP_AT_MOST = 500


@shared_task(name="notices.deliver")
def deliver_one(delivery_id: int) -> None:
    deliver(delivery_id)


@shared_task(name="notices.sweep")
def sweep() -> None:
    """Take up what was never done: the broker was away, a worker died, or a retry is due."""
    due = Delivery.objects.due().order_by("next_attempt_at").values_list("pk", flat=True)
    for pk in due[:SWEEP_AT_MOST]:
        deliver(pk)
