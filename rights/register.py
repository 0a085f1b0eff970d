"""The register of every column of personal data, read from what the rooms declare (ADR 80)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.db.models import Model

from accounts.departments import known, names
from accounts.models import User
from core.personal_data import DataPurpose, DataSubject, HeldData, Keep, Receiver, registers
from parameters.models import ParameterValue
from parameters.values import Parameters, load_parameters

HEADS: Final = (
    "房间", "表", "字段", "内容", "谁的", "为什么", "依据", "提供给谁", "敏感个人信息", "保存多久",
)  # fmt: skip
STATION_ONLY: Final = "不提供给别人"


@dataclass(frozen=True)
class RegisterLine:
    """One column of personal data."""

    held: HeldData
    model: type[Model]
    column: str

    @property
    def words(self) -> str:
        return words_of(self.held, self.model, self.column)

    @property
    def is_sensitive(self) -> bool:
        return self.column in self.held.sensitive_names

    @property
    def whose(self) -> str:
        return "、".join(one.value for one in self.held.whose)

    @property
    def receivers(self) -> str:
        return receivers_words(self.held.purpose.receivers)


@dataclass(frozen=True)
class DataUse:
    """What the public page says of one purpose: whose, which data, on what ground, how long."""

    whose: str
    purpose: DataPurpose
    words: list[str]
    sensitive: list[str]
    receivers: str
    keep: str


def words_of(held: HeldData, model: type[Model], column: str) -> str:
    """What the column is called before people."""
    return held.words.get(column) or str(model._meta.get_field(column).verbose_name)  # type: ignore[union-attr]


def receivers_words(receivers: Sequence[Receiver]) -> str:
    """Who gets it; the departments by their own names, as the rows say them."""
    words = [names(known()) if one is Receiver.DEPARTMENTS else one.value for one in receivers]
    return "、".join(words) or STATION_ONLY


def lines() -> list[RegisterLine]:
    """Every column of personal data, in the rooms' order."""
    return [
        RegisterLine(held, apps.get_model(held.model), column)
        for register in registers()
        for held in register.held
        for column in held.personal_names
    ]


@cache
def links_to_accounts() -> int:
    """How many columns of all rooms say which account did something: who is on record."""
    return sum(
        field.related_model is User
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation
    )


def keep_words(keep: Keep, parameters: Parameters) -> str:
    """How long this class is kept, with the station's numbers and who said so."""
    if keep is Keep.LOG:
        return f"{keep.words}：{settings.SIGN_IN_LOG_DAYS}天"
    rows = [parameters.row(code) for code in keep.codes]
    if not rows:
        return keep.words
    return f"{keep.words}：{'；'.join(_kept(row) for row in rows)}"


def _kept(row: ParameterValue) -> str:
    return f"{row.parameter.name}{row.words}"


def columns_in_words(table: str, columns: Sequence[str]) -> str:
    """What these columns of a table are called before people; one that is gone by its name."""
    named = {line.column: line.words for line in lines() if line.held.model == table}
    return "、".join(named.get(column, column) for column in columns)


def table() -> Iterator[Sequence[Any]]:
    """The register as rows of a sheet, the heads first."""
    parameters = load_parameters()
    yield HEADS
    for line in lines():
        purpose = line.held.purpose
        yield (
            apps.get_app_config(line.model._meta.app_label).verbose_name,
            str(line.model._meta.verbose_name),
            f"{line.held.model}.{line.column}",
            line.words,
            line.whose,
            purpose.words,
            purpose.ground.value,
            line.receivers,
            "是" if line.is_sensitive else "",
            keep_words(purpose.keep, parameters),
        )


def uses() -> list[DataUse]:
    """The same for the public page: by whose data it is and why it is held."""
    parameters = load_parameters()
    by_use: list[tuple[DataSubject, DataPurpose, RegisterLine]] = [
        (whose, line.held.purpose, line) for line in lines() for whose in line.held.whose
    ]
    order = list(DataSubject)
    by_use.sort(key=lambda one: (order.index(one[0]), one[1].words))
    found = []
    for (whose, purpose), group in groupby(by_use, key=lambda one: one[:2]):
        of_use = [line for *_, line in group]
        found.append(
            DataUse(
                whose=whose.value,
                purpose=purpose,
                words=_once(line.words for line in of_use if not line.is_sensitive),
                sensitive=_once(line.words for line in of_use if line.is_sensitive),
                receivers=receivers_words(purpose.receivers),
                keep=keep_words(purpose.keep, parameters),
            )
        )
    return found


def _once(words: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(words))
