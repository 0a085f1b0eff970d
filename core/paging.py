"""Pages of a long list, as `components/_pages.html` leads through them."""

from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

PER_PAGE: Final = 30
# Nobody turns so many pages: whoever looks for one row narrows the list.
MOST_ROWS: Final = 3_000


class BoundedPaginator(Paginator):  # type: ignore[type-arg] # it takes none when it runs
    """Counts no further than `MOST_ROWS`: a list of 100,000 costs what one of 3,000 does."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows[:MOST_ROWS].count())

    @property
    def is_cut(self) -> bool:
        return self.count >= MOST_ROWS


def page_of(rows: "QuerySet[Any]", request: HttpRequest) -> "Page[Any]":
    """The page of these rows that the address asks for; the nearest there is for any other."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def bounded_page_of(rows: "QuerySet[Any]", request: HttpRequest) -> "Page[Any]":
    """The same of a list that may be very long; its count ends at `MOST_ROWS`."""
    return BoundedPaginator(rows, PER_PAGE).get_page(request.GET.get("page"))
