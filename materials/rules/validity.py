"""How long a standing document serves: by its date, its tax year or the licence's term.

What people state is kept with the version; the last day is worked out when it is stated, so that
what is about to lapse can be found by one indexed query. Each material's own rule is in `kinds`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from core.dates import day_words

ASK_DAYS_AHEAD = 30


@dataclass(frozen=True)
class Stated:
    """What the enterprise says of a document; which part counts depends on its kind."""

    dated_on: date | None = None
    tax_year: int | None = None
    ends_on: date | None = None
    is_endless: bool = False


@dataclass(frozen=True)
class Standing:
    """How a document stands today, in words for its owner."""

    label: str
    badge: str
    words: str
    is_lapsed: bool = False


@dataclass(frozen=True)
class ValidityRule:
    """`fields` are the parts of `Stated` that are asked for, `date_label` what its date is called.

    `last_day` takes what was stated and the day of the upload; None is no end, or none known.
    `basis` says upon what the last day rests, `wanted` which document is asked for next.
    """

    fields: tuple[str, ...]
    last_day: Callable[[Stated, date], date | None]
    basis: Callable[[Stated], str]
    date_label: str = ""
    wanted: Callable[[date], str] = lambda _today: ""

    def standing(
        self, stated: Stated, valid_until: date | None, *, today: date | None = None
    ) -> Standing:
        today = today or timezone.localdate()
        basis = self.basis(stated)
        if valid_until is None:
            if stated.is_endless:
                return Standing("长期有效", "done", "营业期限为长期。")
            return Standing("请填有效期", "act", basis)
        until = day_words(valid_until)
        if valid_until < today:
            words = f"{basis}用到{until}，已经过期，请上传新的{self.wanted(today)}。"
            return Standing("已过期", "late", words, is_lapsed=True)
        days = (valid_until - today).days
        if days <= ASK_DAYS_AHEAD:
            words = f"{basis}用到{until}，请及早准备新的。"
            return Standing(f"还剩{days}天", "act", words)
        return Standing(f"用到{until}", "done", basis)


def dated(verb: str) -> Callable[[Stated], str]:
    """The basis of a document that bears a date, written by this verb."""

    def basis(stated: Stated) -> str:
        if stated.dated_on:
            return f"{day_words(stated.dated_on)}{verb}。"
        return f"没有填写{verb}日期，按上传时间推算。"

    return basis
