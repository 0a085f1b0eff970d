"""Notices to send, and servers that take them."""

from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models import User
from notices.models import Notice
from notices.services import notify
from tests.notices.http_server import Gateway, gateway


@pytest.fixture
def http_gateway() -> Iterator[Gateway]:
    with gateway() as state:
        yield state


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What would be told to Celery after commit."""
    told: list[int] = []
    monkeypatch.setattr("notices.outbox.hand_over", told.append)
    monkeypatch.setattr("notices.services.hand_over", told.append)
    return told


def tell(*people: User, number: int = 1, **more: Any) -> Notice:
    """A notice to these people; returns the first."""
    template = "notices/email/confirm_mailbox.txt"
    return notify(people, cause=f"test:{number}", template=template, context={"days": 3}, **more)[0]
