"""Reading an encrypted file: from its beginning or any part of it, chunk by chunk."""

import io
from typing import Any

from files.at_rest.master_keys import MasterKeys
from files.at_rest.sealing import (
    CHUNK_BYTES,
    HEAD_BYTES,
    SEALED_CHUNK_BYTES,
    Head,
    SealBroken,
    chunk_count,
    opened,
    plain_size,
)


class SealedReader(io.RawIOBase):
    """The plain content of an encrypted file; only the chunks that are asked for are decrypted.

    Opening looks at the last chunk: a file that was cut off does not open at all. It has no
    `fileno`, so that no server sends the encrypted bytes in its place.
    """

    def __init__(self, file: Any, name: str, keys: MasterKeys) -> None:
        super().__init__()
        self.file = file
        file.seek(0, io.SEEK_END)
        end = file.tell()
        file.seek(0)
        head = Head.read(file.read(HEAD_BYTES))
        self.size = plain_size(end)
        self.count = chunk_count(end - HEAD_BYTES)
        self.chunks = opened(head, name, keys)
        self.at = 0
        self.kept: tuple[int, bytes] = (-1, b"")
        # Where the file stands now; what follows in order needs no seek.
        self.next = 0
        self._chunk(self.count - 1)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence]
        if start + offset < 0:
            raise ValueError("negative position")
        self.at = start + offset
        return self.at

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), self.size - self.at)
        if wanted <= 0:
            return 0
        number, within = divmod(self.at, CHUNK_BYTES)
        part = memoryview(self._chunk(number))[within : within + wanted]
        buffer[: len(part)] = part
        self.at += len(part)
        return len(part)

    def readall(self) -> bytes:
        if self.at >= self.size:
            return b""
        first, within = divmod(self.at, CHUNK_BYTES)
        parts = [self._chunk(number) for number in range(first, self.count)]
        self.at = self.size
        return b"".join([parts[0][within:], *parts[1:]])

    def close(self) -> None:
        if not self.closed:
            self.file.close()
        super().close()

    def _chunk(self, number: int) -> bytes:
        kept, content = self.kept
        if kept == number:
            return content
        is_last = number == self.count - 1
        if self.next != number:
            self.file.seek(HEAD_BYTES + number * SEALED_CHUNK_BYTES)
        data = self.file.read(SEALED_CHUNK_BYTES)
        self.next = number + 1
        if not is_last and len(data) != SEALED_CHUNK_BYTES:
            raise SealBroken("文件已经损坏，或被改动过。")
        content = self.chunks.open(number, data, is_last=is_last)
        self.kept = (number, content)
        return content
