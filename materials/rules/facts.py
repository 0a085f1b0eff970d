"""The few facts that are typed beside a material: their form, and what follows from them.

No more than is needed to judge: of a criminal record only whose and of which day.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from core.dates import day_words
from core.forms import BaseForm
from materials.findings import Finding

WRONG_DATE = "没有认出这个日期。请按年-月-日填写，例如2026-05-12。"


class FactsForm(BaseForm):
    """Base: knows whose application it is, and gives its facts as they are kept."""

    def __init__(
        self, *args: Any, enterprise_name: str, applicant_name: str, **kwargs: Any
    ) -> None:
        kwargs.setdefault("prefix", "facts")
        super().__init__(*args, **kwargs)
        self.applicant_name = applicant_name

    def facts(self) -> dict[str, Any]:
        """Plain JSON; dates as 2026-11-23."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.cleaned_data.items()
        }


class CompanyForm(FactsForm):
    """Base: a company stands on the paper, as a rule the enterprise that applies."""

    def __init__(self, *args: Any, enterprise_name: str, **kwargs: Any) -> None:
        kwargs["initial"] = {"company": enterprise_name, **(kwargs.get("initial") or {})}
        super().__init__(*args, enterprise_name=enterprise_name, **kwargs)


@dataclass(frozen=True)
class ShownFact:
    label: str
    value: str


@dataclass(frozen=True)
class FactRule:
    """`shown` prints kept facts; `warnings` compares them with the enterprise's name and today.

    `wanted_after` are the codes of warnings that the facts answer; without one of them nothing is
    asked. Empty: they are always asked for.
    """

    form: type[FactsForm]
    shown: Callable[[Mapping[str, Any]], Iterable[ShownFact]]
    warnings: Callable[[Mapping[str, Any], str, date], Iterable[Finding]] | None = None
    wanted_after: frozenset[str] = frozenset()


def day_of(text: str) -> date:
    """A day as `FactsForm.facts` keeps it."""
    return date.fromisoformat(text)


def refuse_future(day: date, label: str) -> date:
    """The day itself; raises ValidationError where it has not come yet."""
    if day > timezone.localdate():
        raise ValidationError(f"{label}是{day_words(day)}，晚于今天。请核对年份。")
    return day
