"""Why a server could not be reached, in words that a person can pass on to a technician."""

import socket
import ssl
from urllib.error import URLError

REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (TimeoutError, "超时没有应答"),
    (ConnectionRefusedError, "拒绝了连接"),
    (ConnectionError, "中断了连接"),
    (socket.gaierror, "地址找不到"),
    (ssl.SSLError, "加密连接没有建立，请检查证书和端口"),
)


def why(error: BaseException) -> str:
    """What became of the connection, to stand after the server's name."""
    if isinstance(error, URLError) and isinstance(error.reason, BaseException):
        return why(error.reason)
    found = (words for kind, words in REASONS if isinstance(error, kind))
    return next(found, "没有应答")
