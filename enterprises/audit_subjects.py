"""Subjects of the audit trail: enterprises that a search is about, and their documents."""

from typing import Any

from django.db.models import QuerySet

from enterprises.filters import among
from enterprises.models import Enterprise, StandingDocument


def subjects(words: str) -> list[QuerySet[Any]]:
    enterprises = among(Enterprise.objects.all(), words)
    return [enterprises, StandingDocument.objects.filter(enterprise__in=enterprises)]
