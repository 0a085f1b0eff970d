"""Something shown in this session for a while after a click, one of its kind at a time.

Whoever shows it records that; here is only until when.
"""

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

SHOWN_FOR = timedelta(minutes=10)


def show_for_a_while(request: HttpRequest, key: str, pk: int) -> None:
    """From now on; `key` names the kind, `pk` the one of it."""
    until = timezone.now() + SHOWN_FOR
    request.session[key] = {"of": pk, "until": until.isoformat()}


def is_shown(request: HttpRequest, key: str, pk: int) -> bool:
    shown = request.session.get(key) or {}
    if shown.get("of") != pk:
        return False
    until = parse_datetime(shown["until"])
    return until is not None and timezone.now() < until
