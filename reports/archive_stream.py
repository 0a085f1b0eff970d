"""Stream of an archive: a ZIP that is never whole in memory nor on disk."""

import io
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Final, Protocol

from django.utils import timezone

from core.spreadsheets import csv_lines

CHUNK: Final = 256 * 1024
# As long as any heavy request (ADR 35); what a slow line takes beyond that is no work.
HELD_SECONDS: Final = 20.0
INDEX: Final = "00_目录.csv"


class Kept(Protocol):
    """A file in storage, with what was registered of it."""

    @property
    def pk(self) -> Any: ...
    @property
    def content(self) -> Any: ...
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...


@dataclass(frozen=True)
class ArchivedFile:
    """One file of the archive: bytes made here, or a stored file."""

    path: str
    what: str
    data: bytes = b""
    stored: Kept | None = None


class Outflow(io.RawIOBase):
    """Where the ZIP is written to: kept until it is taken. It cannot be wound back."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


class Archive:
    """The ZIP as a stream. `held` is the work place that goes with it, given back in time."""

    def __init__(self, entries: Sequence[ArchivedFile], held: ExitStack) -> None:
        self._entries, self._held = entries, held
        self._until = time.monotonic() + HELD_SECONDS

    def close(self) -> None:
        """Also when nobody read it to its end."""
        self._held.close()

    def __iter__(self) -> Iterator[bytes]:
        moment, index = timezone.localtime(), [("文件", "内容", "大小（字节）", "SHA-256")]
        flow = Outflow()
        with zipfile.ZipFile(flow, "w", zipfile.ZIP_STORED) as archive:
            for entry in self._entries:
                index.append(_line(entry))
                yield from self._written(archive, flow, entry, moment)
            table = "".join(csv_lines(index)).encode()
            yield from self._written(archive, flow, ArchivedFile(INDEX, "目录", table), moment)
        yield flow.take()
        self.close()

    def _written(
        self, archive: zipfile.ZipFile, flow: Outflow, entry: ArchivedFile, moment: datetime
    ) -> Iterator[bytes]:
        info = zipfile.ZipInfo(entry.path, date_time=moment.timetuple()[:6])
        try:
            source: BinaryIO = _source(entry)
        except OSError:
            info.filename += "（文件打不开，请联系服务站）.txt"
            source = io.BytesIO()
        with source, archive.open(info, "w") as target:
            while chunk := source.read(CHUNK):
                target.write(chunk)
                if time.monotonic() > self._until:
                    self._held.close()
                yield flow.take()


def _source(entry: ArchivedFile) -> BinaryIO:
    if entry.stored is None:
        return io.BytesIO(entry.data)
    opened: Any = entry.stored.content.storage.open(str(entry.stored.content.name), "rb")
    return opened  # type: ignore[no-any-return]


def _line(entry: ArchivedFile) -> tuple[str, str, str, str]:
    if entry.stored is None:
        return entry.path, entry.what, str(len(entry.data)), ""
    return entry.path, entry.what, str(entry.stored.size), entry.stored.sha256
