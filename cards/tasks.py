"""Periodic work on filings, cards and what is done with them."""

from celery import shared_task

from cards.filing.nudges import remind_of_filings
from cards.followup.digests import care
from cards.holding.radar_sweep import sweep
from cards.renewals.reminders import remind_of_cancellations


@shared_task(name="cards.remind_of_filings")
def remind() -> None:
    remind_of_filings()


@shared_task(name="cards.remind_of_cancellations")
def remind_of_cancelling() -> None:
    remind_of_cancellations()


@shared_task(name="cards.care")
def care_for_duty() -> None:
    care()


@shared_task(name="cards.radar")
def radar() -> None:
    sweep()
