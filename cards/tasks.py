"""Periodic work on what follows the table."""

from celery import shared_task

from cards.filing.nudges import remind_of_filings


@shared_task(name="cards.remind_of_filings")
def remind() -> None:
    remind_of_filings()
