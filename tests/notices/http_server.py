"""A small HTTP server on the loopback that answers as a WeCom robot or a text message gateway."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class Gateway:
    """Answers with `status` and `answer`; keeps what came."""

    url: str = ""
    status: int = 200
    answer: Any = field(default_factory=lambda: {"errcode": 0, "errmsg": "ok"})
    retry_after: str = ""
    received: list[Received] = field(default_factory=list)


@contextmanager
def gateway() -> Iterator[Gateway]:
    state = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.received.append(Received(self.path, dict(self.headers), body))
            raw = (
                state.answer
                if isinstance(state.answer, bytes)
                else json.dumps(state.answer).encode()
            )
            self.send_response(state.status)
            if state.retry_after:
                self.send_header("Retry-After", state.retry_after)
            if 300 <= state.status < 400:
                self.send_header("Location", state.url + "elsewhere")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: Any) -> None:
            """Tests read `received`."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()
