import socket
import threading
from contextlib import contextmanager

import pytest

from files.refusals import ScanRefused
from files.scanning import scan

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd:
    """Speaks clamd's INSTREAM: collects the chunks and gives one reply."""

    def __init__(self, listener, reply, limit=None):
        self.listener, self.reply, self.limit = listener, reply, limit
        self.received = b""
        self.command = b""

    def serve_once(self):
        connection, _ = self.listener.accept()
        with connection, connection.makefile("rwb") as stream:
            self.command = stream.read(10)
            while length := int.from_bytes(stream.read(4)):
                self.received += stream.read(length)
                if self.limit is not None and len(self.received) > self.limit:
                    break
            if self.reply is not None:
                stream.write(self.reply)
                stream.flush()


@contextmanager
def clamd(reply, *, path=None, limit=None):
    listener = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
    listener.bind(str(path) if path else ("127.0.0.1", 0))
    listener.listen()
    server = Clamd(listener, reply, limit)
    thread = threading.Thread(target=server.serve_once)
    thread.start()
    address = str(path) if path else f"127.0.0.1:{listener.getsockname()[1]}"
    try:
        yield server, address
    finally:
        thread.join(10)
        listener.close()


def test_without_a_scanner_a_file_is_said_not_to_be_scanned(settings):
    settings.CLAMD_SOCKET = ""
    assert scan(b"anything") is False


def test_a_clean_file_is_sent_whole_and_passes():
    data = bytes(range(256)) * 1000
    with clamd(b"stream: OK\0") as (server, address):
        assert scan(data, address=address) is True
    assert server.command == b"zINSTREAM\0"
    assert server.received == data


def test_a_path_is_a_local_socket(tmp_path):
    with clamd(b"stream: OK\0", path=tmp_path / "clamd") as (_, address):
        assert scan(b"data", address=f"unix:{address}") is True


def test_what_was_found_is_refused_by_name():
    with (
        clamd(b"stream: Win.Test.EICAR_HDB-1 FOUND\0") as (server, address),
        pytest.raises(ScanRefused, match=r"Win\.Test\.EICAR_HDB-1") as caught,
    ):
        scan(EICAR, address=address)
    assert caught.value.code == "infected"
    assert server.received == EICAR


@pytest.mark.parametrize(
    "reply", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"OK\0", b"x" * 5000, b"\xff\xfe\0"]
)
def test_any_answer_but_a_plain_ok_refuses(reply):
    with clamd(reply) as (_, address), pytest.raises(ScanRefused) as caught:
        scan(b"data", address=address)
    assert caught.value.code == "scanner_failed"


def test_a_scanner_that_hangs_up_half_way_refuses():
    with (
        clamd(b"INSTREAM size limit exceeded. ERROR\0", limit=1000) as (_, address),
        pytest.raises(ScanRefused) as caught,
    ):
        scan(bytes(8_000_000), address=address)
    assert caught.value.code in {"scanner_failed", "scanner_unreachable"}


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nonexistent/clamd.sock", "nonsense", ":x"])
def test_a_scanner_out_of_reach_refuses(address):
    with pytest.raises(ScanRefused, match="文件没有保存") as caught:
        scan(b"data", address=address)
    assert caught.value.code == "scanner_unreachable"
