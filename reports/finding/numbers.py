"""Numbers of cases and tables as people say them: whole, without the station, or the last part."""

import re
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.utils import timezone

from core import text

# 万州-2026-00012, 2026-12, 12; of a table 万州ABTC审〔2026〕0012号, 〔2026〕12.
_PARTS: Final = re.compile(r"(?:(20\d\d)\D{0,3})?(\d{1,6})\D?")
MOST_DIGITS: Final = 6
# Without a year this one and the ones before it, the newest first.
YEARS_BACK: Final = 5


def application_number(words: str) -> int | None:
    """The case's own number, which no other case has in any year; None where there is none."""
    asked = text.compact(words).removeprefix(settings.STATION_SHORT).lstrip("-－—")
    match = _PARTS.fullmatch(asked)
    return int(match[2]) if match else None


def table_numbers(words: str) -> Iterator[str]:
    """Whole numbers of review tables that may be meant."""
    asked = text.compact(words)
    prefix = f"{settings.STATION_SHORT}ABTC审"
    asked = asked.removeprefix(prefix).lstrip("〔[［(（")
    match = _PARTS.fullmatch(asked)
    if match is None:
        return
    this_year = timezone.localdate().year
    years = [int(match[1])] if match[1] else range(this_year, this_year - YEARS_BACK, -1)
    for year in years:
        yield f"{prefix}〔{year}〕{int(match[2]):04d}号"
