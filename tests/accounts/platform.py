"""A small platform to sign on by, on the loopback: OpenID Connect and tickets, honest or not."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

CLIENT, SECRET = "portal", "only for tests"


@dataclass
class Platform:
    """What it says of itself and of a person can be spoiled by `claims`, `key` and `known`."""

    address: str = ""
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "1"}))
    signs_with: ECKey | OctKey | None = None
    algorithm: str = "ES256"
    claims: dict[str, Any] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tickets: dict[str, tuple[str, str]] = field(default_factory=dict)

    def agree(self, asked: str, subject: str) -> dict[str, str]:
        """The person has signed in there: what he comes back with, by OpenID Connect."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(asked).query).items()}
        code = secrets.token_urlsafe(16)
        self.codes[code] = query | {"subject": subject}
        return {"code": code, "state": query["state"]}

    def give_ticket(self, asked: str, subject: str) -> dict[str, str]:
        """The same by a ticket, which serves once and at the one address."""
        service = parse_qs(urlsplit(asked).query)["service"][0]
        ticket = f"ST-{secrets.token_urlsafe(16)}"
        self.tickets[ticket] = (service, subject)
        return {"ticket": ticket, "state": parse_qs(urlsplit(service).query)["state"][0]}

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/jwks",
        } | self.known

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        asked = self.codes.pop(form["code"], None)
        challenge = hashlib.sha256(form["code_verifier"].encode()).digest()
        expected = base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        if asked is None or asked["code_challenge"] != expected:
            return None
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": asked["subject"],
            "nonce": asked["nonce"],
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
        } | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        head = {"alg": self.algorithm, "kid": "1"}
        signed = jwt.encode(head, claims, self.signs_with or self.key, algorithms=[self.algorithm])
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}

    def validated(self, query: dict[str, str]) -> str:
        service, subject = self.tickets.pop(query["ticket"], ("", ""))
        told = (
            f"<cas:authenticationSuccess><cas:user>{escape(subject)}</cas:user>"
            "</cas:authenticationSuccess>"
            if service == query["service"]
            else '<cas:authenticationFailure code="INVALID_TICKET"/>'
        )
        space = 'xmlns:cas="http://www.yale.edu/tp/cas"'
        return f"<cas:serviceResponse {space}>{told}</cas:serviceResponse>"


@contextmanager
def platform() -> Iterator[Platform]:
    made = Platform()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/.well-known/openid-configuration":
                self.answer(json.dumps(made.discovery()))
            elif parts.path == "/jwks":
                self.answer(json.dumps({"keys": [made.key.as_dict(private=False)]}))
            elif parts.path == "/validate":
                self.answer(made.validated(_one_each(parts.query)))
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            token = made.token(_one_each(form))
            if token is None:
                self.send_error(400)
            else:
                self.answer(json.dumps(token))

        def answer(self, text: str) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _one_each(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
