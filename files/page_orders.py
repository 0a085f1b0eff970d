"""Orders of the buttons beside a page: the place or the turn that was asked for."""

from collections.abc import Mapping

from django.core.exceptions import BadRequest

from core.reading import whole_number
from files.arranging import CLOCKWISE
from files.page_limits import MAX_PAGES


def asked_place(posted: Mapping[str, str]) -> int:
    """The place that a page is to have, from 1; raises BadRequest."""
    place = whole_number(posted.get("place"), most=MAX_PAGES)
    if not place:
        raise BadRequest("place")
    return place


def asked_turn(posted: Mapping[str, str]) -> int:
    """Degrees clockwise: 90, 180 or 270; raises BadRequest."""
    turns = {str(degrees): degrees for degrees in CLOCKWISE}
    try:
        return turns[posted.get("degrees", "")]
    except KeyError as error:
        raise BadRequest("degrees") from error
