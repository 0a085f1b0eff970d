"""Environment of a start: the file with the keys, and where DEBUG and DEMO may be asked for.

Both show everybody what only one person at one machine may see: a mailbox with reset links, pages
with settings, cookies over plain http. So whoever starts the process asks for them, never a file
that an earlier start left behind, and never beside a service's database or name (ADR 0031).
"""

import io
import ipaddress
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from core.faults import fault_words

NEVER_FROM_A_FILE: Final = ("DEBUG", "DEMO")
FOR_ONE_MACHINE: Final = "DEBUG 和 DEMO 只用于在一台电脑上试用，"
SQLITE: Final = "django.db.backends.sqlite3"


def read_env_file(
    file: Path, called: str = "PORTAL_DATA 里的 env 文件", *, is_needed: bool = False
) -> None:
    """Take the file's lines into the environment; what it says already wins.

    Raises ImproperlyConfigured where the file cannot be read, or is needed and not there.
    """
    absent = [name for name in NEVER_FROM_A_FILE if name not in os.environ]
    try:
        environ.Env.read_env(io.StringIO(file.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError) as error:
        if is_needed:
            raise ImproperlyConfigured(f"{called}不能用：{fault_words(error)}。") from error
        return
    except (OSError, ValueError) as error:
        words = fault_words(error) or "不是UTF-8的文本文件"
        raise ImproperlyConfigured(f"{called}不能用：{words}。") from error
    for name in absent:
        os.environ.pop(name, None)


def keep_trial_local(*, engine: str, hosts: Iterable[str], site_url: str) -> None:
    """Stop a trial that others could reach. Raises ImproperlyConfigured with what to change."""
    if engine != SQLITE:
        raise ImproperlyConfigured(
            f"{FOR_ONE_MACHINE}这里的 DATABASE_URL 却是正式系统的数据库。"
            "正式运行请去掉 DEBUG 和 DEMO，试用请去掉 DATABASE_URL。"
        )
    for name, host in [
        ("SITE_URL", urlsplit(site_url).hostname or ""),
        *(("ALLOWED_HOSTS", host) for host in hosts),
    ]:
        if not is_loopback(host):
            raise ImproperlyConfigured(
                f"{FOR_ONE_MACHINE}这里的 {name} 却是别人也能访问的“{host}”。"
                f"正式运行请去掉 DEBUG 和 DEMO，试用请去掉 {name}。"
            )


def keep_trial_on_loopback(addresses: Iterable[object]) -> None:
    """Stop a trial that listens beyond the loopback; `addresses` as gunicorn holds them."""
    for address in addresses:
        # Anything else than host and port is a socket of this machine.
        if isinstance(address, tuple) and not is_loopback(address[0]):
            raise ImproperlyConfigured(
                f"{FOR_ONE_MACHINE}这里的 --bind 却让别人也能访问（{address[0]}）。"
                "正式运行请去掉 DEBUG 和 DEMO，试用请用 --bind 127.0.0.1。"
            )


def is_loopback(host: str) -> bool:
    """`localhost`, 127.0.0.0/8 or ::1, the latter with brackets or without."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
