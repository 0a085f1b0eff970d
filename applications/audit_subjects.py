"""Subjects of the audit trail: applications and applicants that a search is about."""

from typing import Any

from django.db.models import QuerySet

from applications.filters import applicants_named, matching
from applications.models import Applicant, Application
from enterprises.filters import among
from enterprises.models import Enterprise


def subjects(words: str) -> list[QuerySet[Any]]:
    cases = Application.objects.filter(matching(words))
    firms = among(Enterprise.objects.order_by(), words)
    return [
        cases,
        applicants_named(words),
        Applicant.objects.filter(enterprise__in=firms),
        Applicant.objects.filter(pk__in=cases.order_by().values("applicant")),
    ]
