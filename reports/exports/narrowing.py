"""Narrowing of an export to what a list shows: by the same filters, from the same address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from accounts.models import User
from applications.filters import ApplicationFilter
from cards.holding.filters import CardFilter
from cards.models import CardQuerySet
from enterprises.filters import of_list
from enterprises.forms import EnterpriseFilterForm

Rows = QuerySet[Any, Any]


class FilterUnread(ValueError):
    """The address narrows by something that the list does not know; the words say so."""

    def __init__(self) -> None:
        super().__init__("列表的筛选条件没有读懂，没有导出。请回到列表重新筛选，再点“导出表格”。")


@dataclass(frozen=True)
class Narrowed:
    """The rows that are left, by which conditions, and these in words (名称：内容)."""

    rows: Rows
    by: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def narrowed(code: str, rows: Rows, asked: QueryDict, *, user: User) -> Narrowed:
    """The list of this kind as its page shows it for this address; the whole without one.

    Raises FilterUnread, so that a condition that is not understood never exports everything.
    """
    known, narrow = NARROWINGS[code]
    # What else an address carries, such as the page, narrows no list.
    conditions = {name: str(asked[name]) for name in known if asked.get(name)}
    return narrow(rows, conditions, user) if conditions else Narrowed(rows)


def _applications(rows: Rows, conditions: Mapping[str, str], user: User) -> Narrowed:
    chosen = ApplicationFilter(conditions, queryset=rows)
    return _by_form(chosen.form, conditions, lambda: chosen.qs)


def _cards(rows: Rows, conditions: Mapping[str, str], user: User) -> Narrowed:
    """Without a status those that are not cancelled, as on the page."""
    chosen = CardFilter(conditions, rows)

    def narrow() -> Rows:
        found: CardQuerySet = chosen.qs
        return found if chosen.form.cleaned_data["status"] else found.live()

    return _by_form(chosen.form, conditions, narrow)


def _enterprises(rows: Rows, conditions: Mapping[str, str], user: User) -> Narrowed:
    form = EnterpriseFilterForm(conditions)

    def narrow() -> Rows:
        chosen = form.cleaned_data
        return of_list(rows, status=chosen["status"], words=chosen["q"])

    return _by_form(form, conditions, narrow)


def _consultations(rows: Rows, conditions: Mapping[str, str], user: User) -> Narrowed:
    if set(conditions.values()) != {"1"}:
        raise FilterUnread
    is_closed = "closed" in conditions
    found = rows.filter(closed_at__isnull=not is_closed)
    words = ["已办结" if is_closed else "待答复"]
    if "mine" in conditions:
        found = found.filter(owner=user)
        words.append("转给我的")
    return Narrowed(found, ("状态",), tuple(words))


Narrow = Callable[[Rows, Mapping[str, str], User], Narrowed]
# By kind: the names in the address, and what they do.
NARROWINGS: Final[Mapping[str, tuple[tuple[str, ...], Narrow]]] = {
    "applications": (tuple(ApplicationFilter.base_filters), _applications),
    "cards": (tuple(CardFilter.base_filters), _cards),
    "enterprises": (tuple(EnterpriseFilterForm.base_fields), _enterprises),
    "consultations": (("mine", "closed"), _consultations),
}


def _by_form(
    form: forms.Form, conditions: Mapping[str, str], narrow: Callable[[], Rows]
) -> Narrowed:
    if not form.is_valid():
        raise FilterUnread
    labels = {name: str(form.fields[name].label) for name in conditions}
    words = tuple(
        f"{labels[name]}：{_shown(form.fields[name], conditions[name])}" for name in labels
    )
    return Narrowed(narrow(), tuple(labels.values()), words)


def _shown(field: forms.Field, value: str) -> str:
    choices = dict(getattr(field, "choices", ()))
    return str(choices.get(value, value))
