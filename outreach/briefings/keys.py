"""Keys in addresses of the public pages: made from the row, so that they can be printed again.

A key says that its holder was given the address: the code on the wall, the page after signing
up, the page after ticking. None of them is stored.
"""

from typing import Final

from django.urls import reverse
from django.utils.crypto import constant_time_compare

from core.crypto import keyed_hash
from outreach.models import Attendance, Briefing, BriefingSignUp

LENGTH: Final = 32
# Short enough for a text message, and as long as what logs strike out of addresses.
INVITATION_LENGTH: Final = 20


def invitation_key(briefing: Briefing) -> str:
    return keyed_hash(f"briefing invitation {briefing.nonce}")[:INVITATION_LENGTH]


def invitation_path(briefing: Briefing) -> str:
    """Where who was invited reads of it and signs up, whether it is public or not."""
    return reverse("outreach:briefing_invited", args=[briefing.pk, invitation_key(briefing)])


def door_key(briefing: Briefing) -> str:
    return keyed_hash(f"briefing door {briefing.nonce}")[:LENGTH]


def feedback_key(briefing: Briefing) -> str:
    return keyed_hash(f"briefing feedback {briefing.nonce}")[:LENGTH]


def place_key(sign_up: BriefingSignUp) -> str:
    return keyed_hash(f"briefing place {sign_up.nonce}")[:LENGTH]


def seat_key(attendance: Attendance) -> str:
    return keyed_hash(f"briefing seat {attendance.nonce}")[:LENGTH]


def fits(given: str, key: str) -> bool:
    return constant_time_compare(given, key)
