"""Charts over tables: bars and lines whose places a template draws as SVG.

The table is the source and stands on the page; the drawing only repeats it, so that a reader
without pictures, a printer and a spreadsheet miss nothing. No script and no library is needed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

# Of the drawing of a row, in its own units: its box is stretched to the width of the cell.
BAR: Final = 1000
# Of the drawing of a line, in its own units; its frame leaves room for the words at the edges.
WIDTH, HEIGHT = 340, 150
LEFT, RIGHT, TOP, BOTTOM = 34, 14, 14, 22
# So many words fit below the line without touching one another.
MOST_LABELS: Final = 6


@dataclass(frozen=True)
class ChartRow:
    """One row of a chart: its name, the number, and how that is written (2.5个工作日).

    `earlier` is the number to compare with, where there is one. `url` leads to what was counted.
    """

    label: str
    value: float
    shown: str
    earlier: float | None = None
    earlier_shown: str = ""
    url: str = ""
    is_marked: bool = False


@dataclass(frozen=True)
class Bar:
    """A row with the lengths of its bars."""

    row: ChartRow
    length: int
    earlier_length: int


@dataclass(frozen=True)
class BarChart:
    """Bars in a table: `words` says in a sentence what they show.

    `of` heads the column of names, `now` and `before` those of the numbers; without `before`
    nothing is compared.
    """

    title: str
    rows: Sequence[ChartRow]
    words: str = ""
    of: str = ""
    now: str = "数量"
    before: str = ""

    @property
    def bars(self) -> Iterator[Bar]:
        numbers = [number for row in self.rows for number in (row.value, row.earlier or 0)]
        most = max(numbers, default=0) or 1
        for row in self.rows:
            yield Bar(row, _length(row.value, most), _length(row.earlier or 0, most))


def _length(value: float, most: float) -> int:
    """What is not nothing is seen: at least a hundredth of the width."""
    return max(round(BAR * value / most), BAR // 100) if value > 0 else 0


@dataclass(frozen=True)
class Point:
    """A row with its place in the drawing; `label` is empty where it would not fit."""

    row: ChartRow
    x: int
    y: int
    label: str
    anchor: str


@dataclass(frozen=True)
class LineChart:
    """One line over time, with a dashed one for what is aimed at (`target`, `target_shown`)."""

    title: str
    rows: Sequence[ChartRow]
    words: str = ""
    of: str = ""
    now: str = "数量"
    target: float | None = None
    target_shown: str = ""

    @property
    def most(self) -> float:
        values = [row.value for row in self.rows]
        return max([*values, self.target or 0], default=0) or 1

    @property
    def points(self) -> list[Point]:
        last = len(self.rows) - 1
        step = -(-len(self.rows) // MOST_LABELS)
        return [
            Point(
                row,
                self._across(place, last),
                self.height_of(row.value),
                # Counted from the newest, which always bears its name.
                row.label if (last - place) % step == 0 else "",
                "end" if place == last else "start" if place == 0 else "middle",
            )
            for place, row in enumerate(self.rows)
        ]

    @property
    def path(self) -> str:
        return " ".join(f"{point.x},{point.y}" for point in self.points)

    @property
    def newest(self) -> Point | None:
        points = self.points
        return points[-1] if points else None

    @property
    def target_height(self) -> int:
        return self.height_of(self.target or 0)

    def height_of(self, value: float) -> int:
        """The y of a value; zero stands at the foot."""
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / self.most)

    @staticmethod
    def _across(place: int, last: int) -> int:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (place / last if last else 0.5))
