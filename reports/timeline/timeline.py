"""Time line of a case or an enterprise: every room's lines, ordered and paged by the database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from applications.models import Correction
from materials.catalogue import item_name
from reports.timeline import (
    of_application,
    of_card,
    of_enterprise,
    of_filing,
    of_letters,
    of_notices,
    of_outreach,
    of_review,
)
from reports.timeline.rows import Row, Scope, TimelineLine, TimelineSource

OF_STATION: Final = (
    *of_application.SOURCES,
    *of_review.SOURCES,
    *of_filing.SOURCES,
    *of_card.SOURCES,
    *of_letters.SOURCES,
    *of_notices.SOURCES,
)
OF_ENTERPRISE: Final = (*OF_STATION, *of_enterprise.SOURCES, *of_outreach.SOURCES)
# Who leads a department sees what the pages of its tables show, and nothing of the enterprise's.
OF_LEADER: Final = of_review.SOURCES


def rows_of(scope: Scope, *, oldest_first: bool = False) -> "QuerySet[Any, Any]":
    """All rows in order, not fetched yet: to be cut, counted or walked through."""
    first, *others = [source.rows(scope) for source in _sources(scope)]
    order = ("line_at", "line_source", "line_pk")
    signs = "" if oldest_first else "-"
    return first.union(*others, all=True).order_by(*(f"{signs}{column}" for column in order))


def _sources(scope: Scope) -> Sequence[TimelineSource]:
    if not scope.reader.is_of_station:
        return OF_LEADER
    return OF_STATION if scope.enterprise is None else OF_ENTERPRISE


def lines_of(rows: Sequence[Any], scope: Scope) -> list[TimelineLine]:
    """These rows as people read them, with what each letter asked for: one query beside them."""
    sources = {source.name: source for source in _sources(scope)}
    found = [Row.opened(row) for row in rows]
    told = _told_in([row.pk for row in found if row.source == "change"])
    lines = []
    for row in found:
        line = sources[row.source].line(row)
        asked = told.get(row.pk) if row.source == "change" else None
        lines.append(replace(line, words=f"{line.words}{asked}") if asked else line)
    return list(_economies_together(lines))


def _told_in(changes: Sequence[int]) -> dict[int, str]:
    """By change, how many things its letter asked for, and in which materials."""
    if not changes:
        return {}
    rows = Correction.objects.filter(told_in__in=changes).order_by("told_in", "number", "pk")
    found = {}
    for change, items in groupby(rows.values_list("told_in", "number"), key=lambda row: row[0]):
        numbers = [number for _, number in items]
        names = "、".join(item_name(number) for number in dict.fromkeys(numbers))
        found[change] = f"一次性告知{len(numbers)}处：{names}"
    return found


def _economies_together(lines: Sequence[TimelineLine]) -> Iterator[TimelineLine]:
    """Reports of the same day, person and kind in one line: one message names up to sixteen."""
    for (url, *_), same in groupby(lines, key=_together):
        several = list(same)
        if not url or len(several) == 1:
            yield from several
            continue
        names = [line.what.partition("：")[0] for line in several]
        state = several[0].what.partition("：")[2]
        yield replace(several[0], what=f"{len(names)}个经济体{state}", words="、".join(names))


def _together(line: TimelineLine) -> tuple[object, ...]:
    if not line.url.endswith("/economies/"):
        return ("", id(line))
    return (line.url, timezone.localdate(line.at), line.who, line.what.partition("：")[2])


@dataclass(frozen=True)
class TimeLine:
    """A page of a time line; `is_cut`: there is more."""

    lines: Sequence[TimelineLine]
    is_cut: bool


def newest_of(scope: Scope, most: int) -> TimeLine:
    """The newest lines; whether there are more costs no further query."""
    rows = list(rows_of(scope)[: most + 1])
    return TimeLine(lines_of(rows[:most], scope), is_cut=len(rows) > most)
