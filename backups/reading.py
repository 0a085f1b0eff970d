"""The pieces of a snapshot opened and compared with its manifest, without a database."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyrage.x25519 import Identity

from backups.dumping import TableContent
from backups.loading import DumpParts, require, unpacked
from backups.manifests import DATABASE, FILES, FOLDER, Manifest
from backups.refusals import NotGood
from backups.sealing import unseal


@dataclass(frozen=True)
class FileLine:
    """A stored file: its name in storage, hash and size by its row, and its name in the pool."""

    name: str
    sha256: str
    size: int
    object: str | None


def read_database(folder: Path, identities: Sequence[Identity], manifest: Manifest) -> None:
    """Read all of it. Raises NotGood where its tables are not as the manifest says."""
    found: dict[str, TableContent] = {}
    with (folder / DATABASE).open("rb") as file:
        parts = DumpParts(unpacked(unseal(file, identities)))
        for name, _, lines in parts.tables():
            digest, count = hashlib.sha256(), 0
            for line in lines:
                digest.update(line)
                count += 1
            found[name] = TableContent(count, digest.hexdigest())
    require(found, manifest.tables)
    if parts.migrations != manifest.migrations or parts.rows != manifest.rows:
        raise NotGood("备份的数据库与清单不一致。")


def read_files(folder: Path, identities: Sequence[Identity]) -> Iterator[FileLine]:
    """The list of stored files."""
    rest = b""
    with (folder / FILES).open("rb") as file:
        for piece in unseal(file, identities):
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                yield FileLine(*json.loads(line))
    if rest:
        raise NotGood("备份的文件清单读到一半就断了。")


def read_folder(folder: Path, identities: Sequence[Identity]) -> bytes:
    with (folder / FOLDER).open("rb") as file:
        return b"".join(unseal(file, identities))
