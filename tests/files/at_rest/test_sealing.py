"""Encrypted files: what was altered, moved, cut off or exchanged is an error."""

import base64
import io
import os
from typing import Any

import pytest

from files.at_rest.master_keys import MasterKeyMissing, MasterKeyWrong, master_keys
from files.at_rest.reading import SealedReader
from files.at_rest.sealing import HEAD_BYTES, SealBroken, plain_size, sealed

CHUNK = 65_536
SEALED = CHUNK + 16
NAME = "2026/11/0123456789abcdef0123456789abcdef.pdf"
SIZES = [0, 1, 15, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5]


def content(size: int) -> bytes:
    return (bytes(range(251)) * (size // 251 + 1))[:size]


def seal(data: bytes, name: str = NAME) -> bytes:
    return b"".join(sealed([data], name, master_keys()))


def unseal(data: bytes, name: str = NAME) -> bytes:
    return SealedReader(io.BytesIO(data), name, master_keys()).read()


def key(letter: str) -> str:
    return base64.b64encode(letter.encode() * 32).decode()


def chunks(data: bytes) -> tuple[bytes, list[bytes]]:
    """The head, and the chunks behind it."""
    body = data[HEAD_BYTES:]
    return data[:HEAD_BYTES], [body[at : at + SEALED] for at in range(0, len(body), SEALED)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("cipher", ["aes", "sm4"])
def test_what_was_written_is_read_again(settings: Any, size: int, cipher: str) -> None:
    settings.FILE_CIPHER = cipher
    data = content(size)
    written = seal(data)
    assert unseal(written) == data
    assert plain_size(len(written)) == size
    assert size < 15 or data[:15] not in written


def test_the_head_takes_512_bytes_and_a_chunk_16_more_than_it_holds() -> None:
    assert len(seal(b"")) == 512 + 16
    assert len(seal(content(CHUNK))) == 512 + CHUNK + 16
    assert len(seal(content(CHUNK + 1))) == 512 + CHUNK + 16 + 1 + 16


def test_it_does_not_matter_in_which_pieces_it_came() -> None:
    data = content(2 * CHUNK + 7)
    for step in (1000, CHUNK, CHUNK + 1, 2 * CHUNK):
        pieces = [data[at : at + step] for at in range(0, len(data), step)]
        assert unseal(b"".join(sealed(pieces, NAME, master_keys()))) == data


def test_the_same_content_looks_different_each_time() -> None:
    first, second = seal(content(100)), seal(content(100))
    assert first[HEAD_BYTES:] != second[HEAD_BYTES:]


def test_a_byte_altered_anywhere_is_an_error() -> None:
    written = seal(content(2 * CHUNK + 9))
    places = [0, 8, 9, 12, 44, 60, 61, 62, 80]  # head
    places += [HEAD_BYTES, HEAD_BYTES + CHUNK + 15, HEAD_BYTES + SEALED, len(written) - 1]
    for place in places:
        altered = bytearray(written)
        altered[place] ^= 1
        with pytest.raises((SealBroken, MasterKeyMissing, MasterKeyWrong)):
            unseal(bytes(altered))


@pytest.mark.parametrize("size", [3 * CHUNK, 3 * CHUNK + 5])
def test_a_file_that_is_cut_off_does_not_even_open(size: int) -> None:
    written = seal(content(size))
    ends = [0, 1, HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + 15, HEAD_BYTES + 16, len(written) - 1]
    ends += [HEAD_BYTES + SEALED, HEAD_BYTES + 2 * SEALED, HEAD_BYTES + 2 * SEALED + 16]
    for end in ends:
        with pytest.raises(SealBroken):
            SealedReader(io.BytesIO(written[:end]), NAME, master_keys())


def test_what_is_appended_is_an_error() -> None:
    for size in (0, 5, CHUNK):
        written = seal(content(size))
        for more in (b"\0", bytes(16), bytes(SEALED), written[HEAD_BYTES:]):
            with pytest.raises(SealBroken):
                unseal(written + more)


def test_chunks_that_changed_places_were_left_out_or_doubled_are_an_error() -> None:
    head, [one, two, three, last] = chunks(seal(content(3 * CHUNK + 5)))
    for order in (
        [two, one, three, last], [one, three, last], [one, one, two, three, last],
        [one, two, last], [one, two, three], [last], [one, two, three, last, last],
    ):  # fmt: skip
        with pytest.raises(SealBroken):
            unseal(head + b"".join(order))


def test_the_body_of_another_file_is_an_error() -> None:
    first, second = seal(content(CHUNK + 5)), seal(content(CHUNK + 5))
    with pytest.raises(SealBroken):
        unseal(first[:HEAD_BYTES] + second[HEAD_BYTES:])
    head, [one, _] = chunks(first)
    _, [_, last] = chunks(second)
    with pytest.raises(SealBroken):
        unseal(head + one + last)


def test_another_file_put_under_this_name_is_an_error() -> None:
    with pytest.raises(SealBroken):
        unseal(seal(content(10), "2026/11/another.pdf"))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 plain", bytes(5000), b"\xff\xd8" + bytes(9000)])
def test_a_plain_file_is_an_error(data: bytes) -> None:
    with pytest.raises(SealBroken, match="没有加密"):
        unseal(data)


def test_a_part_is_read_at_any_edge() -> None:
    data = content(3 * CHUNK + 5)
    reader = SealedReader(io.BytesIO(seal(data)), NAME, master_keys())
    edges = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK, len(data) - 1, len(data)]
    for start in edges:
        for end in (edge for edge in edges if edge >= start):
            reader.seek(start)
            found = b""
            while len(found) < end - start:
                found += reader.read(end - start - len(found)) or b""
            assert found == data[start:end]
    assert reader.seek(-5, os.SEEK_END) == len(data) - 5
    assert reader.read() == data[-5:]
    assert reader.read() == reader.read(10) == b""
    assert reader.seek(10**9) == 10**9
    assert reader.read(1) == b""
    with pytest.raises(ValueError, match="negative"):
        reader.seek(-1)


class Counting(io.BytesIO):
    """Counts the bytes that are read."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        return data


def test_of_a_part_only_its_chunks_are_fetched() -> None:
    file = Counting(seal(content(20 * CHUNK)))
    reader = SealedReader(file, NAME, master_keys())
    reader.seek(7 * CHUNK + 3)
    assert reader.read(10) == content(20 * CHUNK)[7 * CHUNK + 3 :][:10]
    # The head, the last chunk and the one that was asked for.
    assert file.taken == HEAD_BYTES + 2 * SEALED


def test_no_server_gets_at_the_encrypted_bytes_beneath() -> None:
    """gunicorn sends a file that has a `fileno` itself, past whatever reads it."""
    reader = io.BufferedReader(SealedReader(io.BytesIO(seal(b"x")), NAME, master_keys()))
    with pytest.raises(io.UnsupportedOperation):
        reader.fileno()


def test_a_missing_master_key_is_named(settings: Any) -> None:
    settings.FILE_KEYS = f"old:{key('a')}"
    written = seal(b"x")
    settings.FILE_KEYS = f"new:{key('b')}"
    with pytest.raises(MasterKeyMissing, match="主密钥“old”，请在 FILE_KEYS 中补上"):
        unseal(written)
    settings.FILE_KEYS = f"new:{key('b')},old:{key('a')}"
    assert unseal(written) == b"x"


def test_another_master_key_under_the_same_id_is_found_out(settings: Any) -> None:
    settings.FILE_KEYS = f"old:{key('a')}"
    written = seal(b"x")
    settings.FILE_KEYS = f"old:{key('b')}"
    with pytest.raises(MasterKeyWrong, match="主密钥“old”与文件不符"):
        unseal(written)


def test_either_cipher_is_read_whichever_writes(settings: Any) -> None:
    settings.FILE_CIPHER = "sm4"
    written = seal(content(CHUNK + 1))
    settings.FILE_CIPHER = "aes"
    assert unseal(written) == content(CHUNK + 1)
    assert written[9] == 2
    assert seal(b"x")[9] == 1
