"""Subjects of the audit trail: a person's choice of channels, and messages sent again to him."""

from typing import Any

from django.db.models import BigIntegerField, QuerySet
from django.db.models.functions import Cast

from accounts.filters import named
from accounts.models import AuditEvent, User
from notices.models import Delivery, Preferences


def subjects(words: str) -> list[QuerySet[Any]]:
    """Of messages, which are very many, those alone that were sent again."""
    people = User.objects.filter(named(words))
    retries = AuditEvent.objects.filter(action="notice.retry").order_by()
    again = retries.annotate(delivery=Cast("object_id", BigIntegerField())).values("delivery")
    return [
        Preferences.objects.filter(user__in=people),
        Delivery.objects.filter(notice__recipient__in=people, pk__in=again),
    ]
