"""BagIt container (RFC 8493) of an archive package, as a ZIP with the same bytes every time.

Fixed order, fixed times, nothing compressed, as of the package for the national system (ADR 14).
The library's own writer changes the working folder of the whole process, which its other threads
rely on; so the bag is written here, and the library is asked whether it is one (ADR 78).
"""

import hashlib
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

import bagit
from cryptography.hazmat.primitives import hashes

from reports.archiving.names import apart

PAYLOAD: Final = "data"
DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST: Final = "manifest-sha256.txt"
TAG_MANIFEST: Final = "tagmanifest-sha256.txt"
SM3_LIST: Final = "sm3sum.txt"
CHUNK: Final = 256 * 1024


class BagBroken(Exception):
    """What was written does not read back as it should."""


@dataclass(frozen=True)
class BagEntry:
    """One file of the payload, as it was written."""

    path: str
    size: int
    sha256: str
    sm3: str


def sm3(data: bytes) -> str:
    """GB/T 32905-2016, in hexadecimal."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()


@dataclass
class BagWriter:
    """Writes payload first, then the lists; `close` ends it. `root` is the folder in the ZIP."""

    target: BinaryIO
    root: str
    moment: datetime
    entries: list[BagEntry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._archive = zipfile.ZipFile(self.target, "w", zipfile.ZIP_STORED)
        self._taken: set[str] = set()
        self._tags: dict[str, bytes] = {}

    def add(self, path: str, data: bytes) -> BagEntry:
        """One file of the payload; where its name is taken already, under one beside it."""
        at = apart(f"{PAYLOAD}/{path}", self._taken)
        self._write(at, data)
        entry = BagEntry(at, len(data), hashlib.sha256(data).hexdigest(), sm3(data))
        self.entries.append(entry)
        return entry

    def tag(self, name: str, data: bytes) -> None:
        """A file beside the payload, such as the readme."""
        self._tags[name] = data

    def close(self, info: Mapping[str, str]) -> None:
        """Write the lists and what stands beside the payload, in order of their names."""
        total = sum(entry.size for entry in self.entries)
        told = dict(info) | {"Payload-Oxum": f"{total}.{len(self.entries)}"}
        ordered = sorted(self.entries, key=lambda entry: entry.path)
        self._tags |= {
            "bagit.txt": DECLARATION,
            "bag-info.txt": "".join(f"{name}: {told[name]}\n" for name in sorted(told)).encode(),
            MANIFEST: "".join(f"{one.sha256}  {one.path}\n" for one in ordered).encode(),
            # With its algorithm in each line, as `cksum --check` of coreutils reads it.
            SM3_LIST: "".join(f"SM3 ({one.path}) = {one.sm3}\n" for one in ordered).encode(),
        }
        lines = (
            f"{hashlib.sha256(data).hexdigest()}  {name}\n"
            for name, data in sorted(self._tags.items())
        )
        listed = "".join(lines).encode()
        for name, data in sorted(self._tags.items()):
            self._write(name, data)
        self._write(TAG_MANIFEST, listed)
        self._archive.close()

    def abandon(self) -> None:
        """Let go of the target before it is closed; of what was closed already, nothing."""
        self._archive.close()

    def _write(self, path: str, data: bytes) -> None:
        # A ZIP counts from 1980 in steps of two seconds; no zone, so the station's time.
        info = zipfile.ZipInfo(f"{self.root}/{path}", date_time=self.moment.timetuple()[:6])
        info.create_system = 0
        info.external_attr = 0
        self._archive.writestr(info, data)


def read_back(content: BinaryIO) -> tuple[str, str]:
    """Open a written package again and hold every byte to its lists; its SHA-256 and its SM3.

    Raises BagBroken. `content` stands at its start afterwards.
    """
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as archive:
            _hold_to_lists(archive)
    except (zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        raise BagBroken("写好的归档信息包读不回来") from error
    content.seek(0)
    sha256, chinese = hashlib.sha256(), hashes.Hash(hashes.SM3())
    while chunk := content.read(CHUNK):
        sha256.update(chunk)
        chinese.update(chunk)
    content.seek(0)
    return sha256.hexdigest(), chinese.finalize().hex()


def _hold_to_lists(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    [root] = {name.partition("/")[0] for name in names}
    there = {name.partition("/")[2] for name in names}
    listed = _listed(archive, root, MANIFEST) | _listed(archive, root, TAG_MANIFEST)
    if there != set(listed) | {TAG_MANIFEST} or len(there) != len(names):
        raise BagBroken("写好的归档信息包与清单对不上")
    for path, digest in listed.items():
        with archive.open(f"{root}/{path}") as file:
            readable: Any = file
            if hashlib.file_digest(readable, "sha256").hexdigest() != digest:
                raise BagBroken("写好的归档信息包与清单对不上")


def _listed(archive: zipfile.ZipFile, root: str, name: str) -> dict[str, str]:
    text = archive.read(f"{root}/{name}").decode()
    return {line[66:]: line[:64] for line in text.splitlines()}


def unpack(content: BinaryIO, folder: Path) -> None:
    """Lay the package down as a folder, and have the field's own library say that it is a bag.

    `folder` must not be there. Raises BagBroken and OSError.
    """
    folder.mkdir(mode=0o700)
    with zipfile.ZipFile(content) as archive:
        for info in archive.infolist():
            at = folder / info.filename.partition("/")[2]
            at.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(info) as source, at.open("xb") as target:
                shutil.copyfileobj(source, target, CHUNK)
    content.seek(0)
    try:
        bagit.Bag(str(folder)).validate(processes=1)
    except bagit.BagError as error:
        raise BagBroken("写好的归档信息包没有通过BagIt的检验") from error
