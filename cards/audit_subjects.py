"""Subjects of the audit trail: the filings of a case."""

from typing import Any

from django.db.models import Q, QuerySet

from applications.filters import matching
from applications.models import Application
from cards.models import Filing


def subjects(words: str) -> list[QuerySet[Any]]:
    """Also the application of a filing that is searched by its national number."""
    cases = Application.objects.filter(matching(words))
    filings = Filing.objects.filter(Q(application__in=cases) | Q(national_number=words))
    return [Application.objects.filter(filing__in=filings), filings]
