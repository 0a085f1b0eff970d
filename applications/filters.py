"""Filter of the station's list of applications."""

import re

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from applications.models import Applicant, Application, ApplicationQuerySet
from applications.workflow import Status
from core import text
from core.forms import BaseForm
from enterprises.filters import among
from enterprises.models import Enterprise
from finding.search import narrowed

# 万州-2026-00012, or just its last number.
REFERENCE = re.compile(r"(?:[^\d-]*-)?(?:(?P<year>\d{4})-)?0*(?P<pk>\d{1,9})")
SEEN_BY_STATION = [choice for choice in Status.choices if choice[0] != Status.DRAFT]


class ApplicationFilter(django_filters.FilterSet):  # type: ignore[misc] # carries no types
    status = django_filters.ChoiceFilter(
        label="状态",
        choices=SEEN_BY_STATION,
        empty_label="全部",
        error_messages={"invalid_choice": "没有“%(value)s”这种状态，请从列表中选择。"},
    )
    q = django_filters.CharFilter(
        label="企业、申请人或编号",
        method="matching",
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search"}),
        help_text="填企业名称、统一社会信用代码、申请人姓名或申请编号，填一部分也可以。",
    )

    class Meta:
        model = Application
        fields = ["status", "q"]
        form = BaseForm

    def matching(
        self, applications: ApplicationQuerySet, name: str, words: str
    ) -> ApplicationQuerySet:
        return applications.filter(matching(words))


def matching(words: str) -> Q:
    """Applications of this enterprise or applicant, or with this number, or parts of them.

    Each by itself, then together: an OR over three tables reads all of them (ADR 53).
    """
    # SQLite takes no order within a union.
    applications = Application.objects.order_by()
    ways = [
        applications.filter(enterprise__in=among(Enterprise.objects.order_by(), words)),
        applications.filter(applicant__in=applicants_named(words)),
    ]
    reference = REFERENCE.fullmatch(text.dashes_as_hyphens(text.compact(words)))
    if reference:
        by_number = Q(pk=int(reference["pk"]))
        if reference["year"]:
            by_number &= Q(created_at__year=int(reference["year"]))
        ways.append(applications.filter(by_number))
    first, *others = (way.values("pk") for way in ways)
    return Q(pk__in=first.union(*others))


def applicants_named(words: str) -> "QuerySet[Applicant]":
    """Applicants whose name holds these words."""
    people = narrowed(Applicant.objects.order_by(), text.name(words))
    return people.filter(name__icontains=text.name(words))
