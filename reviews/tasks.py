"""Periodic work of the review."""

from celery import shared_task
from django.utils import timezone

from reviews.assignments import settle_assignments
from reviews.reminders import send_due_reminders
from reviews.removed_scans import discard_removed
from reviews.signatures.certificates.expiry import warn_of_expiry
from reviews.times.closing import close_months


@shared_task(name="reviews.remind")
def remind() -> None:
    send_due_reminders()


@shared_task(name="reviews.warn_of_expiry")
def warn_of_certificates() -> None:
    warn_of_expiry()


@shared_task(name="reviews.settle_assignments")
def settle() -> None:
    settle_assignments()


@shared_task(name="reviews.sweep_removed")
def sweep_removed() -> None:
    discard_removed(timezone.now())


@shared_task(name="reviews.close_months")
def close() -> int:
    return close_months()
