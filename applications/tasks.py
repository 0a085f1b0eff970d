"""Periodic work on applications."""

from celery import shared_task
from django.utils import timezone

from applications.expired_repairs import discard_expired
from applications.released import discard_released
from applications.reminders import remind_enterprises
from applications.removed_pages import discard_proposed, discard_removed


@shared_task(name="applications.sweep_repairs")
def sweep_repairs() -> None:
    discard_expired(timezone.now())


@shared_task(name="applications.sweep_removed")
def sweep_removed() -> None:
    discard_removed(timezone.now())
    discard_proposed(timezone.now())
    discard_released()


@shared_task(name="applications.remind_enterprises")
def remind() -> None:
    remind_enterprises()
