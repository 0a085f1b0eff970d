"""Periodic work of the review."""

from celery import shared_task

from reviews.assignments import settle_assignments
from reviews.calendar_changes import catch_up_with_calendar, tell_of_missing_notices
from reviews.expiry import warn_of_expiry
from reviews.reminders import send_due_reminders
from reviews.security import tell_of_signing_locks


@shared_task(name="reviews.remind")
def remind() -> None:
    send_due_reminders()


@shared_task(name="reviews.warn_of_expiry")
def warn_of_certificates() -> None:
    warn_of_expiry()


@shared_task(name="reviews.settle_assignments")
def settle() -> None:
    settle_assignments()


@shared_task(name="reviews.tell_of_signing_locks")
def tell_of_locks() -> None:
    tell_of_signing_locks()


@shared_task(name="reviews.look_after_calendar")
def look_after_calendar() -> None:
    tell_of_missing_notices()
    catch_up_with_calendar()
