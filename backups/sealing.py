"""Encryption of a backup's pieces to public keys (age), as streams.

The server holds the public keys alone, so it cannot read its own backups. To read back what it has
just written it adds a key of its own that lives in its memory for the length of the run.
"""

import hashlib
import io
import threading
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Full, Queue
from typing import IO, Any, Final, Protocol

import pyrage
from django.conf import settings
from pyrage.x25519 import Identity, Recipient

from backups.refusals import BackupRefused
from core.faults import fault_words

CHUNK: Final = 64 * 1024
QUEUED: Final = 32

NO_RECIPIENT: Final = (
    "没有设置备份的公钥，不备份：没有公钥的备份谁都能读。请在另一台机器上用 age-keygen 生成密钥，"
    "把公钥（age1…）写进 BACKUP_RECIPIENTS，私钥离线保存。"
)
NO_IDENTITY: Final = "没有私钥，打不开备份。请用 --identity 写明私钥文件（AGE-SECRET-KEY-…）。"
NOT_OURS: Final = "这个私钥打不开这份备份：备份不是为它加密的，或者内容被改动过。"


class Writes(Protocol):
    """What pieces are written to."""

    def write(self, piece: bytes, /) -> Any: ...


def recipients() -> list[Recipient]:
    """Those of the settings. Raises BackupRefused without any, or with one that is none."""
    names = [name.strip() for name in settings.BACKUP_RECIPIENTS if name.strip()]
    if not names:
        raise BackupRefused(NO_RECIPIENT)
    try:
        return [Recipient.from_str(name) for name in names]
    except (pyrage.RecipientError, ValueError) as error:
        raise BackupRefused(
            "BACKUP_RECIPIENTS 里有一项不是 age 的公钥，应像 age1… 这样，多个用逗号隔开。"
        ) from error


def read_identities(text: str) -> list[Identity]:
    """From the text of an age key file, in which lines that begin with # say nothing."""
    lines = [line.strip() for line in text.splitlines()]
    try:
        found = [Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (pyrage.IdentityError, ValueError) as error:
        raise BackupRefused("私钥文件里有一行不是 age 的私钥（AGE-SECRET-KEY-…）。") from error
    if not found:
        raise BackupRefused(NO_IDENTITY)
    return found


def identities_in(path: Path) -> list[Identity]:
    try:
        return read_identities(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise BackupRefused("私钥文件不是文本文件。") from error
    except OSError as error:
        raise BackupRefused(f"私钥文件读不出来：{fault_words(error)}。") from error


@dataclass(frozen=True)
class SealedPiece:
    """A piece as it was written: the SHA-256 of its ciphertext, and its size."""

    sha256: str
    size: int


def seal(pieces: Iterable[bytes], target: IO[bytes], keys: Sequence[Recipient]) -> SealedPiece:
    """Write the pieces into `target`, encrypted to all these keys."""
    source, sink = _Pulled(iter(pieces)), _Hashing(target)
    try:
        pyrage.encrypt_io(source, sink, keys)
    except Exception:
        # The library tells its own words; what went wrong on either side says more.
        if source.fault or sink.fault:
            raise (source.fault or sink.fault) from None  # type: ignore[misc] # one of them is there
        raise
    # What it writes at the very end, it writes without looking whether that went well.
    if sink.fault:
        raise sink.fault
    return SealedPiece(sink.digest.hexdigest(), sink.size)


def unseal(source: IO[bytes], identities: Sequence[Identity]) -> Generator[bytes]:
    """The pieces again, while they are read. Raises BackupRefused where none of the keys fits."""
    pushed = _Pushed()
    thread = threading.Thread(target=_decrypt, args=(source, pushed, identities), daemon=True)
    thread.start()
    try:
        while (piece := pushed.queue.get()) is not None:
            if isinstance(piece, BaseException):
                raise piece
            yield piece
    finally:
        pushed.is_closed.set()
        thread.join()


def unseal_small(source: IO[bytes], identities: Sequence[Identity], into: "Writes") -> None:
    """The same of a piece that is written whole somewhere else."""
    sink = _Hashing(into)
    try:
        pyrage.decrypt_io(source, sink, identities)
    except (pyrage.DecryptError, OSError, ValueError) as error:
        raise (sink.fault or BackupRefused(NOT_OURS)) from error
    if sink.fault:
        raise sink.fault


def _decrypt(source: IO[bytes], pushed: "_Pushed", identities: Sequence[Identity]) -> None:
    end: BaseException | None = None
    try:
        pyrage.decrypt_io(source, pushed, identities)
    except (pyrage.DecryptError, OSError, ValueError) as error:
        end = BackupRefused(NOT_OURS)
        end.__cause__ = error
    except Exception as error:  # raised again where it is read
        end = error
    pushed.put(end)


class _Pulled(io.RawIOBase):
    """A file that reads what is made piece by piece."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces, self.rest = pieces, memoryview(b"")
        self.fault: BaseException | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        try:
            while not self.rest:
                self.rest = memoryview(next(self.pieces))
        except StopIteration:
            return b""
        except BaseException as error:
            self.fault = error
            raise
        wanted = len(self.rest) if size < 0 else size
        given, self.rest = self.rest[:wanted], self.rest[wanted:]
        return bytes(given)


class _Hashing(io.RawIOBase):
    """A file that counts and hashes what goes through it, and remembers what went wrong."""

    def __init__(self, target: "Writes") -> None:
        self.target, self.digest, self.size = target, hashlib.sha256(), 0
        self.fault: BaseException | None = None

    def writable(self) -> bool:
        return True

    def write(self, piece: bytes) -> int:  # type: ignore[override] # bytes alone come here
        try:
            self.target.write(piece)
        except BaseException as error:
            self.fault = error
            raise
        self.digest.update(piece)
        self.size += len(piece)
        return len(piece)

    def flush(self) -> None:
        """What lies below is flushed by its owner."""


class _Pushed(io.RawIOBase):
    """A file whose content somebody else reads meanwhile, a bounded way behind."""

    def __init__(self) -> None:
        self.queue: Queue[bytes | BaseException | None] = Queue(QUEUED)
        self.is_closed = threading.Event()

    def writable(self) -> bool:
        return True

    def write(self, piece: bytes) -> int:  # type: ignore[override] # bytes alone come here
        self.put(bytes(piece))
        if self.is_closed.is_set():
            raise BrokenPipeError
        return len(piece)

    def flush(self) -> None:
        """Nothing waits here."""

    def put(self, piece: bytes | BaseException | None) -> None:
        while not self.is_closed.is_set():
            try:
                self.queue.put(piece, timeout=0.2)
            except Full:
                continue
            return
