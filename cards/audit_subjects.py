"""Subjects of the audit trail: the filings of a case."""

from typing import Any

from django.db.models import QuerySet

from applications.filters import matching
from applications.models import Application
from cards.models import Filing


def subjects(words: str) -> list[QuerySet[Any]]:
    """Also the application of a filing that is searched by its national number."""
    cases = Application.objects.filter(matching(words))
    numbered = Filing.objects.filter(national_number=words)
    return [
        Application.objects.filter(pk__in=numbered.order_by().values("application")),
        Filing.objects.filter(application__in=cases),
        numbered,
    ]
