"""Periodic work of the calendar."""

from celery import shared_task

from workdays.following import catch_up_with_calendar


@shared_task(name="workdays.catch_up")
def catch_up() -> None:
    catch_up_with_calendar()
