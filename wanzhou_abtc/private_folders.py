"""Folders of the portal's data: for the account that runs the portal alone (0700, files 0600)."""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from django.core.exceptions import ImproperlyConfigured

from core.faults import fault_words

# Whatever the portal writes, its database and mails included, is not for the machine's others.
OWNER_ALONE: Final = 0o077


def make_private(root: Path, folders: Iterable[Path]) -> None:
    """Make the folders, and shut the root of them, which shuts all below it.

    Raises ImproperlyConfigured where that cannot be.
    """
    os.umask(OWNER_ALONE)
    try:
        for folder in (root, *folders):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not _is_shared(root):
            _shut(root)
    except OSError as error:
        raise ImproperlyConfigured(f"PORTAL_DATA 文件夹不能用：{fault_words(error)}。") from error


def tighten(root: Path) -> None:
    """Take from everybody else what an earlier version left open to them, all the way down.

    A root that many share, as /tmp, stays as it is; links are not followed.
    """
    if _is_shared(root):
        return
    for folder, folders, files in os.walk(root):
        for path in (Path(folder), *(Path(folder) / name for name in (*folders, *files))):
            _shut(path)


def is_shut(path: Path) -> bool:
    return not path.stat().st_mode & OWNER_ALONE


def _is_shared(root: Path) -> bool:
    return bool(root.stat().st_mode & stat.S_ISVTX)


def _shut(path: Path) -> None:
    # Gone in the meantime, or another account's: `check --deploy` names the folder then.
    with suppress(FileNotFoundError, PermissionError):
        mode = path.lstat().st_mode
        if mode & OWNER_ALONE and not stat.S_ISLNK(mode):
            path.chmod(stat.S_IMODE(mode) & ~OWNER_ALONE)
