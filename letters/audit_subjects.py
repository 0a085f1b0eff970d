"""Subjects of the audit trail: the letters of an enterprise or of a case."""

from typing import Any

from django.db.models import Q, QuerySet

from applications.filters import matching
from applications.models import Application
from letters.models import WrittenLetter


def subjects(words: str) -> list[QuerySet[Any]]:
    cases = Application.objects.filter(matching(words))
    of_case = Q(application__in=cases) | Q(enterprise__applications__in=cases)
    return [WrittenLetter.objects.filter(of_case).distinct()]
