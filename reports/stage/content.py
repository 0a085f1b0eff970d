"""What a report says, as data: sections of figures and tables. Page and files are drawn from it.

It is kept as JSON, so that what was counted stays as it was when it is drawn again.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal
from urllib.parse import urlencode

from django.urls import reverse

from core.charts import BarChart, ChartRow, LineChart
from reports.stage.periods import Period

Number = int | float | None
NONE: Final = "—"
PERCENT: Final = "%"
NOW, BEFORE, LEVEL = "本期", "上期", "持平"
HIGHLIGHTS: Final = (
    "coverage.told_share",
    "applications.submitted",
    "times.concluded",
    "times.mean",
    "times.share",
    "times.overdue",
    "cards.issued",
    "consultations.asked",
)


def written(value: Number, unit: str = "") -> str:
    """A number as people read it: 12件, 1.8个工作日, 96%; a dash where there is none."""
    if value is None:
        return NONE
    number = f"{value:.1f}" if isinstance(value, float) else f"{value}"
    return f"{number}{unit}"


def share(part: int, whole: int) -> int | None:
    """In whole percent; None of nothing."""
    return round(100 * part / whole) if whole else None


def cases_path(code: str, period: Period, part: str = "") -> str:
    """Where the rows stand that a figure counted."""
    path = f"{reverse('stage:cases', args=[code])}?{period.query}"
    return f"{path}&{urlencode({'part': part})}" if part else path


@dataclass(frozen=True)
class ReportFigure:
    """One number with its name, the one of the period before, and where its cases stand."""

    code: str
    label: str
    value: Number
    unit: str
    earlier: Number = None
    path: str = ""
    note: str = ""

    @property
    def shown(self) -> str:
        return written(self.value, self.unit)

    @property
    def earlier_shown(self) -> str:
        return written(self.earlier, self.unit)

    @property
    def change(self) -> str:
        """多3件, 少0.4个工作日, 持平; nothing where one of the two is missing."""
        if self.value is None or self.earlier is None:
            return ""
        more = self.value - self.earlier
        if isinstance(more, float):
            more = round(more, 1)
        if more == 0:
            return LEVEL
        unit = "个百分点" if self.unit == PERCENT else self.unit
        return f"{'多' if more > 0 else '少'}{written(abs(more), unit)}"

    @property
    def compared(self) -> str:
        """The same in a sentence: ，比上期多3件; ，与上期持平; or nothing."""
        change = self.change
        if not change:
            return ""
        return f"，与{BEFORE}{change}" if change == LEVEL else f"，比{BEFORE}{change}"


@dataclass(frozen=True)
class ReportCell:
    """A number or words in a table; a number may lead to its cases."""

    value: int | float | str | None
    unit: str = ""
    path: str = ""

    @property
    def shown(self) -> str:
        return self.value if isinstance(self.value, str) else written(self.value, self.unit)

    @property
    def is_number(self) -> bool:
        return not isinstance(self.value, str)


@dataclass(frozen=True)
class Table:
    """Rows under a head. `chart` says which picture stands with it on page and paper.

    Of bars the second column is drawn, and beside it the third, that of the period before; of a
    line the second column, with `target` as a dashed one.
    """

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[ReportCell]]
    words: str = ""
    chart: Literal["", "bars", "line"] = ""
    target: float | None = None
    target_shown: str = ""

    @property
    def bars(self) -> BarChart:
        return BarChart(self.title, self._chart_rows(), self.words, self.head[0], NOW, BEFORE)

    @property
    def line(self) -> LineChart:
        return LineChart(
            self.title, self._chart_rows(), self.words, self.head[0], self.head[1],
            self.target, self.target_shown,
        )  # fmt: skip

    @property
    def labelled_rows(self) -> list[list[tuple[str, ReportCell]]]:
        """Each cell with the head of its column."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]

    def _chart_rows(self) -> list[ChartRow]:
        found = []
        for label, now, *rest in self.rows:
            earlier = rest[0] if rest and self.chart == "bars" else None
            found.append(
                ChartRow(
                    label.shown,
                    float(now.value or 0),
                    now.shown,
                    float(earlier.value or 0) if earlier else None,
                    earlier.shown if earlier else "",
                    now.path,
                )
            )
        return found


@dataclass(frozen=True)
class ReportSection:
    """One part of the report: sentences in words first, then figures and tables."""

    code: str
    title: str
    words: str
    figures: Sequence[ReportFigure] = ()
    tables: Sequence[Table] = ()


@dataclass(frozen=True)
class ReportContent:
    """A whole report."""

    first: str
    last: str
    words: str
    sections: Sequence[ReportSection] = field(default_factory=list)

    @property
    def figures(self) -> list[ReportFigure]:
        return [figure for section in self.sections for figure in section.figures]

    @property
    def highlights(self) -> list[ReportFigure]:
        """What stands on the first screen."""
        by_code = {figure.code: figure for figure in self.figures}
        return [by_code[code] for code in HIGHLIGHTS if code in by_code]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def read_content(kept: dict[str, Any]) -> ReportContent:
    """What `as_json` made."""
    sections = [_section(one) for one in kept["sections"]]
    return ReportContent(kept["first"], kept["last"], kept["words"], sections)


def _section(kept: dict[str, Any]) -> ReportSection:
    figures = [ReportFigure(**one) for one in kept["figures"]]
    tables = [
        Table(**one | {"rows": [[ReportCell(**cell) for cell in row] for row in one["rows"]]})
        for one in kept["tables"]
    ]
    return ReportSection(kept["code"], kept["title"], kept["words"], figures, tables)
