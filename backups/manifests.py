"""The manifest of a snapshot: what it holds, in JSON that anybody can read, sealed by our key."""

import gzip
import hashlib
import hmac
import json
import zlib
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from backups.dumping import TableContent
from backups.refusals import BackupRefused, NotGood
from backups.sealing import SealedPiece
from core.crypto import keyed_hash

NAME: Final = "manifest.json"
FORMAT: Final = 1
DATABASE, FILES, FOLDER, OBJECTS = PIECES = (
    "database.age",
    "files.age",
    "folder.age",
    "objects.gz",
)
CHUNK: Final = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """`files`: how many, how many bytes, and the names that were missing or damaged already.

    Names of stored files are drawn at random and tell nothing.
    """

    snapshot: str
    made_at: datetime
    seconds: float
    vendor: str
    migrations: list[list[str]]
    tables: dict[str, TableContent]
    files: int
    bytes: int
    missing: list[str]
    damaged: list[str]
    pieces: dict[str, SealedPiece]
    recipients: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(content.rows for content in self.tables.values())

    @property
    def is_whole(self) -> bool:
        """Every file was there and as its row says, when it was taken."""
        return not self.missing and not self.damaged

    def write(self, folder: Path) -> None:
        content = {
            "format": FORMAT,
            **asdict(self),
            "made_at": self.made_at.isoformat(),
            "rows": self.rows,
        }
        content["seal"] = _seal(content)
        text = json.dumps(content, ensure_ascii=False, indent=1)
        (folder / NAME).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Raises BackupRefused where it cannot be read, NotGood where it is not as it was written."""
    try:
        content: Any = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BackupRefused("这里没有备份：找不到 manifest.json。") from None
    except (OSError, ValueError):
        raise NotGood("备份的清单读不出来。") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise NotGood("备份的清单不是这个版本能读的。")
    if not hmac.compare_digest(str(content.pop("seal", "")), _seal(content)):
        raise NotGood(
            "备份的清单与这里的密钥（HASH_KEY）不符：清单被改动过，或者这里放的不是当时的密钥。"
        )
    return Manifest(
        snapshot=content["snapshot"],
        made_at=datetime.fromisoformat(content["made_at"]),
        seconds=content["seconds"],
        vendor=content["vendor"],
        migrations=content["migrations"],
        tables={name: TableContent(**one) for name, one in content["tables"].items()},
        files=content["files"],
        bytes=content["bytes"],
        missing=content["missing"],
        damaged=content["damaged"],
        pieces={name: SealedPiece(**one) for name, one in content["pieces"].items()},
        recipients=content["recipients"],
    )


def check_pieces(folder: Path, pieces: dict[str, SealedPiece]) -> None:
    """Read them all from where they lie. Raises NotGood where one is not as it was written."""
    for name, written in pieces.items():
        try:
            found = hashed(folder / name)
        except OSError:
            raise NotGood(f"备份缺少 {name}，或者读不出来。") from None
        if found != written:
            raise NotGood(f"备份的 {name} 与写下时不同。")


def hashed(path: Path) -> SealedPiece:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
            size += len(piece)
    return SealedPiece(digest.hexdigest(), size)


def write_objects(folder: Path, names: set[str]) -> SealedPiece:
    """Which files of the pool a snapshot needs; the names are keyed hashes and tell nothing."""
    with gzip.GzipFile(folder / OBJECTS, "wb", mtime=0) as file:
        for name in sorted(names):
            file.write(name.encode("ascii") + b"\n")
    return hashed(folder / OBJECTS)


def read_objects(folder: Path) -> set[str]:
    try:
        with gzip.open(folder / OBJECTS, "rt", encoding="ascii") as file:
            return {line.strip() for line in file}
    except (OSError, EOFError, ValueError, zlib.error):
        raise NotGood("备份的文件清单读不出来。") from None


def _seal(content: dict[str, Any]) -> str:
    return keyed_hash(
        "backup:" + json.dumps(content, sort_keys=True, ensure_ascii=True, default=str)
    )
