"""Periodic work on the audit trail."""

from celery import shared_task

from accounts.audit import seal_batch


@shared_task(name="accounts.seal_audit_trail")
def seal_audit_trail() -> None:
    while seal_batch():
        pass
