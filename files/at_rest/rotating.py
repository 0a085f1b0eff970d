"""All stored files, one after the other: encrypted where they are plain, or under the new key."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages

from files.at_rest.storage import SealedStorage
from files.models import StoredFile

logger = logging.getLogger(__name__)
NAMED_AT_MOST = 20


@dataclass
class FilesSeen:
    """How many files there are, how many were changed, and which could not be."""

    seen: int = 0
    changed: int = 0
    failed: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        names = self.failed[:NAMED_AT_MOST]
        return {
            "seen": self.seen, "changed": self.changed, "failed": len(self.failed), "named": names,
        }  # fmt: skip


def seal_plain_files(seen: FilesSeen | None = None) -> FilesSeen:
    """Encrypt every stored file from before; safe to interrupt and to repeat."""
    return _each(storage().seal_plain, seen or FilesSeen())


def rotate_files(seen: FilesSeen | None = None) -> FilesSeen:
    """Wrap every file's data key by the master key that writes; heads alone are written."""
    return _each(storage().rewrap, seen or FilesSeen())


def storage() -> SealedStorage:
    """The one of `default_storage`."""
    found = storages["default"]
    if not isinstance(found, SealedStorage):
        raise ImproperlyConfigured("STORAGES 中的 default 不是加密的存储。")
    return found


def _each(change: Callable[[str], bool], seen: FilesSeen) -> FilesSeen:
    for name in _names():
        seen.seen += 1
        try:
            seen.changed += change(name)
        except OSError:
            # Discarded in the meantime, or not to be read: whoever asked hears of it.
            if StoredFile.objects.filter(content=name).exists():
                logger.exception("文件没有处理：%s", name)
                seen.failed.append(name)
    return seen


def _names() -> Iterator[str]:
    rows = StoredFile.objects.order_by("pk").values_list("content", flat=True)
    yield from rows.iterator(chunk_size=2000)
