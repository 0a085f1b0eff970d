"""Links from a page of a case to its others: {% case_pages application "table" %}."""

from typing import Any

from django import template

from applications.models import Application
from core.declarations import declared

register = template.Library()


@register.inclusion_tag("components/_case_pages.html", takes_context=True)
def case_pages(
    context: template.Context, application: Application | None, here: str
) -> dict[str, Any]:
    """The room furthest to the right knows them all, and declares `case_pages`.

    `here` is the key of the page that shows them. Of no case (a card from before the portal) there
    are none.
    """
    [pages_of] = declared("case_pages")
    pages = pages_of(application, context["user"]) if application else []
    return {"pages": pages, "here": here}
