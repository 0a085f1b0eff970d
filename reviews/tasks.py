"""Periodic work of the review."""

from celery import shared_task

from reviews.assignments import settle_assignments
from reviews.reminders import send_due_reminders
from reviews.signatures.certificates.expiry import warn_of_expiry


@shared_task(name="reviews.remind")
def remind() -> None:
    send_due_reminders()


@shared_task(name="reviews.warn_of_expiry")
def warn_of_certificates() -> None:
    warn_of_expiry()


@shared_task(name="reviews.settle_assignments")
def settle() -> None:
    settle_assignments()
