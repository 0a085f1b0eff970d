"""Posts JSON to an HTTP server and reads its answer, within bounds of time and size."""

import json
from datetime import timedelta
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from core.reading import whole_number
from notices.channels.base import ChannelDown, MessageRefused, TryLater
from notices.channels.reasons import why

TIMEOUT_SECONDS = 10
MOST_BYTES = 64 * 1024
TOO_MANY_REQUESTS = 429
LONGEST_WAIT_SECONDS = 3600


class NoRedirect(HTTPRedirectHandler):
    """An address that somebody entered leads where it says, and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


def post_json(
    url: str, data: dict[str, Any], headers: dict[str, str] | None = None
) -> dict[str, Any]:
    """The answer's JSON object. Raises ChannelDown, MessageRefused (400, 422) or TryLater (429).

    No text of an error holds the address, which may itself be a key.
    """
    if not url.startswith(("https://", "http://")):
        raise ChannelDown("地址应以 https:// 开头，请检查设置。")
    request = Request(  # noqa: S310 - the scheme was checked
        url,
        json.dumps(data, ensure_ascii=False).encode(),
        {"Content-Type": "application/json; charset=utf-8", **(headers or {})},
    )
    try:
        with build_opener(NoRedirect).open(request, timeout=TIMEOUT_SECONDS) as response:
            raw = response.read(MOST_BYTES)
    except HTTPError as error:
        error.close()
        raise _refusal(error) from error
    except (OSError, HTTPException, ValueError) as error:
        raise ChannelDown(f"服务器{why(error)}。") from error
    try:
        answer = json.loads(raw)
    except ValueError as error:
        raise ChannelDown("服务器的应答不是 JSON，请检查地址。") from error
    if not isinstance(answer, dict):
        raise ChannelDown("服务器的应答不是 JSON 对象，请检查地址。")
    return answer


def _refusal(error: HTTPError) -> Exception:
    if error.code == TOO_MANY_REQUESTS:
        seconds = min(
            whole_number(error.headers.get("Retry-After"), default=60), LONGEST_WAIT_SECONDS
        )
        return TryLater("服务器限制了发送频率（429）。", timedelta(seconds=seconds))
    if error.code in (400, 422):
        return MessageRefused(f"服务器不接受这条消息（{error.code}）。")
    return ChannelDown(f"服务器应答 {error.code}。")
