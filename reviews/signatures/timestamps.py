"""Client of a time-stamp authority (RFC 3161) over HTTP, where settings.TSA_URL names one."""

import asyncio
from functools import cache
from http.client import HTTPException
from typing import Final
from urllib.request import Request, urlopen

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from notices.channels.reasons import why

TIMEOUT_SECONDS: Final = 10
# A token with its certificates takes a few kilobytes.
MAX_ANSWER_BYTES: Final = 100_000


class HttpTimeStamper(TimeStamper):
    """A client of one authority. Raises TimestampRequestError when it gives no usable answer."""

    def __init__(self, url: str) -> None:
        super().__init__(include_nonce=True)  # type: ignore[no-untyped-call]
        if not url.startswith(("http://", "https://")):
            raise TimestampRequestError(f"TSA_URL 应以 http:// 或 https:// 开头，现为“{url}”。")
        self.url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return await asyncio.to_thread(self._ask, req.dump())

    def _ask(self, question: bytes) -> tsp.TimeStampResp:
        request = Request(  # noqa: S310 — the scheme was checked
            self.url, question, {"Content-Type": "application/timestamp-query"}
        )
        try:
            with urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310
                answer = response.read(MAX_ANSWER_BYTES)
                media_type = response.headers.get_content_type()
        except (OSError, HTTPException) as error:
            raise TimestampRequestError(f"时间戳服务{why(error)}。") from error
        if media_type != "application/timestamp-reply":
            raise TimestampRequestError(f"时间戳服务的应答不是时间戳，而是“{media_type}”。")
        return tsp.TimeStampResp.load(answer)


@cache
def time_stamper(url: str) -> HttpTimeStamper:
    """One client for the process: it asks once for a sample, by which it reckons sizes."""
    return HttpTimeStamper(url)
