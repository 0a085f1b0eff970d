"""The letter in which an enterprise was told everything at once, on paper; it bears no seal."""

import base64
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from applications.letters.letter import Letter
from core.typesetting import lay_out, rendering, write


def render_letter(letter: Letter) -> bytes:
    """As PDF; the same letter gives the same pages.

    Raises RenderingFailed where a character has no glyph in this machine's fonts.
    """
    context = {
        "letter": letter,
        "application": letter.application,
        "station_name": settings.STATION_NAME,
        "hotline": settings.HOTLINE,
        "number": letter.number,
        "items": list(_items(letter)),
    }
    with rendering:
        return write(lay_out("applications/pdf/letter.html", context, "letter.css"), tagged=True)


def _items(letter: Letter) -> Iterator[dict[str, Any]]:
    """Each with its pictures as addresses that carry the bytes: nothing is fetched."""
    for item in letter.pictured:
        figures = [
            {
                "example": example,
                "address": f"data:image/png;base64,{base64.b64encode(example.data).decode()}",
            }
            for example in item.examples
        ]
        yield {"correction": item.correction, "figures": figures, "again": item.again}
