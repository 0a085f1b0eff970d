"""Virus scan of an upload by ClamAV. Where it is configured, no answer means no."""

import socket
from contextlib import closing

from django.conf import settings

from files.refusals import ScanRefused

TIMEOUT_SECONDS = 10
CHUNK = 64 * 1024
LONGEST_REPLY = 4096


def scan(data: bytes, *, address: str | None = None) -> bool:
    """True when clamd found nothing, False when none is configured.

    `address` (default settings.CLAMD_SOCKET) is a socket's path or host:port. Raises ScanRefused
    when something was found and when clamd cannot be reached or answers anything but OK.
    """
    address = settings.CLAMD_SOCKET if address is None else address
    if not address:
        return False
    try:
        reply = _ask(data, address)
    except (OSError, ValueError) as error:
        raise ScanRefused(
            "scanner_unreachable",
            "病毒检查暂时无法进行，文件没有保存。",
            "请过几分钟再上传；若一直如此，请联系服务站。",
        ) from error
    if reply == "stream: OK":
        return True
    if reply.endswith(" FOUND"):
        name = reply.removeprefix("stream: ").removesuffix(" FOUND")
        raise ScanRefused(
            "infected",
            f"文件中发现病毒或恶意代码（{name}），没有保存。",
            "请用杀毒软件检查电脑，再重新扫描或拍照后上传。",
        )
    raise ScanRefused(
        "scanner_failed",
        "病毒检查没有得出结果，文件没有保存。",
        "请稍后再试；若一直如此，请把文件缩小后上传，或联系服务站。",
    )


def _ask(data: bytes, address: str) -> str:
    """clamd's INSTREAM: chunks, each behind its length, closed by a length of zero."""
    with closing(_connect(address)) as connection:
        try:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), CHUNK):
                chunk = data[start : start + CHUNK]
                connection.sendall(len(chunk).to_bytes(4) + chunk)
            connection.sendall((0).to_bytes(4))
        except (BrokenPipeError, ConnectionResetError):
            # clamd hangs up in the middle of a file that is too long for it, after saying so;
            # an empty reply is no OK, so nothing is let through here.
            return _reply(connection)
        return _reply(connection)


def _connect(address: str) -> socket.socket:
    address = address.removeprefix("unix:").removeprefix("tcp://")
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(TIMEOUT_SECONDS)
        try:
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=TIMEOUT_SECONDS)


def _reply(connection: socket.socket) -> str:
    received = b""
    while len(received) < LONGEST_REPLY and b"\0" not in received:
        part = connection.recv(LONGEST_REPLY)
        if not part:
            break
        received += part
    return received.split(b"\0", 1)[0].decode("utf-8", "replace").strip()
