"""Pieces encrypted to public keys, as streams; what is missing or altered is said in words."""

import io
from pathlib import Path
from typing import Any

import pytest
from pyrage.x25519 import Identity

from backups.refusals import BackupRefused
from backups.sealing import identities_in, recipients, seal, unseal, unseal_small

PIECES = [b"first", b"", b"x" * 300_000, b"last"]


def sealed(*keys: Identity) -> bytes:
    target = io.BytesIO()
    seal(PIECES, target, [key.to_public() for key in keys])
    return target.getvalue()


def test_any_of_the_keys_opens_it_and_no_other_does() -> None:
    ours, theirs, other = (Identity.generate() for _ in range(3))
    content = sealed(ours, theirs)
    assert b"x" * 40 not in content
    for key in (ours, theirs):
        assert b"".join(unseal(io.BytesIO(content), [other, key])) == b"".join(PIECES)
    with pytest.raises(BackupRefused, match="打不开"):
        b"".join(unseal(io.BytesIO(content), [other]))


@pytest.mark.parametrize("damage", ["cut", "flip", "empty"])
def test_what_was_altered_or_cut_off_does_not_open(damage: str) -> None:
    key = Identity.generate()
    content = bytearray(sealed(key))
    if damage == "cut":
        del content[-70_000:]
    elif damage == "flip":
        content[-100] ^= 1
    else:
        content.clear()
    with pytest.raises(BackupRefused):
        b"".join(unseal(io.BytesIO(bytes(content)), [key]))
    with pytest.raises(BackupRefused):
        unseal_small(io.BytesIO(bytes(content)), [key], io.BytesIO())


def test_who_stops_reading_leaves_nothing_waiting() -> None:
    key = Identity.generate()
    content = io.BytesIO()
    seal((b"x" * 100_000 for _ in range(100)), content, [key.to_public()])
    content.seek(0)
    pieces = unseal(content, [key])
    assert next(pieces)
    pieces.close()


class FullDisk(io.BytesIO):
    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def write(self, piece: Any) -> int:
        self.room -= len(piece)
        if self.room < 0:
            raise OSError(28, "No space left on device")
        return super().write(piece)


@pytest.mark.parametrize("room", [0, 100_000, 300_000])
def test_a_disk_that_fills_is_told_also_at_the_very_end(room: int) -> None:
    with pytest.raises(OSError, match="No space"):
        seal(PIECES, FullDisk(room), [Identity.generate().to_public()])


def test_what_goes_wrong_in_the_content_is_told_as_it_is() -> None:
    def content() -> Any:
        yield b"some"
        raise KeyError("gone")

    with pytest.raises(KeyError):
        seal(content(), io.BytesIO(), [Identity.generate().to_public()])


@pytest.mark.parametrize("names", [[], ["", " "], ["age1wrong"], ["ssh-ed25519 AAAA"]])
def test_without_a_right_public_key_there_is_a_sentence(settings: Any, names: list[str]) -> None:
    settings.BACKUP_RECIPIENTS = names
    with pytest.raises(BackupRefused, match="BACKUP_RECIPIENTS"):
        recipients()


@pytest.mark.parametrize("text", ["", "# 只有说明\n", "AGE-SECRET-KEY-1WRONG\n", "age1abc"])
def test_a_file_without_a_private_key_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BackupRefused, match="私钥"):
        identities_in(path)
    with pytest.raises(BackupRefused, match="读不出来"):
        identities_in(tmp_path / "none.txt")
