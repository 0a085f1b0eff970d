"""Nothing in a test run talks beyond the loopback: not to look a name up, not to connect."""

import ipaddress
import sys
from typing import Any


class BeyondLoopbackError(Exception):
    """A test tried to reach another machine."""


def is_loopback(host: object) -> bool:
    """Is this host name or address the machine itself? An empty one means "any of mine"."""
    if host in {None, "", b"", "localhost", b"localhost"}:
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook of the interpreter: sees every connection, whichever library makes it."""
    if event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        # A text or bytes address is a Unix socket, which never leaves the machine.
        host = address[0] if isinstance(address, tuple) else None
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not is_loopback(host):
        raise BeyondLoopbackError(f"a test reached for {host!r} ({event})")


def close_sockets() -> None:
    """Close the way out for the rest of this process's life; an audit hook cannot be removed."""
    sys.addaudithook(watch)
