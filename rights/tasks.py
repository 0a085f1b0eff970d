"""Periodic work of this room."""

from celery import shared_task

from rights.reminders import remind_of_requests


@shared_task(name="rights.remind")
def remind() -> None:
    """Once a day. What was missed is made good the next morning."""
    remind_of_requests()
