"""Periodic work of the review."""

from celery import shared_task

from reviews.reminders import send_due_reminders


@shared_task(name="reviews.remind")
def remind() -> None:
    send_due_reminders()
