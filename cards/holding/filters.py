"""Filter of the list of cards."""

import re
from typing import Any

import django_filters
from dateutil.relativedelta import relativedelta
from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from applications.models import Applicant
from cards.holding.numbers import plain_number
from cards.models import Card, CardQuerySet
from core.crypto import keyed_hash
from core.forms import BaseForm
from enterprises.models import Enterprise
from finding.models import Findable
from finding.search import entries_with
from finding.words import plain

# What may be a card's number: found by its exact value alone.
NUMBER = re.compile(r"(?=.*[0-9])[A-Z0-9]{4,20}")
ENDS = (
    ("over", "已到期"),
    ("1", "1个月内到期"),
    ("3", "3个月内到期"),
    ("6", "6个月内到期"),
    ("12", "12个月内到期"),
)


class CardFilter(django_filters.FilterSet):  # type: ignore[misc] # carries no types
    status = django_filters.ChoiceFilter(
        label="状态",
        choices=Card.Status.choices,
        empty_label="未注销的",
        error_messages={"invalid_choice": "没有“%(value)s”这种状态，请从列表中选择。"},
    )
    ends = django_filters.ChoiceFilter(
        label="到期",
        choices=ENDS,
        empty_label="不限",
        method="ending",
        error_messages={"invalid_choice": "没有“%(value)s”这个期限，请从列表中选择。"},
    )
    q = django_filters.CharFilter(
        label="企业、持卡人或完整卡号",
        method="matching",
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search"}),
        help_text="企业名称、信用代码、持卡人姓名可以只填一部分；卡号要填完整。",
    )

    class Meta:
        model = Card
        fields = ["status", "ends", "q"]
        form = BaseForm

    def ending(self, cards: CardQuerySet, name: str, span: str) -> CardQuerySet:
        today = timezone.localdate()
        if span == "over":
            return cards.filter(ends_on__lt=today)
        return cards.filter(
            ends_on__gte=today, ends_on__lte=today + relativedelta(months=int(span))
        )

    def matching(self, cards: CardQuerySet, name: str, words: str) -> CardQuerySet:
        number = plain_number(words)
        if NUMBER.fullmatch(number):
            # By its index; together with parts of names it would read every card.
            exact = cards.filter(number_hash=keyed_hash(number))
            if exact.exists():
                return exact
        return cards.filter(pk__in=named_cards(words))


def named_cards(words: str) -> "QuerySet[Any, Any]":
    """Keys of cards whose holder or enterprise is found by these words."""
    return _named(Card, words)


def named_applicants(words: str) -> "QuerySet[Any, Any]":
    """The same of applicants."""
    return _named(Applicant, words)


def _named(model: type[Card] | type[Applicant], words: str) -> "QuerySet[Any, Any]":
    """From the index of finding, each side by itself: OR over two tables reads both whole."""
    own, firms = _entries(model, words), _entries(Enterprise, words)
    # SQLite takes no order within a union.
    return own.union(model.objects.filter(enterprise__in=firms).order_by().values("pk"))


def _entries(model: type[Findable], words: str) -> "QuerySet[Any, Any]":
    """Keys of rows of this model; by names and codes, and by no part of a personal number."""
    entries = entries_with(words, kinds=[model._meta.label_lower])
    if NUMBER.fullmatch(plain_number(words)):
        entries = entries.filter(words__contains=plain(words))
    return entries.values("object_id")
