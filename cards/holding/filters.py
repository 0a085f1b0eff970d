"""Filter of the list of cards."""

import re

import django_filters
from dateutil.relativedelta import relativedelta
from django import forms
from django.db.models import Q
from django.utils import timezone

from cards.holding.numbers import plain_number
from cards.models import Card, CardQuerySet
from core import text
from core.crypto import keyed_hash
from core.forms import BaseForm
from enterprises.filters import named

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
        found = named(words, of="enterprise__") | Q(holder_name__icontains=text.name(words))
        return cards.filter(found)
