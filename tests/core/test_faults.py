"""Faults around the portal in words: without a path, a number, or a server's English."""

import errno
import re

import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.http import UnreadablePostError

from core.faults import fault_words


class ServerError(Exception):
    """What psycopg2 raises, with PostgreSQL's code of the error."""

    def __init__(self, pgcode: str | None) -> None:
        super().__init__("could not extend file base/16384/2608")
        self.pgcode = pgcode


def of_postgresql(pgcode: str | None) -> OperationalError:
    error = OperationalError("could not extend file base/16384/2608: No space left on device")
    error.__cause__ = ServerError(pgcode)
    return error


FULL, LOST = "系统的磁盘空间已用完", "系统的数据库暂时不能用"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/srv/files/a.jpg"), FULL),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), FULL),
        (PermissionError(errno.EACCES, "Permission denied", "/srv/keys/7.p12"),
         "系统没有权限读写需要的文件"),
        (OSError(errno.EROFS, "Read-only file system"), "系统没有权限读写需要的文件"),
        (FileNotFoundError(errno.ENOENT, "No such file", "/srv/x"), "系统需要的文件不在原处"),
        (OSError(errno.EIO, "Input/output error"), "系统暂时读写不了需要的文件"),
        (OSError("whatever"), "系统暂时读写不了需要的文件"),
        (BlockingIOError(errno.EAGAIN, "fork"), "系统正忙"),
        (MemoryError(), "系统正忙"),
        (of_postgresql("53100"), FULL),
        (of_postgresql("57P01"), LOST),
        (OperationalError("database or disk is full"), FULL),
        (OperationalError("database is locked"), "系统正忙"),
        (OperationalError("connection refused"), LOST),
        (InterfaceError("connection already closed"), LOST),
        (ProgrammingError("relation does not exist"), ""),
        (ValueError("a fault of ours"), ""),
        (UnreadablePostError("the browser hung up"), ""),
        (None, ""),
    ],
)  # fmt: skip
def test_a_fault_is_told_by_what_it_means(error: BaseException | None, words: str) -> None:
    assert fault_words(error) == words
    assert not re.search(r"[/0-9A-Za-z]", words)
