"""Rows of the ledger to be chosen from: narrowed in SQL, ticked on a page, or all that fit."""

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.db.models import CharField, F, Value
from django.http import HttpRequest, QueryDict
from django.utils.http import urlencode

from core.forms import BaseForm
from core.paging import RowPage, page_of
from core.reading import whole_numbers
from enterprises.models import Demand, DemandQuerySet, Enterprise
from materials.economies import ECONOMIES

YES: Final = (("", "不限"), ("yes", "是"))
REACHED: Final = (("", "不限"), ("untold", "还没有宣传到"), ("told", "已经宣传过"))
# What a click may take up beyond the page that is shown.
MOST_OF_ALL: Final = 200


class RowFilterForm(BaseForm):
    """By what the list is narrowed; every box may stay empty."""

    q = forms.CharField(label="名称、联系人或电话", max_length=60, required=False)
    town = forms.ChoiceField(label="镇街", required=False)
    trade = forms.ChoiceField(label="行业", required=False)
    kind = forms.ChoiceField(
        label="类型", required=False, choices=[("", "不限"), *Enterprise.Kind.choices]
    )
    stage = forms.ChoiceField(
        label="阶段", required=False, choices=[("", "不限"), *Demand.Stage.choices]
    )
    economy = forms.ChoiceField(
        label="往来经济体",
        required=False,
        choices=[("", "不限"), *((one.code, one.name) for one in ECONOMIES)],
    )
    key = forms.ChoiceField(label="重点企业", required=False, choices=YES)
    reached = forms.ChoiceField(label="宣传", required=False, choices=REACHED)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, values in _there("town", "trade").items():
            choices = [("", "不限"), *((value, value) for value in values)]
            self.fields[name].choices = choices  # type: ignore[attr-defined]


def _there(*names: str) -> dict[str, list[str]]:
    """Which values these fields of the ledger have, each in order; in one query."""
    first, *others = (
        Demand.objects.order_by()
        .exclude(**{name: ""})
        .annotate(column=Value(name, CharField()), found=F(name))
        .values_list("column", "found")
        .distinct()
        for name in names
    )
    values: dict[str, list[str]] = {name: [] for name in names}
    for name, value in first.union(*others).order_by("column", "found"):
        values[name].append(value)
    return values


@dataclass(frozen=True)
class Choice:
    """The list as it is narrowed now, and the page of it that is shown."""

    form: RowFilterForm
    rows: DemandQuerySet
    page: RowPage[Demand]


def choice_of(request: HttpRequest, rows: DemandQuerySet, **usual: str) -> Choice:
    """The rows that the address narrows these to; `usual` where it says nothing yet."""
    asked: QueryDict | dict[str, str] = request.GET if "narrow" in request.GET else usual
    form = RowFilterForm(asked)
    chosen = (
        {name: value for name, value in form.cleaned_data.items() if value}
        if (form.is_valid())
        else {}
    )
    found = rows.of_filters(chosen).order_by("-is_key", "town", "name", "pk")
    place = {**chosen, "narrow": "1", "page": request.GET.get("page", "")}
    return Choice(form, found, page_of(found, QueryDict(urlencode(place)), unit="家"))


def picked(request: HttpRequest, choice: Choice) -> list[Demand]:
    """Those that were ticked, in the order of the list; under `all` every one that fits."""
    if "all" in request.POST:
        return list(choice.rows.select_related("enterprise")[:MOST_OF_ALL])
    numbers = whole_numbers(request.POST.getlist("row"))
    return list(choice.rows.filter(pk__in=numbers).select_related("enterprise")[:MOST_OF_ALL])
