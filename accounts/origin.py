"""The address from which the current request comes, so that services need no request."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_origin: ContextVar[str] = ContextVar("origin", default="")


def current_origin() -> str:
    """Address of the request being served, or an empty text outside requests."""
    return _origin.get()


@contextmanager
def coming_from(address: str) -> Iterator[None]:
    token = _origin.set(address)
    try:
        yield
    finally:
        _origin.reset(token)
