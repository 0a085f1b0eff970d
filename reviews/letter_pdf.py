"""The letter in which an enterprise was told everything at once, on paper; it bears no seal."""

from django.conf import settings

from applications.letters import Letter
from reviews.typesetting import lay_out, rendering, write


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
    }
    with rendering:
        return write(lay_out("reviews/pdf/letter.html", context, "letter.css"))
