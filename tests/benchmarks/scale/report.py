"""The table that is printed: a line a page, the slowest first, and what failed in front of all."""

from collections.abc import Mapping, Sequence
from typing import Final

from tests.benchmarks.scale.explaining import in_short
from tests.benchmarks.scale.timing import Seen
from tests.benchmarks.table import width

MOST_MS, MOST_RATIO, MOST_QUERIES, MOST_KIB = 30.0, 1.3, 12, 60
Key = tuple[str, str]
HEAD: Final = ("谁", "页面", "p50 ms", "p95 ms", "计算 ms", "比最小", "查询", "KiB", "超出")


def ratio(seen: Seen, least: Mapping[Key, Seen]) -> float | None:
    """Of what was computed, to the same page with the least cases; None where there is none."""
    other = least.get(seen.look.key)
    if other is None or not other.is_fine or not seen.is_fine:
        return None
    return seen.work / other.work


def beyond(seen: Seen, least: Mapping[Key, Seen]) -> list[str]:
    """In which respects the page misses what is asked of it, in words."""
    found = []
    grown = ratio(seen, least)
    if seen.work > MOST_MS and grown is not None and grown > MOST_RATIO:
        found.append("慢")
    if seen.queries > MOST_QUERIES:
        found.append("查询")
    if seen.kib > MOST_KIB:
        found.append("大")
    return found


def line(seen: Seen) -> str:
    """One page by itself, to be read while the others are still looked at."""
    cost = (
        f"{seen.percentile(50):.0f} ms，{seen.work:.0f} ms 计算" if seen.is_fine else seen.trouble
    )
    return f"{seen.look.who} {seen.look.name}：{cost}"


def text(title: str, seen: Sequence[Seen], least: Mapping[Key, Seen]) -> str:
    """The whole report on one number of cases."""
    failed = [one for one in seen if not one.is_fine]
    fine = sorted((one for one in seen if one.is_fine), key=lambda one: -one.work)
    parts = [f"== {title}"]
    if failed:
        parts.append(f"!!! {len(failed)} 页出错：")
        parts += [f"!!! {one.look.who} {one.look.name} {one.look.path}：{one.trouble}"
                  for one in failed]  # fmt: skip
    rows = [HEAD] + [_row(one, least) for one in fine]
    widths = [max(width(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [_line(row, widths) for row in rows]
    parts += [lines[0]]
    for one, line in zip(fine, lines[1:], strict=True):
        parts.append(line)
        parts += [
            f"      {query.milliseconds:7.0f} ms  {_table(query.sql)}  {in_short(query)}"
            for query in one.slow
        ]
    parts.append(_summary(fine, failed, least))
    return "\n".join(parts) + "\n"


def _row(seen: Seen, least: Mapping[Key, Seen]) -> tuple[str, ...]:
    grown = ratio(seen, least)
    return (
        seen.look.who, seen.look.name, f"{seen.percentile(50):.1f}", f"{seen.percentile(95):.1f}",
        f"{seen.work:.1f}", "" if grown is None else f"{grown:.2f}", str(seen.queries),
        f"{seen.kib:.0f}",
        "、".join(beyond(seen, least)),
    )  # fmt: skip


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)]
    return "  ".join(cells).rstrip()


def _table(sql: str) -> str:
    """What the statement reads first."""
    return sql.partition(" FROM ")[2].split(" ", 1)[0].strip('"()') or sql[:40]


def _summary(fine: Sequence[Seen], failed: Sequence[Seen], least: Mapping[Key, Seen]) -> str:
    missed = [word for one in fine for word in beyond(one, least)]
    slow, asking, large = (missed.count(word) for word in ("慢", "查询", "大"))
    return (
        f"共 {len(fine) + len(failed)} 页，出错 {len(failed)}；慢 {slow}，"
        f"查询超过 {MOST_QUERIES} 次 {asking}，大于 {MOST_KIB} KiB {large}"
    )
