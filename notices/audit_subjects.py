"""Subjects of the audit trail: a person's choice of channels, and messages sent again to him."""

from typing import Any

from django.db.models import QuerySet

from accounts.filters import named
from accounts.models import User
from notices.models import Delivery, Preferences


def subjects(words: str) -> list[QuerySet[Any]]:
    people = User.objects.filter(named(words))
    return [
        Preferences.objects.filter(user__in=people),
        Delivery.objects.filter(notice__recipient__in=people),
    ]
