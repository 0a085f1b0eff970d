"""Periodic work on applications."""

from celery import shared_task
from django.utils import timezone

from applications.expired_repairs import discard_expired


@shared_task(name="applications.sweep_repairs")
def sweep_repairs() -> None:
    discard_expired(timezone.now())
