"""Pages of a long list, as `components/_pages.html` leads through them."""

from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PER_PAGE: Final = 30


def page_of(rows: "QuerySet[Any]", request: HttpRequest) -> "Page[Any]":
    """The page of these rows that the address asks for; the nearest there is for any other."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
