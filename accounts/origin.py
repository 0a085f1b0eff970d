"""The address from which the current request comes, so that services need no request."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest

_origin: ContextVar[str] = ContextVar("origin", default="")


def current_origin() -> str:
    """Address of the request being served, or an empty text outside requests."""
    return _origin.get()


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: through PROXIES proxies of ours, each of which adds a hop.

    What stands further left in X-Forwarded-For anybody could have written himself.
    """
    forwarded = request.headers.get("X-Forwarded-For", "")
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    if 0 < settings.PROXIES <= len(hops):
        hop: str = hops[-settings.PROXIES]
        return hop[:45]
    return str(request.META.get("REMOTE_ADDR", ""))


@contextmanager
def coming_from(address: str) -> Iterator[None]:
    token = _origin.set(address)
    try:
        yield
    finally:
        _origin.reset(token)
