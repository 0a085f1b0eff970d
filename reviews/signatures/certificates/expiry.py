"""Notices of certificates that end soon, sent while there is time to renew them."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from core.sweeping import each
from notices.services import notify
from reviews.signatures.certificates.register import expiring
from reviews.signatures.models import Certificate

# Days before the end, the last first: who hears late is told only what holds then.
DAYS: Final = (7, 30, 60)


def warn_of_expiry(now: datetime | None = None) -> None:
    """Tell officers and security administrators, once for each certificate and step."""
    moment = now or timezone.now()
    ending = expiring(moment, within=timedelta(days=DAYS[-1]))
    each(ending, partial(_warn, moment=moment), what="证书到期的提醒")


def _warn(certificate: Certificate, *, moment: datetime) -> None:
    left = certificate.not_after - moment
    step = next(days for days in DAYS if left <= timedelta(days=days))
    _tell(certificate, step, left.days)


def _tell(certificate: Certificate, step: int, days_left: int) -> None:
    administrators = User.objects.active().filter(role=Role.SECURITY_ADMIN)
    # Only they can open the page; the officers hear of it to plan their circulations.
    for people, path in (
        (administrators, reverse("signatures:certificate_list")),
        (User.objects.officers(), ""),
    ):
        notify(
            people,
            cause=f"reviews:certificate:{certificate.pk}:expires:{step}",
            template="signatures/email/certificate_expires.txt",
            context={"certificate": certificate, "days": days_left},
            path=path,
            action_label="查看证书",
            short=f"一张签名证书还有{days_left}天到期，请换发",
        )
