"""Keeps Playwright's event loop out of sight between its calls.

Playwright's synchronous interface leaves its loop marked as running in the test's thread. Django
then takes the test for asynchronous code and opens it another database connection, without the
rows that this test's connection was given; and pyHanko, which starts a loop for each signature,
is refused one. So the mark is set while a call of Playwright waits, and taken away after it.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from inspect import isfunction
from typing import Any
from unittest import mock

import greenlet
from playwright import sync_api
from playwright._impl import _greenlets, _sync_base
from playwright.sync_api import _generated

_wait = _greenlets.wait_for_future

Method = Callable[..., Any]


def _is_test() -> bool:
    """Playwright's own work runs in greenlets that have a parent."""
    return greenlet.getcurrent().parent is None


def _wait_quietly(
    loop: asyncio.AbstractEventLoop, fiber: greenlet.greenlet, future: "asyncio.Future[object]"
) -> None:
    asyncio._set_running_loop(loop)
    try:
        _wait(loop, fiber, future)
    finally:
        if _is_test():
            asyncio._set_running_loop(None)


def _marked(method: Method) -> Method:
    """This method of Playwright, which may ask for the running loop before it waits."""

    @wraps(method)
    def call(self: Any, *given: Any, **named: Any) -> Any:
        base = getattr(self, "_event", self)
        asyncio._set_running_loop(getattr(base, "_sync_base", base)._loop)
        try:
            return method(self, *given, **named)
        finally:
            if _is_test():
                asyncio._set_running_loop(None)

    return call


def _methods() -> Iterator[tuple[type, str]]:
    yield _sync_base.EventContextManager, "__enter__"
    for name in ("on", "once", "remove_listener"):
        yield _sync_base.SyncBase, name
    for made in vars(_generated).values():
        if isinstance(made, type) and issubclass(made, _sync_base.SyncBase):
            public = (name for name in vars(made) if not name.startswith("_"))
            yield from ((made, name) for name in public if isfunction(vars(made)[name]))


@contextmanager
def quiet_playwright() -> Iterator[sync_api.Playwright]:
    """Playwright, as `sync_playwright` gives it, whose loop nobody else sees."""
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(_sync_base, "wait_for_future", _wait_quietly))
        for made, name in list(_methods()):
            stack.enter_context(mock.patch.object(made, name, _marked(vars(made)[name])))
        playwright = stack.enter_context(sync_api.sync_playwright())
        loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)
        try:
            yield playwright
        finally:
            asyncio._set_running_loop(loop)
