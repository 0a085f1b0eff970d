"""Subjects of the audit trail: the tables of a case, their opinions, and a liaison's leave."""

import re
from typing import Any, Final

from django.db.models import QuerySet

from accounts.filters import named
from accounts.models import User
from applications.filters import matching
from applications.models import Application
from reviews.models import CalendarToken, Leave, Opinion, ReviewTable

FIGURE: Final = re.compile(r"\d")


def subjects(words: str) -> list[QuerySet[Any]]:
    """Also the application of a table that is searched by its own number."""
    cases = Application.objects.filter(matching(words))
    people = User.objects.filter(named(words))
    found: list[QuerySet[Any]] = [
        *_of_tables(ReviewTable.objects.filter(application__in=cases)),
        Leave.objects.filter(user__in=people),
        CalendarToken.objects.filter(user__in=people),
    ]
    # What is in a number and is no figure is in all of them: nobody is to read every table for it.
    if FIGURE.search(words):
        numbered = ReviewTable.objects.filter(number__icontains=words)
        found += _of_tables(numbered)
        found.append(Application.objects.filter(pk__in=numbered.order_by().values("application")))
    return found


def _of_tables(tables: "QuerySet[ReviewTable]") -> "list[QuerySet[Any]]":
    return [tables, Opinion.objects.filter(table__in=tables)]
