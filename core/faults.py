"""Faults of what surrounds the portal, in words: a full disk, an unreadable file, no database.

A person reads what it means, never a path, an error number or a server's English.
"""

import errno
from typing import Final

from django.db import InterfaceError, OperationalError
from django.http import UnreadablePostError

NO_SPACE: Final = "系统的磁盘空间已用完"
NO_ACCESS: Final = "系统没有权限读写需要的文件"
NOT_THERE: Final = "系统需要的文件不在原处"
NO_FILE: Final = "系统暂时读写不了需要的文件"
NO_DATABASE: Final = "系统的数据库暂时不能用"
BUSY: Final = "系统正忙"

BY_NUMBER: Final = {
    errno.ENOSPC: NO_SPACE,
    errno.EDQUOT: NO_SPACE,
    errno.EACCES: NO_ACCESS,
    errno.EPERM: NO_ACCESS,
    errno.EROFS: NO_ACCESS,
    errno.ENOENT: NOT_THERE,
    errno.ENOTDIR: NOT_THERE,
    errno.EISDIR: NOT_THERE,
    errno.EMFILE: BUSY,
    errno.ENFILE: BUSY,
    errno.EAGAIN: BUSY,
    errno.ENOMEM: BUSY,
}
# How PostgreSQL (53100, disk_full) and SQLite say it.
DISK_FULL_STATE: Final = "53100"
DISK_FULL_WORDS: Final = "database or disk is full"
LOCKED_WORDS: Final = "database is locked"


def fault_words(error: BaseException | None) -> str:
    """What is wrong around the portal, without a full stop; "" for an error of the portal's own."""
    if isinstance(error, MemoryError):
        return BUSY
    # Whoever hung up in the midst of sending is no fault of ours, and reads nothing any more.
    if isinstance(error, OSError) and not isinstance(error, UnreadablePostError):
        return BY_NUMBER.get(error.errno or 0, NO_FILE)
    if isinstance(error, InterfaceError | OperationalError):
        return _database_words(error)
    return ""


def _database_words(error: Exception) -> str:
    if getattr(error.__cause__, "pgcode", None) == DISK_FULL_STATE or DISK_FULL_WORDS in str(error):
        return NO_SPACE
    return BUSY if LOCKED_WORDS in str(error) else NO_DATABASE
