"""Periodic work of the enterprises' documents."""

from celery import shared_task

from enterprises.lapsing import ask_for_lapsing


@shared_task(name="enterprises.ask_for_lapsing")
def ask_for_lapsing_documents() -> None:
    ask_for_lapsing()
