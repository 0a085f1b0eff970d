"""Papers of a case for its archive package: everything in order, and read from storage.

What is in storage is compared with what was registered on arrival; a file that is not there or was
altered stops the package, since nothing that lacks it may be called an archive.
"""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils import timezone

from applications.models import Application
from reports.archive_stream import ArchivedFile, Kept

logger = logging.getLogger(__name__)


class ArchiveRefused(Exception):
    """No package can be made of it; the words say why and what to do."""


def closed_at(application: Application) -> datetime:
    """When it was over, by the station's clock: the time of everything in the package."""
    return timezone.localtime(application.status_since)


def bytes_of(entry: ArchivedFile) -> bytes:
    """What is to be written. Raises ArchiveRefused unless it is the very file that arrived."""
    if entry.stored is None:
        return entry.data
    return stored_bytes(entry.stored, entry.what)


def stored_bytes(stored: Kept, what: str) -> bytes:
    """As it was stored, compared with its registered SHA-256. Raises ArchiveRefused."""
    try:
        with stored.content.open("rb") as file:
            data = bytes(file.read())
    # Whatever the storage says of a file that it cannot give: it is not there.
    except Exception as error:
        logger.warning("第%s号文件打不开：%s。", stored.pk, type(error).__name__)
        raise ArchiveRefused(f"{what}的文件在存储中打不开") from error
    if len(data) != stored.size or hashlib.sha256(data).hexdigest() != stored.sha256:
        raise ArchiveRefused(f"{what}的文件与入库时登记的不一致")
    return data


def read_all(entries: Sequence[ArchivedFile]) -> Iterator[tuple[ArchivedFile, bytes]]:
    """Each with its bytes. Raises ArchiveRefused at the end, with all that is wrong."""
    wrong = []
    for entry in entries:
        try:
            yield entry, bytes_of(entry)
        except ArchiveRefused as refused:
            wrong.append(str(refused))
    if wrong:
        more = f"等{len(wrong)}个文件" if len(wrong) > MOST_TOLD else ""
        raise ArchiveRefused(
            f"{'；'.join(wrong[:MOST_TOLD])}{more}。缺文件的不能归档，请系统管理员先从备份恢复。"
        )


MOST_TOLD = 5
