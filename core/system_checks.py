"""System check of the libraries that printing needs."""

from typing import Any

from django.core.checks import CheckMessage, Error

from core.typesetting import check_renderer


def renderer_is_whole(**_: Any) -> list[CheckMessage]:
    """Without the fonts a table would be signed that does not look like Annex 4."""
    return [
        Error(sentence, id=f"reviews.E{number:03d}")
        for number, sentence in enumerate(check_renderer(), start=1)
    ]
