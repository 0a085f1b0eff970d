"""The file of keys in a data folder: never in a backup, and beside what was brought back."""

import os
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

from backups.refusals import BackupRefused
from core.faults import fault_words

NAME: Final = "env"
ADDRESS: Final = "DATABASE_URL"
OTHERS: Final = "文件夹里的 env 与现在用的密钥不同（{}）。请放入备份时的那一份，或者先把它移走。"


def lines_of(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        words = fault_words(error) or "不是文本文件"
        raise BackupRefused(f"env 文件读不出来：{words}。") from error


def name_of(line: str) -> str:
    """Which setting a line says; "" of one that says none."""
    return "" if line.lstrip().startswith("#") else line.partition("=")[0].strip()


def require_same(folder: Path) -> None:
    """Raise BackupRefused where the folder has a file of keys that are not those in use."""
    other = [
        name
        for line in lines_of(folder / NAME)
        if (name := name_of(line)).endswith(("KEY", "KEYS", "PASSPHRASE"))
        and os.environ.get(name, "") != line.partition("=")[2].strip().strip("'\"")
    ]
    if other:
        raise BackupRefused(OTHERS.format("、".join(other)))


def put_back(folder: Path, env_file: Path | None) -> None:
    """Beside what was brought back, where the keys in use come from a file and none is there.

    Without it the next start would make keys anew, and nothing encrypted could be read.
    """
    if env_file is None or (folder / NAME).exists():
        return
    lines = [line for line in lines_of(env_file) if name_of(line) != ADDRESS]
    if not lines:
        return
    if connection.vendor != "sqlite" and os.environ.get(ADDRESS):
        lines.append(f"{ADDRESS}={os.environ[ADDRESS]}")
    write(folder, lines)


def write(folder: Path, lines: list[str]) -> None:
    """Aside, then in its place in one step; for the portal's account alone."""
    aside = folder / f"{NAME}.new"
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    aside.replace(folder / NAME)


def address_in_use() -> str:
    return os.environ.get(ADDRESS, "")


def here() -> Path:
    return Path(settings.PORTAL_DATA) / NAME
