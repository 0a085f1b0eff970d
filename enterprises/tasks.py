"""Periodic work of the enterprises' documents."""

from celery import shared_task
from django.utils import timezone

from enterprises.hand_overs import complete_due
from enterprises.lapsing import ask_for_lapsing
from enterprises.removed_pages import discard_removed


@shared_task(name="enterprises.ask_for_lapsing")
def ask_for_lapsing_documents() -> None:
    ask_for_lapsing()


@shared_task(name="enterprises.sweep_removed")
def sweep_removed() -> None:
    discard_removed(timezone.now())


@shared_task(name="enterprises.complete_hand_overs")
def complete_hand_overs() -> None:
    complete_due()
