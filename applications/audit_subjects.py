"""Subjects of the audit trail: applications and applicants that a search is about."""

from typing import Any

from django.db.models import Q, QuerySet

from applications.filters import matching
from applications.models import Applicant, Application
from core import text


def subjects(words: str) -> list[QuerySet[Any]]:
    named = text.name(words)
    cases = Application.objects.filter(matching(words))
    people = Q(name__icontains=named) | Q(enterprise__name__icontains=named)
    of_cases = Q(applications__in=cases)
    return [cases, Applicant.objects.filter(people | of_cases)]
