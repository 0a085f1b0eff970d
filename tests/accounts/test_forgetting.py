"""What beat forgets of sign-ins: ended sessions, and logs older than the law asks."""

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessFailureLog, AccessLog
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import RateCount, ReauthenticationFailure, User
from accounts.tasks import forget

pytestmark = pytest.mark.django_db


def test_ended_sessions_go_and_others_stay() -> None:
    ended, running = SessionStore(), SessionStore()
    ended.set_expiry(timezone.now() - timedelta(minutes=1))
    running.set_expiry(timezone.now() + timedelta(hours=1))
    ended.save()
    running.save()
    forget()
    assert [one.session_key for one in Session.objects.all()] == [running.session_key]


def test_sign_in_logs_stay_as_long_as_the_setting_says(agent: User, settings: Any) -> None:
    settings.SIGN_IN_LOG_DAYS = 200
    now = timezone.now()
    for days in (199, 201):
        at = now - timedelta(days=days)
        log = AccessLog.objects.create(username=f"in-{days}")
        AccessLog.objects.filter(pk=log.pk).update(attempt_time=at)
        failure = AccessFailureLog.objects.create(username=f"no-{days}")
        AccessFailureLog.objects.filter(pk=failure.pk).update(attempt_time=at)
        ReauthenticationFailure.objects.create(user=agent, at=at, counts=False)
    forget()
    assert [log.username for log in AccessLog.objects.all()] == ["in-199"]
    assert [log.username for log in AccessFailureLog.objects.all()] == ["no-199"]
    [left] = ReauthenticationFailure.objects.all()
    assert left.at > now - timedelta(days=200)


def test_a_wrong_proof_that_still_counts_is_not_forgotten(agent: User) -> None:
    long_ago = timezone.now() - timedelta(days=4000)
    ReauthenticationFailure.objects.create(user=agent, at=long_ago)
    forget()
    assert ReauthenticationFailure.objects.count() == 1


def test_counts_of_requests_go_after_an_hour_also_when_nobody_comes() -> None:
    now = timezone.now()
    RateCount.objects.create(key="old", starts_at=now - timedelta(minutes=61))
    RateCount.objects.create(key="new", starts_at=now - timedelta(minutes=59))
    forget()
    assert [count.key for count in RateCount.objects.all()] == ["new"]
