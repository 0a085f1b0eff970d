"""Subjects of the audit trail: the tables of a case, their opinions, and a liaison's leave."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.filters import named
from accounts.models import User
from applications.filters import matching
from applications.models import Application
from reviews.models import CalendarToken, Leave, Opinion, ReviewTable


def subjects(words: str) -> list[QuerySet[Any]]:
    """Also the application of a table that is searched by its own number."""
    cases = Application.objects.filter(matching(words))
    tables = ReviewTable.objects.filter(Q(application__in=cases) | Q(number__icontains=words))
    people = User.objects.filter(named(words))
    return [
        Application.objects.filter(tables__in=tables),
        tables,
        Opinion.objects.filter(table__in=tables),
        Leave.objects.filter(user__in=people),
        CalendarToken.objects.filter(user__in=people),
    ]
