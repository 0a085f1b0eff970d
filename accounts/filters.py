"""Filters of the lists: people, and the audit trail."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, TypeAlias
from urllib.parse import urlencode

import django_filters as filters
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import CharField, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils import timezone

from accounts.audit_labels import action_choices, object_choices
from accounts.models import AuditEvent, Role, User
from core import text as canonical
from core.declarations import declared
from core.forms import BaseForm, DateInput
from core.unions import union_all
from finding.grams import MayHoldText

# Parameters that say where in a list one is, not what is in it.
PLACES = frozenset({"page"})
# Of each kind; words that fit more rows are as good as none.
MOST_KEYS = 1000
Keys: TypeAlias = "list[int] | QuerySet[Any, Any]"
DATE_ERRORS = {"invalid": "请按“年-月-日”填写日期，如 2026-11-23。"}


class UserFilter(filters.FilterSet):  # type: ignore[misc]
    q = filters.CharFilter(label="姓名、登录名或邮箱", method="search", max_length=100)
    role = filters.ChoiceFilter(label="角色", choices=Role.choices, empty_label="全部角色")
    is_active = filters.ChoiceFilter(
        label="状态",
        choices=[("true", "启用"), ("false", "停用")],
        empty_label="全部",
        method="active",
    )

    class Meta:
        model = get_user_model()
        fields = ["q", "role", "is_active"]
        form = BaseForm

    def search(self, people: "QuerySet[User]", _name: str, text: str) -> "QuerySet[User]":
        return people.filter(named(text))

    def active(self, people: "QuerySet[User]", _name: str, value: str) -> "QuerySet[User]":
        return people.filter(is_active=value == "true")


class DaysFilter(filters.FilterSet):  # type: ignore[misc]
    """By the days of `moment`, both included.

    What is asked for by days comes in the order of its moments, which an index serves: in the
    order of keys every later row would be read first.
    """

    moment: ClassVar[str]
    since = filters.DateFilter(
        label="从", method="from_day", widget=DateInput(), error_messages=DATE_ERRORS
    )
    until = filters.DateFilter(
        label="到", method="to_day", widget=DateInput(), error_messages=DATE_ERRORS
    )

    def from_day(self, rows: "QuerySet[Any]", _name: str, day: date) -> object:
        return rows.filter(**{f"{self.moment}__gte": midnight(day)})

    def to_day(self, rows: "QuerySet[Any]", _name: str, day: date) -> object:
        return rows.filter(**{f"{self.moment}__lt": midnight(day + timedelta(days=1))})

    def filter_queryset(self, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        found: QuerySet[Any] = super().filter_queryset(queryset)
        asked = self.form.cleaned_data
        if asked.get("since") or asked.get("until"):
            return found.order_by(f"-{self.moment}", "-id")
        return found


class AuditFilter(DaysFilter):
    """Who, what, on which object, and on which days (both included)."""

    moment = "at"
    who = filters.CharFilter(
        label="操作人", method="by_person", max_length=100, help_text="姓名或登录名"
    )
    action = filters.ChoiceFilter(label="动作", choices=action_choices, empty_label="全部动作")
    object_type = filters.ChoiceFilter(
        label="对象类型", choices=object_choices, empty_label="全部对象"
    )
    object_label = filters.CharFilter(
        label="人员、单位或案件",
        method="by_subject",
        max_length=100,
        help_text="姓名、单位名称、申请编号或审核表编号；他办的、与他有关的都列出",
    )

    class Meta:
        model = AuditEvent
        fields = ["who", "action", "object_type", "object_label", "since", "until"]
        form = BaseForm

    @property
    def in_words(self) -> dict[str, str]:
        """What was asked for, by the labels of the form and of its choices."""
        fields = self.form.fields
        chosen = {key: value for key, value in self.form.cleaned_data.items() if value}
        choices = {key: dict(getattr(fields[key], "choices", ())) for key in chosen}
        return {
            str(fields[key].label): str(choices[key].get(value, value))
            for key, value in chosen.items()
        }

    def by_person(self, events: "QuerySet[AuditEvent]", _name: str, text: str) -> object:
        """Through the people, who are few, and the index on the actor."""
        return events.filter(actor__in=few(_people(text)))

    def by_subject(self, events: "QuerySet[AuditEvent]", _name: str, text: str) -> object:
        """Whatever a person did, and whatever was done on him or on anything of a case.

        Labels stand as they were written, also those from before names had one form, and those
        of objects that are no longer there.
        """
        either = Q()
        for words in dict.fromkeys([text, canonical.name(text)]):
            either |= _labelled(words)
        subjects = [User.objects.filter(named(text)), *_subjects(text)]
        actors, *found = _keys([_people(text), *subjects])
        either |= Q(actor__in=actors)
        for model, keys in zip((one.model for one in subjects), found, strict=True):
            either |= Q(object_type=model._meta.label_lower, object_id__in=_as_audited(keys))
        return events.filter(either)


def _people(words: str) -> "QuerySet[User]":
    same_login = Q(username__iexact=canonical.compact(words))
    people: QuerySet[User] = User.objects.filter(
        same_login | Q(name__icontains=canonical.name(words))
    )
    return people


def _labelled(words: str) -> Q:
    """What bears these words in its label; by an index from two characters on."""
    held = Q(object_label__icontains=words)
    return held & Q(MayHoldText("object_label", words)) if len(words) > 1 else held


def few(rows: "QuerySet[Any]", *, most: int = MOST_KEYS) -> "Keys":
    """Their primary keys; of more than so many the query that would give them."""
    return _keys([rows], most=most)[0]


def _keys(several: "Sequence[QuerySet[Any]]", *, most: int = MOST_KEYS) -> "list[Keys]":
    """Their primary keys, of all in one query: with the keys the database sees what it looks for.

    Of very many rows the query that would give their keys.
    """
    found: list[list[int]] = [[] for _ in several]
    branches = [
        rows.order_by().values_list(Value(place, IntegerField()), "pk")[: most + 1]
        for place, rows in enumerate(several)
    ]
    with connection.cursor() as cursor:
        cursor.execute(*union_all(branches))
        for place, key in cursor.fetchall():
            found[place].append(key)
    return [
        keys if len(keys) <= most else rows.order_by().values("pk")
        for keys, rows in zip(found, several, strict=True)
    ]


def _as_audited(keys: "Keys") -> "Iterable[str] | QuerySet[Any, Any]":
    """As the trail writes them."""
    if isinstance(keys, QuerySet):
        written: QuerySet[Any, Any] = keys.annotate(audited_as=Cast("pk", CharField()))
        return written.values("audited_as")
    return sorted(map(str, keys))


def _subjects(words: str) -> "Iterator[QuerySet[Any]]":
    """The objects that these words are about, of every room that declares `audit_subjects`."""
    for subjects in declared("audit_subjects"):
        yield from subjects(words)


def named(words: str) -> Q:
    """People whose name, login name or mailbox holds these words, however they were pasted."""
    address = canonical.email(words)
    found = Q(name__icontains=canonical.name(words))
    return found | Q(username__icontains=address) | Q(email__icontains=address)


def midnight(day: date) -> datetime:
    """Its first moment here; a range of moments can use the index, a date of each row cannot."""
    return timezone.make_aware(datetime.combine(day, time.min))


def narrowing(request: HttpRequest) -> str:
    """What a list is narrowed by, for the links to its other pages."""
    chosen = {key: str(value) for key, value in request.GET.items() if value}
    return urlencode({key: chosen[key] for key in chosen if key not in PLACES})
