"""Tickets, as most local platforms give them: he comes back with one, and we ask whose it is.

CAS protocol 3.0, sections 2.1 and 2.8; a platform with another form of answer gets a class beside.
"""

import secrets
from collections.abc import Mapping, MutableMapping
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from lxml import etree

from accounts.sign_on.adapters import SignOnRefused, Voucher, remember, take
from accounts.sign_on.fetching import DOWN, fetch

CAS: Final = "{http://www.yale.edu/tp/cas}"
REFUSED = "统一身份认证不认这次登录：凭据已经用过、过期，或者不是给本站的。请重新从登录页开始。"


class TicketSignOn:
    """A platform that gives tickets, by the settings SIGN_ON_LOGIN_URL and SIGN_ON_VALIDATE_URL."""

    def begin(self, session: MutableMapping[str, Any], back: str) -> str:
        state = secrets.token_urlsafe(32)
        remember(session, {"state": state})
        return f"{settings.SIGN_ON_LOGIN_URL}?{urlencode({'service': _service(back, state)})}"

    def complete(
        self, session: MutableMapping[str, Any], query: Mapping[str, str], back: str
    ) -> Voucher:
        state = query.get("state", "")
        take(session, state)
        if not query.get("ticket"):
            raise SignOnRefused(REFUSED)
        asked = {"service": _service(back, state), "ticket": query["ticket"]}
        raw = fetch(f"{settings.SIGN_ON_VALIDATE_URL}?{urlencode(asked)}", headers={})
        return Voucher(settings.SIGN_ON_VALIDATE_URL, _subject(raw))


def _service(back: str, state: str) -> str:
    """Where the ticket serves: at this very coming back."""
    return f"{back}?{urlencode({'state': state})}"


def _subject(raw: bytes) -> str:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        answer = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise SignOnRefused(DOWN) from error
    subject = answer.findtext(f"{CAS}authenticationSuccess/{CAS}user") or ""
    if not subject.strip():
        raise SignOnRefused(REFUSED)
    return str(subject.strip())
