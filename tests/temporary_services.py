"""A PostgreSQL and a Redis of the run's own: free ports, a temporary folder, gone at the end.

Neither touches a server that already runs on the machine, nor listens beyond the loopback.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg2
import redis

START_SECONDS = 60
STOP_SECONDS = 20
# Nothing in these databases must survive a crash of the machine, so nothing waits for the disk.
CARELESS: Final = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "dynamic_shared_memory_type": "mmap",
}
# A run of the tests is over before a plan or a vacuum would pay.
QUICK: Final = {**CARELESS, "autovacuum": "off", "jit": "off"}


class ServiceMissingError(Exception):
    """A program that the run needs is not installed, or did not start; says which and why."""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def postgresql(*, kept: Path | None = None, options: Mapping[str, str] = QUICK) -> Iterator[str]:
    """Run PostgreSQL; yield the address of its server, without a database's name.

    `kept` is a folder for its data that stays; what an earlier run left there is served again.
    """
    programs = _postgresql_programs()
    folder = kept or Path(tempfile.mkdtemp(prefix="portal-postgresql-"))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        prefix = _other_user_prefix(folder)
        password = _initialised(programs, prefix, folder)
        port = free_port()
        log = (folder / "log").open("wb")
        settings = {
            "port": port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": folder,
            **options,
        }
        # If this process is killed outright, the server shuts down with it.
        command = [*prefix, "setpriv", "--pdeathsig", "INT", str(programs / "postgres")]
        command += ["-D", str(folder / "data")]
        server = subprocess.Popen(
            command + [f"--{name}={value}" for name, value in settings.items()],
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=folder,
        )
        try:
            address = f"postgres://portal:{password}@127.0.0.1:{port}"
            _wait_for(lambda: psycopg2.connect(f"{address}/postgres").close(), server, folder)
            yield address
        finally:
            stop(server, signal.SIGINT)
            log.close()
    finally:
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def redis_server() -> Iterator[str]:
    """Run Redis without persistence; yield its address, without a database's number."""
    program = shutil.which("redis-server")
    if program is None:
        raise ServiceMissingError("没有找到 redis-server。请运行 script/setup test。")
    folder = Path(tempfile.mkdtemp(prefix="portal-redis-"))
    port = free_port()
    options = {
        "port": port,
        "bind": "127.0.0.1",
        "save": "",
        "appendonly": "no",
        "dir": folder,
        "logfile": folder / "log",
    }
    command = ["setpriv", "--pdeathsig", "KILL", program]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    server = subprocess.Popen(command, start_new_session=True)
    try:
        address = f"redis://127.0.0.1:{port}"
        _wait_for(lambda: redis.Redis.from_url(address).ping(), server, folder)
        yield address
    finally:
        stop(server, signal.SIGTERM)
        shutil.rmtree(folder, ignore_errors=True)


def stop(process: subprocess.Popen[bytes], polite: signal.Signals) -> None:
    """Ask a process to end; after some seconds end it and all that it started."""
    if process.poll() is None:
        process.send_signal(polite)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def database_program(name: str) -> str:
    """One of the programs that come with the server."""
    return str(_postgresql_programs() / name)


def _postgresql_programs() -> Path:
    """Debian keeps the server's programs outside PATH, one folder a version."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise ServiceMissingError("没有找到 PostgreSQL。请运行 script/setup test。")
    return (found[-1] if found else Path(str(on_path))).parent


def _other_user_prefix(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: then it runs as `postgres`, who owns the folder."""
    if os.geteuid() != 0:
        return []
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        user = pwd.getpwnam("nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--"]


def _initialised(programs: Path, prefix: list[str], folder: Path) -> str:
    """The password of the cluster in this folder, made where there is none."""
    password_file = folder / "password"
    if (folder / "data" / "PG_VERSION").exists():
        return password_file.read_text(encoding="ascii")
    password = secrets.token_urlsafe(16)
    password_file.write_text(password, encoding="ascii")
    password_file.chmod(0o600)
    if prefix:
        owner = folder.stat()
        os.chown(password_file, owner.st_uid, owner.st_gid)
    command = [*prefix, str(programs / "initdb"), "-D", str(folder / "data"), "-U", "portal"]
    command += ["--auth=scram-sha-256", f"--pwfile={password_file}"]
    command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    made = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )
    if made.returncode != 0:
        raise ServiceMissingError(f"PostgreSQL 的临时数据库未能建立：\n{made.stdout}{made.stderr}")
    return password


def _wait_for(answers: Callable[[], object], server: subprocess.Popen[bytes], folder: Path) -> None:
    """Return when the server answers; raise with its log when it ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            answers()
        except (psycopg2.OperationalError, redis.RedisError):
            if server.poll() is not None or time.monotonic() > deadline:
                log = folder / "log"
                text = log.read_text(errors="replace") if log.exists() else ""
                raise ServiceMissingError(f"临时服务未能启动：\n{text}") from None
            time.sleep(0.05)
        else:
            return
