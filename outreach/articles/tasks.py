"""Periodic work of articles."""

from celery import shared_task

from outreach.articles.links import check_links
from outreach.articles.spreading import spread_due


@shared_task(name="outreach.spread_articles")
def spread_articles() -> None:
    spread_due()


@shared_task(name="outreach.check_links")
def check_all_links() -> None:
    check_links()
