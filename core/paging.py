"""Pages of a long list, as `components/_pages.html` leads through them (ADR 64).

A link carries the keys of the row where its page begins or ends, not how many rows lie before:
the database goes straight there by an index, however far it is, and a row that comes or goes in
the meantime moves no other from one page to the next.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Generic, TypeVar, overload

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, QueryDict

from core.crypto import decrypt, encrypt
from core.row_order import ranges_after, sort_keys

PER_PAGE: Final = 30
# Nobody needs to know how many more there are; who looks for one row narrows the list.
COUNTED: Final = 500
LAST: Final = "last"
# A name of 120 characters makes 700.
MOST_CHARACTERS: Final = 4_000

Row = TypeVar("Row")


@dataclass(frozen=True)
class ListPlace:
    """Between which rows a page begins, or ends where it is `backwards`: at a row of a part."""

    part: int
    values: tuple[Any, ...]
    backwards: bool


class Parts(Generic[Row]):
    """Rows in one or several parts, one after the other, each with an order of its own.

    What waits stands above what is over; asked for apart, each is served by an index of its own.
    """

    def __init__(
        self, parts: "Sequence[QuerySet[Any]]", whole: "QuerySet[Any] | None" = None
    ) -> None:
        """`whole`: the rows of all parts as one, to be counted at once."""
        self.parts = list(parts)
        self.counted = self.parts if whole is None else [whole]
        self.keys = [sort_keys(rows) for rows in self.parts]

    def some(
        self, most: int, place: ListPlace | None = None, *, backwards: bool = False
    ) -> list[tuple[int, Row]]:
        """The first of the rows beyond the place, or going backwards the last of those before it.

        In the order of the list either way; with each the number of its part.
        """
        found: list[tuple[int, Row]] = []
        for number, rows in self._queries(place, backwards=backwards):
            found += [(number, row) for row in rows[: most - len(found)]]
            if len(found) >= most:
                break
        return found[::-1] if backwards else found

    def _queries(
        self, place: ListPlace | None, *, backwards: bool
    ) -> "Iterator[tuple[int, QuerySet[Any]]]":
        numbers = range(len(self.parts))
        for number in reversed(numbers) if backwards else numbers:
            keys = [key.reversed() if backwards else key for key in self.keys[number]]
            # What goes with the rows is fetched at once, for those alone that are shown.
            rows = self.parts[number].prefetch_related(None)
            rows = rows.order_by(*(key.ordering for key in keys))
            if place is not None and number == place.part:
                for one in ranges_after(keys, place.values):
                    yield number, rows.filter(one)
            elif place is None or (number < place.part) == backwards:
                yield number, rows

    def count(self, most: int) -> int:
        """How many there are, counted no further than `most`."""
        found = 0
        for rows in self.counted:
            found += rows.order_by().values("pk")[: most - found].count()
            if found >= most:
                break
        return found

    def complete(self, shown: Sequence[Row]) -> None:
        """Fetch what the rows are shown with."""
        lookups = self.parts[0]._prefetch_related_lookups  # type: ignore[attr-defined]
        if shown and lookups:
            prefetch_related_objects(list(shown), *lookups)  # type: ignore[type-var]

    @cached_property
    def _sign(self) -> str:
        """Of which rows in which order: a cursor of another list is none of this one."""
        orders = [
            (str(rows.model._meta), [(key.path, key.is_descending) for key in keys])
            for rows, keys in zip(self.parts, self.keys, strict=True)
        ]
        return hashlib.sha256(repr(orders).encode()).hexdigest()[:8]

    def cursor(self, of: tuple[int, Row], *, backwards: bool) -> str:
        """The place of this row, for an address.

        Sealed: names by which a list is ordered have no place in the log of a server, and what
        comes back has not been tampered with.
        """
        part, row = of
        values = [key.of(row) for key in self.keys[part]]
        written = json.dumps([self._sign, part, backwards, values], default=str, ensure_ascii=False)
        return encrypt(written).translate(TO_ADDRESS).rstrip("=")

    def read(self, cursor: str) -> ListPlace | None:
        """The place that a cursor of this list names; None of anything else."""
        if not cursor or len(cursor) > MOST_CHARACTERS or not cursor.isascii():
            return None
        try:
            sealed = cursor.translate(FROM_ADDRESS) + "=" * (-len(cursor.partition("~")[2]) % 4)
            sign, part, backwards, values = json.loads(decrypt(sealed))
            if sign != self._sign:
                return None
            keys = self.keys[part]
            read = [key.read(value) for key, value in zip(keys, values, strict=True)]
        except (ImproperlyConfigured, ValidationError, ValueError, TypeError, LookupError):
            return None
        return ListPlace(part, tuple(read), bool(backwards))


# Base64 as addresses take it, and the colon after the name of the key.
TO_ADDRESS: Final = str.maketrans(":+/", "~-_")
FROM_ADDRESS: Final = str.maketrans("~-_", ":+/")


class RowPage(Sequence[Row]):
    """A page of rows, with the addresses of those around it in the list as it is narrowed now."""

    def __init__(
        self,
        parts: Parts[Row],
        query: QueryDict,
        *,
        unit: str,
        per_page: int,
        name: str,
        path: str,
    ) -> None:
        self._parts, self._query, self._name, self._path = parts, query, name, path
        self._unit, self._most = unit, per_page
        self.has_previous = self.has_next = False
        asked = query.get(name, "")
        place = parts.read(asked) if asked != LAST else None
        if asked == LAST:
            self._found = self._last()
        elif place is None:
            asked, self._found = "", self._first()
        else:
            asked, self._found = self._at(place, asked)
        self.rows = [row for _, row in self._found]
        parts.complete(self.rows)
        # By which this page is asked for again; empty for the first.
        self.cursor = asked

    def _first(self) -> list[tuple[int, Row]]:
        found = self._parts.some(self._most + 1)
        self.has_previous, self.has_next = False, len(found) > self._most
        return found[: self._most]

    def _last(self) -> list[tuple[int, Row]]:
        found = self._parts.some(self._most + 1, backwards=True)
        self.has_previous, self.has_next = len(found) > self._most, False
        return found[-self._most :]

    def _at(self, place: ListPlace, asked: str) -> tuple[str, list[tuple[int, Row]]]:
        """The page there; where rows have gone, the nearest that is full, or the end."""
        found = self._parts.some(self._most + 1, place, backwards=place.backwards)
        is_cut = len(found) > self._most
        if place.backwards:
            if not is_cut and len(found) < self._most:
                return "", self._first()
            self.has_previous, self.has_next = is_cut, True
            return asked, found[-self._most :]
        if not found:
            return LAST, self._last()
        self.has_previous, self.has_next = True, is_cut
        return asked, found[: self._most]

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...

    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def has_other_pages(self) -> bool:
        return self.has_previous or self.has_next

    @cached_property
    def total(self) -> int:
        """How many rows the list has; `COUNTED` stands for as many or more."""
        return min(self._counted, COUNTED)

    @property
    def is_counted(self) -> bool:
        """Whether `total` is all there are."""
        return self._counted <= COUNTED

    @cached_property
    def _counted(self) -> int:
        return self._parts.count(COUNTED + 1) if self.has_other_pages else len(self.rows)

    @property
    def count_words(self) -> str:
        """42件, or 500多件; empty where the list is not counted."""
        if not self._unit:
            return ""
        return f"{self.total}{'' if self.is_counted else '多'}{self._unit}"

    @property
    def here(self) -> str:
        """What this page is asked for by, without the path; begins with a question mark."""
        return f"?{self._asking(self.cursor)}"

    @property
    def first(self) -> str:
        return self._address("")

    @property
    def previous(self) -> str:
        return self._address(self._parts.cursor(self._found[0], backwards=True))

    @property
    def next(self) -> str:
        return self._address(self._parts.cursor(self._found[-1], backwards=False))

    @property
    def last(self) -> str:
        return self._address(LAST)

    def _address(self, cursor: str) -> str:
        return f"{self._path}?{self._asking(cursor)}"

    def _asking(self, cursor: str) -> str:
        """For this list, by whatever it is narrowed, at a place."""
        query = self._query.copy()
        query.pop(self._name, None)
        for name, values in list(query.lists()):
            query.setlist(name, [value for value in values if value])
        if cursor:
            query[self._name] = cursor
        return query.urlencode()


def page_of(
    rows: "QuerySet[Any] | Sequence[QuerySet[Any]]",
    asked: HttpRequest | QueryDict,
    *,
    whole: "QuerySet[Any] | None" = None,
    unit: str = "条",
    per_page: int = PER_PAGE,
    name: str = "page",
    path: str = "",
) -> RowPage[Any]:
    """The page of these rows that the address asks for; the first for what it cannot mean.

    `rows` are in the order by which their pages are turned, or parts of the list one below the
    other, each in its own; `whole`: the parts in one, to be counted at once. `unit`: the measure
    word of a row; without one they are not counted. `name`: the parameter of the address, where one
    page shows two lists. `path`: where the list stands, if what answers is another page.
    """
    parts = Parts[Any]([rows] if isinstance(rows, QuerySet) else rows, whole)
    query = asked.GET if isinstance(asked, HttpRequest) else asked
    return RowPage(parts, query, unit=unit, per_page=per_page, name=name, path=path)
