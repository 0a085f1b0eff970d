"""The form of an encrypted file: a head of 512 bytes, and chunks of 64 KiB.

    head   magic 8, version 1, cipher 1, 0 0, key id 32, file id 16, length 2, wrapped key 450
    chunk  65,536 bytes of the file (the last: what is left, also nothing), tag 16

The nonce of a chunk is its number and whether it is the last; it is bound to the file's id, its
cipher and its name in storage. So a byte altered, a chunk moved, left out or added, the end cut
off, or another file put under this name is an error and never other content. The data key is the
file's alone and wrapped by a master key: to change that key, 512 bytes are written anew.
"""

import hashlib
import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Self

from cryptography.exceptions import InvalidTag

from files.at_rest.ciphers import KEY_BYTES, TAG_BYTES, FileCipher, cipher, writing_code
from files.at_rest.master_keys import KEY_ID, MasterKeys

MAGIC: Final = b"ABTCFILE"
VERSION: Final = 1
FORM: Final = struct.Struct(">8sBB2x32s16sH450s")
HEAD_BYTES: Final = FORM.size
WRAPPED_BYTES: Final = 450
FILE_ID_BYTES: Final = 16
CHUNK_BYTES: Final = 64 * 1024
SEALED_CHUNK_BYTES: Final = CHUNK_BYTES + TAG_BYTES


class SealBroken(OSError):
    """An encrypted file was altered, cut off, exchanged or is none; nothing of it is given out."""


@dataclass(frozen=True)
class Head:
    """What stands before the chunks."""

    code: int
    key_id: str
    file_id: bytes
    wrapped: bytes

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Raises SealBroken where this is no head, as before a plain file."""
        if len(data) != HEAD_BYTES:
            raise SealBroken("文件没有加密，或已经损坏。")
        magic, version, code, key_id, file_id, length, wrapped = FORM.unpack(data)
        name = key_id.rstrip(b"\0").decode("ascii", "replace")
        fits = magic == MAGIC and version == VERSION and code in KEY_BYTES
        if not fits or not KEY_ID.fullmatch(name) or not 0 < length <= WRAPPED_BYTES:
            raise SealBroken("文件没有加密，或已经损坏。")
        return cls(code, name, file_id, wrapped[:length])

    def written(self) -> bytes:
        fields = (self.code, self.key_id.encode(), self.file_id, len(self.wrapped), self.wrapped)
        return FORM.pack(MAGIC, VERSION, *fields)

    @property
    def bound_to(self) -> bytes:
        """What the wrapped key is bound to; the same whichever key wraps."""
        return MAGIC + bytes([VERSION, self.code]) + self.file_id


@dataclass(frozen=True)
class Chunks:
    """Encrypts and decrypts the chunks of one file."""

    cipher: FileCipher
    bound_to: bytes

    @classmethod
    def of(cls, head: Head, data_key: bytes, name: str) -> Self:
        named = hashlib.sha256(name.encode()).digest()
        return cls(cipher(head.code, data_key), head.bound_to + named)

    def seal(self, number: int, data: bytes, *, is_last: bool) -> bytes:
        return self.cipher.encrypt(_nonce(number, is_last), data, self.bound_to)

    def open(self, number: int, data: bytes, *, is_last: bool) -> bytes:
        try:
            return self.cipher.decrypt(_nonce(number, is_last), data, self.bound_to)
        except InvalidTag:
            raise SealBroken("文件已经损坏，或被改动过。") from None


def _nonce(number: int, is_last: bool) -> bytes:
    # The key serves one file, whose chunks are numbered: no nonce comes twice.
    return number.to_bytes(11, "big") + bytes([is_last])


def sealed(content: Iterable[bytes], name: str, keys: MasterKeys) -> Iterator[bytes]:
    """The encrypted file that will stand in storage under `name`, in pieces."""
    code = writing_code()
    data_key = os.urandom(KEY_BYTES[code])
    head = Head(code, keys.writing, os.urandom(FILE_ID_BYTES), b"")
    head = replace(head, wrapped=keys.wrap(data_key, head.bound_to))
    chunks = Chunks.of(head, data_key, name)
    yield head.written()
    for number, (data, is_last) in enumerate(_cut(content)):
        yield chunks.seal(number, data, is_last=is_last)


def _cut(content: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Pieces of CHUNK_BYTES, and whether each is the last; of nothing, one empty piece."""
    waiting = bytearray()
    for some in content:
        waiting += some
        # One is kept back, since it may be the last.
        whole = max(0, (len(waiting) - 1) // CHUNK_BYTES) * CHUNK_BYTES
        for start in range(0, whole, CHUNK_BYTES):
            yield bytes(waiting[start : start + CHUNK_BYTES]), False
        del waiting[:whole]
    yield bytes(waiting), True


def opened(head: Head, name: str, keys: MasterKeys) -> Chunks:
    """Raises MasterKeyMissing or MasterKeyWrong."""
    return Chunks.of(head, keys.unwrap(head.key_id, head.wrapped, head.bound_to), name)


def rewrapped(head: Head, keys: MasterKeys) -> Head:
    """The head with its data key under the key that writes; the chunks fit as before."""
    data_key = keys.unwrap(head.key_id, head.wrapped, head.bound_to)
    return replace(head, key_id=keys.writing, wrapped=keys.wrap(data_key, head.bound_to))


def plain_size(sealed_size: int) -> int:
    """How long the file is. Raises SealBroken for a length that no encrypted file has."""
    body = sealed_size - HEAD_BYTES
    count = chunk_count(body)
    last = body - (count - 1) * SEALED_CHUNK_BYTES
    # Only an empty file ends with an empty chunk.
    if last < TAG_BYTES or (last == TAG_BYTES and count > 1):
        raise SealBroken("文件没有加密，或已经损坏。")
    return body - count * TAG_BYTES


def chunk_count(body: int) -> int:
    return max(1, -(-body // SEALED_CHUNK_BYTES))
