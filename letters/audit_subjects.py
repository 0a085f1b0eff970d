"""Subjects of the audit trail: the letters of an enterprise or of a case."""

from typing import Any

from django.db.models import QuerySet

from applications.filters import matching
from applications.models import Application
from letters.models import WrittenLetter


def subjects(words: str) -> list[QuerySet[Any]]:
    cases = Application.objects.filter(matching(words))
    return [
        WrittenLetter.objects.filter(application__in=cases),
        WrittenLetter.objects.filter(enterprise__in=cases.order_by().values("enterprise")),
    ]
