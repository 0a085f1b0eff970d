"""What of the data folder goes along: certificates with their keys, encrypted as they lie, and the
station's own names. Not the keys of `env`: whoever has a backup has nothing without them (ADR 71).
"""

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.files.base import ContentFile

from backups.refusals import NotGood
from reviews.signatures.certificates.keystore import shared_keystore

STATION: Final = "station.env"
KEYS: Final = "keys"


def packed() -> Iterator[bytes]:
    """A tar of them; a station has some dozens, of a few kilobytes each."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in _files():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o600
            tar.addfile(entry, io.BytesIO(content))
    yield buffer.getvalue()


def _files() -> Iterator[tuple[str, bytes]]:
    station = Path(settings.PORTAL_DATA) / STATION
    if station.is_file():
        yield STATION, station.read_bytes()
    shared = shared_keystore()
    if shared is not None:
        for name in sorted(shared.listdir("")[1]):
            with shared.open(name) as file:
                yield f"{KEYS}/{name}", file.read()
        return
    folder = Path(settings.KEYSTORE)
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if path.is_file():
            yield f"{KEYS}/{path.relative_to(folder).as_posix()}", path.read_bytes()


def put_back(content: bytes) -> int:
    """How many files that was. Raises NotGood for a name that leads out of the folder."""
    count = 0
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        for entry in tar:
            target = _target(entry.name)
            file = tar.extractfile(entry)
            if file is None or target is None:
                raise NotGood("备份里的文件夹部分有不认识的内容。")
            shared = shared_keystore() if target.name != STATION else None
            if shared is not None:
                shared.save(target.name, ContentFile(file.read()))
            else:
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                target.write_bytes(file.read())
                target.chmod(0o600)
            count += 1
    return count


def _target(name: str) -> Path | None:
    if name == STATION:
        return Path(settings.PORTAL_DATA) / STATION
    folder, _, rest = name.partition("/")
    if folder != KEYS or not rest or ".." in Path(rest).parts:
        return None
    return Path(settings.KEYSTORE) / rest
