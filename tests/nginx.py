"""A real nginx with `deploy/nginx.conf`, on free ports of the loopback, gone at the end."""

import datetime
import ipaddress
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.harness import eventually
from tests.temporary_services import free_port, stop
from wanzhou_abtc.supervisor import answers

CONF = Path(__file__).resolve().parent.parent / "deploy" / "nginx.conf"
AROUND = """
daemon off;
{user}
worker_processes 1;
pid {folder}/pid;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  include {folder}/portal.conf;
}}
"""


@dataclass(frozen=True)
class Ports:
    """Where nginx listens, by https and by http."""

    https: int
    http: int


def program() -> str:
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if found is None:
        pytest.fail("没有找到 nginx。请运行 script/setup test，或者 apt-get install nginx-light。")
    return str(found)


@contextmanager
def nginx(folder: Path, ports: Ports, *portals: str) -> Iterator[None]:
    """Run it before the portal that listens at these addresses, one a host."""
    command = program()
    _write_certificate(folder)
    (folder / "portal.conf").write_text(_adapted(folder, ports, portals), encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user), encoding="utf-8")
    log = folder / "error.log"
    command_line = ["setpriv", "--pdeathsig", "KILL", command, "-p", str(folder)]
    command_line += ["-c", str(folder / "nginx.conf"), "-e", str(log)]
    server = subprocess.Popen(command_line, start_new_session=True)
    try:
        eventually(
            lambda: answers(ports.https), 20, "nginx", lambda: log.read_text(errors="replace")
        )
        yield
    finally:
        stop(server, signal.SIGTERM)


def _adapted(folder: Path, ports: Ports, portals: Sequence[str]) -> str:
    """The file as it is shipped, with the addresses and the certificate of this run."""
    text = CONF.read_text(encoding="utf-8")
    for place, instead in (
        ("listen 80;", f"listen 127.0.0.1:{ports.http};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{ports.https} ssl http2;"),
        ("server 127.0.0.1:8000;", " ".join(f"server {one};" for one in portals)),
        ("/etc/ssl/portal/", f"{folder}/"),
    ):
        assert place in text, place
        text = text.replace(place, instead)
    return re.sub(r"server_name \S+;", "server_name 127.0.0.1;", text)


def _write_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def free_ports() -> Ports:
    return Ports(free_port(), free_port())
