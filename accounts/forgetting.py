"""Forgetting of sessions that ended and of sign-in logs that are old enough.

The audit trail, which says who signed in and who was locked, is not touched: it only grows.
"""

from datetime import datetime, timedelta
from importlib import import_module

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings

from accounts.models import RateCount, ReauthenticationFailure
from accounts.rate_limits import KEPT_FOR


def forget_ended_sessions() -> None:
    """Those that nobody ended: a closed browser leaves its session behind."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def forget_sign_in_logs(now: datetime) -> int:
    """How many rows of sign-ins, failures and wrong proofs went, all older than the law asks."""
    days = settings.SIGN_IN_LOG_DAYS
    before = now - timedelta(days=days)
    proofs, _ = ReauthenticationFailure.objects.filter(counts=False, at__lt=before).delete()
    counts, _ = RateCount.objects.filter(starts_at__lt=now - KEPT_FOR).delete()
    logs = AxesProxyHandler.reset_logs(age_days=days)
    failures = AxesProxyHandler.reset_failure_logs(age_days=days)
    return int(proofs + counts + logs + failures)
