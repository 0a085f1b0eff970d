"""Periodic work of accounts: seals of the audit trail, idle accounts, and what is forgotten."""

from celery import shared_task
from django.utils import timezone

from accounts.audit import seal_batch
from accounts.forgetting import forget_ended_sessions, forget_sign_in_logs
from accounts.idle_accounts import settle_idle_accounts


@shared_task(name="accounts.seal_audit_trail")
def seal_audit_trail() -> None:
    while seal_batch():
        pass


@shared_task(name="accounts.forget")
def forget() -> None:
    forget_ended_sessions()
    forget_sign_in_logs(timezone.now())


@shared_task(name="accounts.settle_idle_accounts")
def settle_idle() -> None:
    settle_idle_accounts()
