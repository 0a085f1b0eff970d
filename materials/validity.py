"""How long a standing document serves: by its date, its tax year or the licence's term.

What people state is kept with the version; the last day is worked out when it is stated, so that
what is about to lapse can be found by one indexed query. The months are settings.
"""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import timezone

from core.dates import day_words, months_later

LETTER, LICENCE, TAX, COMMITMENT = 1, 2, 3, 4
ASK_DAYS_AHEAD = 30


@dataclass(frozen=True)
class Stated:
    """What the enterprise says of a document; which part counts depends on its kind."""

    dated_on: date | None = None
    tax_year: int | None = None
    ends_on: date | None = None
    is_endless: bool = False


def last_day(kind: int, stated: Stated, *, uploaded_on: date) -> date | None:
    """The last day on which a new application may use it; None is no end, or none known.

    Where no date was stated a letter and a commitment count from the day of their upload, and a
    tax proof uploaded in 2026 counts as that of 2025.
    """
    match kind:
        case 1:
            return months_later(stated.dated_on or uploaded_on, settings.LETTER_VALID_MONTHS)
        case 2:
            return stated.ends_on
        case 3:
            # The proof of the year before is wanted: that of 2025 serves until the end of 2026.
            return date((stated.tax_year or uploaded_on.year - 1) + 1, 12, 31)
        case _:
            return months_later(stated.dated_on or uploaded_on, settings.COMMITMENT_VALID_MONTHS)


@dataclass(frozen=True)
class Standing:
    """How a document stands today, in words for its owner."""

    label: str
    badge: str
    words: str
    is_lapsed: bool = False


def standing(
    kind: int, stated: Stated, valid_until: date | None, *, today: date | None = None
) -> Standing:
    today = today or timezone.localdate()
    basis = _basis(kind, stated)
    if valid_until is None:
        if stated.is_endless:
            return Standing("长期有效", "done", "营业期限为长期。")
        return Standing("请填有效期", "act", basis)
    until = day_words(valid_until)
    if valid_until < today:
        return Standing(
            "已过期", "late", f"{basis}用到{until}，已经过期，请上传新的{_ask(kind, today)}。", True
        )
    days = (valid_until - today).days
    if days <= ASK_DAYS_AHEAD:
        return Standing(f"还剩{days}天", "act", f"{basis}用到{until}，请及早准备新的。")
    return Standing(f"用到{until}", "done", basis)


def _ask(kind: int, today: date) -> str:
    return f"{today.year - 1}年度纳税证明" if kind == TAX else ""


def _basis(kind: int, stated: Stated) -> str:
    """Upon what the last day rests."""
    if kind == TAX:
        return f"{stated.tax_year}年度。" if stated.tax_year else "没有填写年度，按上传时间推算。"
    if kind == LICENCE:
        return "" if stated.ends_on else "没有填写营业期限。"
    verb = "落款" if kind == LETTER else "签署"
    if stated.dated_on:
        return f"{day_words(stated.dated_on)}{verb}。"
    return f"没有填写{verb}日期，按上传时间推算。"
