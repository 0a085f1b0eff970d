"""Adapters of sign-on: how a platform is asked who somebody is, and what it answered.

`SIGN_ON` names the class; one for a kind of platform. It keeps what it must remember between going
and coming back in the session, so that another host of ours may take the answer.
"""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.dateparse import parse_datetime
from django.utils.module_loading import import_string

# Of a session: what was asked of the platform.
ASKED: Final = "sign_on_asked"
ANSWER_WITHIN: Final = timedelta(minutes=10)
GONE = "这次登录已经用过、超过了10分钟，或者不是从本站开始的。请重新从登录页开始。"


class SignOnRefused(Exception):
    """The platform does not vouch for anybody, or not to us; the text says what to do."""


@dataclass(frozen=True)
class Voucher:
    """Whom the platform vouches for: its own name, and the person's number there."""

    issuer: str
    subject: str


class SignOn(Protocol):
    """One kind of platform."""

    def begin(self, session: MutableMapping[str, Any], back: str) -> str:
        """The address to which the person is sent; he comes back to `back`. SignOnRefused."""

    def complete(
        self, session: MutableMapping[str, Any], query: Mapping[str, str], back: str
    ) -> Voucher:
        """Whom it vouches for, from what came back. Raises SignOnRefused."""


def sign_on() -> SignOn | None:
    """The station's platform; None where it has none."""
    if not settings.SIGN_ON:
        return None
    made: SignOn = import_string(settings.SIGN_ON)()
    return made


def remember(session: MutableMapping[str, Any], asked: dict[str, str]) -> None:
    session[ASKED] = asked | {"at": timezone.now().isoformat()}


def take(session: MutableMapping[str, Any], state: str) -> dict[str, str]:
    """What was asked, once: an answer that comes again finds nothing. Raises SignOnRefused."""
    asked: dict[str, str] = session.pop(ASKED, {})
    at = _moment(asked.get("at", ""))
    is_late = at is None or timezone.now() - at > ANSWER_WITHIN
    if is_late or not constant_time_compare(asked.get("state", ""), state):
        raise SignOnRefused(GONE)
    return asked


def _moment(text: str) -> datetime | None:
    return parse_datetime(text) if text else None
