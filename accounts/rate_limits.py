"""Rate limits by address of what anybody may do without signing in.

Counts are rows, so that all web processes and hosts count together, with Redis or without.
"""

import ipaddress
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from accounts.destinations import page_before
from accounts.kept_forms import refused_form
from accounts.models import RateCount
from accounts.origin import current_origin
from core.crypto import keyed_hash

View = Callable[..., HttpResponseBase]
MINUTE = timedelta(minutes=1)
KEPT_FOR = timedelta(hours=1)


def limited(what: str, *, most: int = 10, span: timedelta = MINUTE) -> Callable[[View], View]:
    """At most so many POSTs of an address within `span`; the next gets a page that says when."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method != "POST":
                return view(request, *args, **kwargs)
            wait = seconds_to_wait(what, current_origin(), most=most, span=span)
            return refusal(request, wait) if wait else view(request, *args, **kwargs)

        return guarded

    return decorate


def refusal(request: HttpRequest, wait: int) -> HttpResponse:
    """The page that says when to try again, with what was typed to be sent then."""
    kept = refused_form(request, page=page_before(request))
    response = render(request, "429.html", {"wait": wait, "kept": kept}, status=429)
    response.headers["Retry-After"] = str(wait)
    return response


def seconds_to_wait(what: str, address: str, *, most: int, span: timedelta) -> int:
    """Count this attempt; 0 when it is admitted, otherwise the seconds until the next span."""
    now = timezone.now()
    length, start = int(span.total_seconds()), _beginning(now, span)
    with transaction.atomic():
        row, is_new = RateCount.objects.get_or_create(key=_key(what, address), starts_at=start)
        RateCount.objects.filter(pk=row.pk).update(count=F("count") + 1)
        row.refresh_from_db(fields=["count"])
    if is_new:
        RateCount.objects.filter(starts_at__lt=now - KEPT_FOR).delete()
    return 0 if row.count <= most else max(1, length - int((now - start).total_seconds()))


def take_back(what: str, address: str, *, span: timedelta) -> None:
    """Do not count an attempt after all, as one that did no harm."""
    start = _beginning(timezone.now(), span)
    counted = RateCount.objects.filter(key=_key(what, address), starts_at=start, count__gt=0)
    counted.update(count=F("count") - 1)


def _beginning(now: datetime, span: timedelta) -> datetime:
    length = int(span.total_seconds())
    return datetime.fromtimestamp(now.timestamp() // length * length, UTC)


def _key(what: str, address: str) -> str:
    return keyed_hash(f"{what} {network_of(address)}")


def network_of(address: str) -> str:
    """The address; of an IPv6 address the /64, all of which one customer holds."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
