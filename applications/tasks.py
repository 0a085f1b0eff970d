"""What beat has done for applications."""

from celery import shared_task
from django.utils import timezone

from applications.expired_mends import discard_expired


@shared_task(name="applications.sweep_mends")
def sweep_mends() -> None:
    discard_expired(timezone.now())
