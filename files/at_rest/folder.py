"""A folder as the place of stored files: each is there whole or not at all."""

import os
import secrets
from pathlib import Path
from typing import Any, Final

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage

# Of a file that is being written; what a killed process leaves is swept with the ownerless.
PART: Final = ".part"


class FolderStorage(FileSystemStorage):
    """Writes aside and renames; `is_durable`: only once the disk itself has it."""

    def __init__(self, *args: Any, is_durable: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_durable = is_durable

    def _save(self, name: str, content: "File[Any]") -> str:
        part = self._written_aside(name, content)
        # Names are drawn at random; where one is taken all the same, another is found.
        name = self.get_available_name(name)
        self._put(part, name)
        return name

    def replace(self, name: str, content: bytes) -> None:
        """Exchange a file for another in one step: whoever reads meets the old or the new."""
        self._put(self._written_aside(name, ContentFile(content)), name)

    def write_start(self, name: str, start: bytes) -> None:
        """Write over a file's beginning, which is less than the sector that a disk writes whole."""
        file = os.open(self.path(name), os.O_WRONLY)
        try:
            os.pwrite(file, start, 0)
            if self.is_durable:
                os.fsync(file)
        finally:
            os.close(file)

    def _written_aside(self, name: str, content: "File[Any]") -> str:
        aside = f"{name}.{secrets.token_hex(4)}{PART}"
        try:
            part: str = super()._save(aside, content)  # type: ignore[misc]
            if self.is_durable:
                _sync(Path(self.path(part)))
        except OSError:
            # A disk that fills leaves half a file.
            self.delete(aside)
            raise
        return part

    def _put(self, part: str, name: str) -> None:
        target = Path(self.path(name))
        Path(self.path(part)).replace(target)
        if self.is_durable:
            _sync(target.parent)


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
