"""Printed sheets of a briefing: the poster with the door's code, and the paper list."""

from collections.abc import Mapping
from typing import Final

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from core.typesetting import lay_out, rendering, write
from outreach.briefings.keys import door_key, feedback_key, invitation_path
from outreach.models import Briefing

# Empty lines for who did not sign up.
BLANK_LINES: Final = range(12)


def door_address(briefing: Briefing) -> str:
    path = reverse("outreach:briefing_door", args=[briefing.pk, door_key(briefing)])
    return f"{settings.SITE_URL}{path}"


def feedback_address(briefing: Briefing) -> str:
    path = reverse("outreach:briefing_feedback", args=[briefing.pk, feedback_key(briefing)])
    return f"{settings.SITE_URL}{path}"


def invitation_address(briefing: Briefing) -> str:
    return f"{settings.SITE_URL}{invitation_path(briefing)}"


def qr_of(address: str) -> str:
    """For a visitor's camera, as a `data:` address of an SVG."""
    picture = segno.make(address, error="m", micro=False)
    return str(picture.svg_data_uri(border=2, omitsize=True, dark="#1c2733", light="#ffffff"))


def poster(briefing: Briefing) -> bytes:
    """One sheet of A4 to be hung at the door."""
    address = door_address(briefing)
    return _render("outreach/pdf/briefing_poster.html", briefing, {"qr": qr_of(address)})


def paper_list(briefing: Briefing) -> bytes:
    """Who signed up, with a line for each signature, and empty lines; phones are masked."""
    rows = briefing.sign_ups.standing().order_by("enterprise_name", "pk")
    return _render(
        "outreach/pdf/briefing_list.html",
        briefing,
        {"rows": rows, "blanks": BLANK_LINES, "printed_at": timezone.now()},
    )


def _render(template: str, briefing: Briefing, more: Mapping[str, object]) -> bytes:
    context = {"briefing": briefing, "station": settings.STATION_NAME, **more}
    context["hotline"] = settings.HOTLINE
    with rendering:
        return write(lay_out(template, context, "letter.css", "briefing.css"), tagged=True)
