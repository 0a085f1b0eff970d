"""Turning the pages of a list by its links, from either end."""

from typing import Any

from django.http import QueryDict

from core.paging import LAST, page_of


def forwards(rows: Any, per_page: int) -> list[list[Any]]:
    """Every page from the first on."""
    shown, address = [], ""
    while True:
        one = page_of(rows, QueryDict(address.removeprefix("?")), per_page=per_page)
        shown.append(list(one))
        if not one.has_next:
            return shown
        address = one.next


def backwards(rows: Any, per_page: int) -> list[list[Any]]:
    """Every page from the last on, in the order of the list.

    The first one is whole, and so holds some of the second again.
    """
    shown, address = [], f"?page={LAST}"
    while True:
        one = page_of(rows, QueryDict(address.removeprefix("?")), per_page=per_page)
        shown.append(list(one))
        if not one.has_previous:
            return shown[::-1]
        address = one.previous


def turned_both_ways(rows: Any, per_page: int) -> list[Any]:
    """All rows as a reader meets them, the same from either end."""
    onwards = [row for page in forwards(rows, per_page) for row in page]
    back = list(dict.fromkeys(row for page in backwards(rows, per_page) for row in page))
    assert back == onwards
    return onwards
