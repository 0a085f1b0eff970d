"""Economies by their Chinese name or ISO code: how long one may stay, and how many approved."""

from collections.abc import Iterator

from django.urls import reverse

from accounts.models import User
from cards.models import EconomyApproval, Filing
from core.text import compact
from materials.economies import ECONOMIES, Economy
from parameters.values import load_parameters
from reports.finding.result import Result

STAY = "cards.stay."


def economies(words: str, by: User) -> list[Result]:
    """Those that are meant; nothing is asked of the database for other words."""
    found = list(_meant(compact(words)))
    if not found:
        return []
    rows = load_parameters().rows
    codes = [economy.code for economy in found]
    filings = Filing.objects.visible_to(by)
    granted = EconomyApproval.objects.current().filter(
        filing__in=filings, economy__in=codes, state=EconomyApproval.State.GRANTED
    )
    counts: dict[str, int] = {}
    for code in granted.values_list("economy", flat=True):
        counts[code] = counts.get(code, 0) + 1
    guide = reverse("outreach:card")
    return [
        Result(
            "经济体",
            f"{one.name}　{one.code}",
            f"{guide}#{one.code}",
            f"{_stay(rows.get(f'{STAY}{one.code}'))}　本站{counts.get(one.code, 0)}件已批准",
        )
        for one in found
    ]


def _meant(words: str) -> Iterator[Economy]:
    """A name or a part of it from two characters on; a code whole."""
    for economy in ECONOMIES:
        if words.upper() == economy.code or (len(words) > 1 and words in economy.name):
            yield economy


def _stay(row: object) -> str:
    words = getattr(row, "words", "")
    return f"每次最多{words}" if words else "停留天数没有登记"
