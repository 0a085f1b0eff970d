"""Subjects of the audit trail: enterprises that a search is about, and their documents."""

from typing import Any

from django.db.models import Q, QuerySet

from core import text
from core.identifiers import normalise_credit_code
from enterprises.models import Enterprise, StandingDocument


def subjects(words: str) -> list[QuerySet[Any]]:
    found = Q(name__icontains=text.name(words))
    if code := normalise_credit_code(words):
        found |= Q(credit_code__icontains=code)
    enterprises = Enterprise.objects.filter(found)
    return [enterprises, StandingDocument.objects.filter(enterprise__in=enterprises)]
