"""Nightly repair of the index."""

from celery import shared_task

from finding.rebuilding import rebuild


@shared_task(name="finding.rebuild")
def rebuild_index() -> int:
    return rebuild()
