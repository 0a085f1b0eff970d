"""Return reasons counted: how often applications came back for which, month by month."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import Max, Min
from django.utils import timezone

from applications.models import Correction, ReturnReason
from core.dates import month_words
from materials.catalogue import item_name

OWN_WORDS = "专员自写"
# On the page of a year so many reasons a month, each with so many materials; a month shows all.
MOST_REASONS: Final = 8
MOST_PLACES: Final = 3


@dataclass
class ReasonLine:
    """One reason in one month; `numbers` counts it by material (0: the typed facts)."""

    code: str
    defect: str
    count: int = 0
    numbers: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def where(self) -> str:
        return _places(sorted(self.numbers.items()))

    @property
    def where_most(self) -> str:
        """The materials in which it was found most often, in their order."""
        most = sorted(self.numbers.items(), key=lambda place: (-place[1], place[0]))
        words = _places(sorted(most[:MOST_PLACES]))
        return f"{words}等{len(most)}项" if len(most) > MOST_PLACES else words


def _places(numbers: Sequence[tuple[int, int]]) -> str:
    return "、".join(f"{item_name(number)} {count}次" for number, count in numbers)


@dataclass(frozen=True)
class ReasonMonth:
    """The reasons of one month, the most frequent first."""

    start: datetime
    lines: list[ReasonLine]

    @property
    def label(self) -> str:
        return month_words(self.start)

    @property
    def total(self) -> int:
        return sum(line.count for line in self.lines)

    @property
    def most(self) -> list[ReasonLine]:
        return self.lines[:MOST_REASONS]

    @property
    def others(self) -> list[ReasonLine]:
        """Those that the page of the year leaves to the page of the month."""
        return self.lines[MOST_REASONS:]

    @property
    def others_total(self) -> int:
        return sum(line.count for line in self.others)


def reasons_between(start: datetime, end: datetime) -> list[ReasonLine]:
    """What was told from the first moment to before the last, the most frequent first."""
    defects = dict(ReturnReason.objects.values_list("code", "defect"))
    lines: dict[str, ReasonLine] = {}
    told = Correction.objects.filter(sent_at__gte=start, sent_at__lt=end)
    for row in told.counts_by_month():
        _add(lines, row, defects)
    return _frequent_first(lines)


def _add(lines: dict[str, ReasonLine], row: Any, defects: dict[str, str]) -> None:
    code = row["reason__code"] or OWN_WORDS
    line = lines.setdefault(code, ReasonLine(code, defects.get(code, "专员用自己的话写明的问题")))
    line.count += row["count"]
    line.numbers[row["number"]] += row["count"]


def _frequent_first(lines: dict[str, ReasonLine]) -> list[ReasonLine]:
    return sorted(lines.values(), key=lambda line: (-line.count, line.code))


def months(year: int, month: int | None = None) -> list[ReasonMonth]:
    """The months of this year in which something was returned, the newest first; or one of them."""
    defects = dict(ReturnReason.objects.values_list("code", "defect"))
    found: dict[datetime, dict[str, ReasonLine]] = defaultdict(dict)
    told = Correction.objects.filter(sent_at__year=year)
    if month is not None:
        told = told.filter(sent_at__month=month)
    for row in told.counts_by_month():
        _add(found[row["month"]], row, defects)
    return [
        ReasonMonth(start, _frequent_first(lines))
        for start, lines in sorted(found.items(), reverse=True)
    ]


def years() -> list[int]:
    """From the year in which anything was last returned back to the first."""
    told = Correction.objects.filter(sent_at__isnull=False)
    first, last = told.aggregate(first=Min("sent_at"), last=Max("sent_at")).values()
    if first is None:
        return []
    return list(range(timezone.localtime(last).year, timezone.localtime(first).year - 1, -1))


def rows(counted: list[ReasonMonth]) -> Iterator[Sequence[object]]:
    """The table to download: a row for each material, the oldest month first."""
    yield ("月份", "原因编号", "哪里不对", "材料", "次数")
    for month in reversed(counted):
        for line in month.lines:
            for number, count in sorted(line.numbers.items()):
                yield (month.label, line.code, line.defect, item_name(number), count)
