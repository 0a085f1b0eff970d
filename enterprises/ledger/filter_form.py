"""The filter of the ledger's list: what can be asked, in the address and under a saved name."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.http import QueryDict

from accounts.models import User
from core.forms import BaseForm
from enterprises.models import BLANK, Demand, Enterprise, Stage
from materials.economies import ECONOMIES

# Whoever looks at the list, also at one that a colleague shares.
ME: Final = "me"
ANY: Final = ("", "不限")
YES_NO: Final = (ANY, ("yes", "是"), ("no", "否"))
NEXT: Final = (
    ANY,
    ("today", "今天和已过期"),
    ("overdue", "已过期"),
    ("week", "7天内"),
    ("none", "没有下一步"),
)
REACHED: Final = (
    ANY,
    ("qualified", "应覆盖的"),
    ("told", "已宣传过"),
    ("untold", "没有宣传过"),
    ("applied", "提交过申请"),
    ("holding", "领过卡"),
)
QUALIFIED: Final = (ANY, ("yes", "符合"), ("no", "不符合"), ("open", "未核"))
# More than these are looked for by their words.
MOST_CHOICES: Final = 60
# What stands above the fold.
FIRST: Final = ("q", "stage", "next", "owner")


def _choice(label: str, choices: Iterable[tuple[str, str]], **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(choices), required=False, **kwargs)


class DemandFilterForm(BaseForm):
    q = forms.CharField(
        label="名称、电话或信用代码",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    stage = _choice("阶段", [ANY, *Stage.choices])
    next = _choice("下一步", NEXT)
    owner = _choice("负责人", [ANY])
    trade = _choice("行业", [ANY])
    town = _choice("镇街", [ANY])
    kind = _choice("企业类型", [ANY, *Enterprise.Kind.choices, (BLANK, "未填")])
    economy = _choice(
        "往来经济体", [ANY, *((one.code, one.name) for one in ECONOMIES), (BLANK, "未填")]
    )
    unheard = forms.IntegerField(
        label="多少天没有联系", min_value=1, max_value=3650, required=False
    )
    reached = _choice("覆盖", REACHED)
    qualified = _choice("符合条件", QUALIFIED)
    key = _choice("重点企业", YES_NO)
    pilot = _choice("试点企业", YES_NO)
    group = _choice("已加入交流群", YES_NO)
    signed_up = _choice("已在门户登记", YES_NO)

    def __init__(self, data: Mapping[str, Any] | None, *, user: User) -> None:
        super().__init__(data)
        self.user = user
        for name in ("trade", "town"):
            self._offer(name, [(one, one) for one in self._words(name)])
        people = [(str(one.pk), one.name) for one in officers() if one != user]
        self._offer("owner", [(ME, "我"), *people], blank="没有负责人")

    def _words(self, name: str) -> list[str]:
        """The first there are, and the one that was asked for where there are more."""
        known, asked = known_words(name), str(self.data.get(name) or "")
        if len(known) < MOST_CHOICES or asked in known:
            return known
        more = Demand.objects.filter(**{name: asked}).exclude(**{name: ""})
        return [*known, asked] if more.exists() else known

    def _offer(self, name: str, known: list[tuple[str, str]], *, blank: str = "未填") -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [ANY, *known, (BLANK, blank)]

    @property
    def filters(self) -> dict[str, Any]:
        """What was asked, as it is kept under a name; only what was understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def narrowing(self) -> dict[str, Any]:
        """The same as `DemandQuerySet.of_filters` takes it."""
        filters = self.filters
        if filters.get("owner") == ME:
            filters["owner"] = self.user.pk
        return filters

    @property
    def words(self) -> str:
        """What was typed, for a new row where nothing is found."""
        return str(self.filters.get("q", ""))

    @property
    def query(self) -> str:
        return query_of(self.filters)

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in FIRST]

    @property
    def further_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in FIRST]

    @property
    def is_further(self) -> bool:
        """Is anything asked below the fold?"""
        return any(name not in FIRST for name in self.filters)


def query_of(filters: Mapping[str, Any]) -> str:
    """The part of the address that asks for these."""
    query = QueryDict(mutable=True)
    for name, value in filters.items():
        query[name] = str(value)
    return query.urlencode()


def officers() -> list[User]:
    """Who can be responsible for a row."""
    return list(User.objects.officers().order_by("name", "pk")[:MOST_CHOICES])


def known_words(field: str) -> list[str]:
    """Trades or towns of the ledger, by their names."""
    rows = Demand.objects.exclude(**{field: ""}).order_by(field)
    return list(rows.values_list(field, flat=True).distinct()[:MOST_CHOICES])
