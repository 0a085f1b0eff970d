"""Requests to the platform: within bounds of time and size, to the address in the settings."""

import json
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from accounts.sign_on.adapters import SignOnRefused

TIMEOUT_SECONDS: Final = 10
MOST_BYTES: Final = 256 * 1024
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
DOWN = "统一身份认证现在连不上，请稍后再试，或者用本站的登录名和密码登录。"


class StayThere(HTTPRedirectHandler):
    """The platform answers itself, or not at all."""

    def redirect_request(self, *_: Any) -> None:
        return None


def fetch(url: str, *, form: dict[str, str] | None = None, headers: dict[str, str]) -> bytes:
    """What the address answers, a POST with `form`. Raises SignOnRefused."""
    parts = urlsplit(url)
    # A code or a token on an open line is everybody's.
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise SignOnRefused("统一身份认证的地址要用 https，请联系系统管理员检查设置。")
    sent = urlencode(form).encode() if form is not None else None
    request = Request(url, sent, headers)  # noqa: S310 - the scheme was checked
    try:
        with build_opener(StayThere).open(request, timeout=TIMEOUT_SECONDS) as response:
            answer: bytes = response.read(MOST_BYTES)
    except HTTPError as error:
        error.close()
        raise SignOnRefused(
            "统一身份认证没有接受这次登录，请重新从登录页开始；仍不行的，用本站的登录名和密码登录。"
        ) from error
    except (OSError, HTTPException, ValueError) as error:
        raise SignOnRefused(DOWN) from error
    return answer


def fetch_json(
    url: str, *, form: dict[str, str] | None = None, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    """The JSON object that the address answers. Raises SignOnRefused."""
    raw = fetch(url, form=form, headers={"Accept": "application/json"} | (headers or {}))
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise SignOnRefused(DOWN) from error
    if not isinstance(answer, dict):
        raise SignOnRefused(DOWN)
    return answer
