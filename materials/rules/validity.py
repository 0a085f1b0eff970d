"""How long a standing document serves: by its date, its tax year or the licence's term.

What people state is kept with the version; the last day is worked out when it is stated, so that
what is about to lapse can be found by one indexed query. Each material's own rule is in `kinds`.
"""

from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import date

from django.utils import timezone

from core.dates import day_words
from core.versions import fingerprint

ASK_DAYS_AHEAD = 30


@dataclass(frozen=True)
class Stated:
    """What the enterprise says of a document; which part counts depends on its kind."""

    dated_on: date | None = None
    tax_year: int | None = None
    ends_on: date | None = None
    is_endless: bool = False

    @property
    def seen(self) -> str:
        """Its fingerprint, by which a page tells later what it showed."""
        return fingerprint([str(part) for part in astuple(self)])


@dataclass(frozen=True)
class Standing:
    """How a document stands today, in words for its owner."""

    label: str
    badge: str
    words: str
    is_lapsed: bool = False


@dataclass(frozen=True)
class ValidityRule:
    """`fields` are the parts of `Stated` that are asked for, and `asked` what people call them.

    `date_label` is what its date is called in the form. `last_day` takes what was stated and the
    day of the upload; None is no end, or none known. `basis` says upon what a stated last day
    rests, `wanted` which document is asked for next.
    """

    fields: tuple[str, ...]
    asked: str
    last_day: Callable[[Stated, date], date | None]
    basis: Callable[[Stated], str] = lambda _stated: ""
    date_label: str = ""
    wanted: Callable[[date], str] = lambda _today: ""

    def standing(
        self, stated: Stated, valid_until: date | None, *, today: date | None = None
    ) -> Standing:
        today = today or timezone.localdate()
        asked = f"请填{self.asked}"
        if valid_until is None:
            if stated.is_endless:
                return Standing("长期有效", "done", "营业期限为长期。")
            return Standing(asked, "act", "填写以后，快到期时门户会提前提醒。")
        is_stated, until = self._is_stated(stated), self._until(stated, valid_until)
        if valid_until < today:
            words = f"{until}，已经过期，请上传新的{self.wanted(today)}。"
            return Standing("已过期", "late", words, is_lapsed=True)
        days = (valid_until - today).days
        if days <= ASK_DAYS_AHEAD:
            return Standing(f"还剩{days}天", "act", f"{until}，请及早准备新的。")
        if not is_stated:
            return Standing(asked, "act", f"{until}。")
        basis = self.basis(stated)
        return Standing(f"用到{day_words(valid_until)}", "done", f"{basis}。" if basis else "")

    def _is_stated(self, stated: Stated) -> bool:
        return any(getattr(stated, field) for field in self.fields)

    def _until(self, stated: Stated, valid_until: date) -> str:
        """Until when it serves and why that is known, as one clause."""
        until = f"用到{day_words(valid_until)}"
        if not self._is_stated(stated):
            return f"{self.asked}还没有填写，暂按上传时间推算，{until}"
        basis = self.basis(stated)
        return f"{basis}，{until}" if basis else until


def dated(verb: str) -> Callable[[Stated], str]:
    """The basis of a document that bears a date, written by this verb."""
    return lambda stated: f"{day_words(stated.dated_on)}{verb}"
