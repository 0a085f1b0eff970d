"""Stores files: hashed, typed by content, under a name that tells nothing."""

import hashlib
import logging
import secrets
import weakref
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction

from accounts.models import User
from core.faults import fault_words
from core.text import line
from files.disk import require_disk
from files.models import EXTENSIONS, Recognition, StoredFile
from files.pictures import LONGEST_DECODED, Picture, read_picture
from files.refusals import StoreRefused
from files.scanning import scan
from files.tasks import hand_over

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Cleared:
    """Bytes that every check has passed and that may be written; made by `clear`."""

    data: bytes
    media_type: str
    name: str
    width: int | None = None
    height: int | None = None


def clear(data: bytes, picture: Picture, *, name: str) -> Cleared:
    """Look at an uploaded picture before anything of it is written, and before rows are locked.

    Raises files.refusals.ScanRefused, and StoreRefused while the disk is nearly full.
    """
    require_disk(len(data))
    scan(data)
    return Cleared(
        data=data,
        media_type=picture.media_type,
        name=name,
        width=picture.width,
        height=picture.height,
    )


def clear_picture(data: bytes, *, name: str) -> Cleared:
    """The same of a picture of which nothing but its size counts: decoded once, and small.

    Raises a files.refusals.FileRefused.
    """
    return clear(data, read_picture(data, longest=LONGEST_DECODED), name=name)


def clear_document(data: bytes, *, media_type: str, name: str) -> Cleared:
    """The same of a document that its own room has judged. Raises ScanRefused or StoreRefused."""
    require_disk(len(data))
    scan(data)
    return Cleared(data=data, media_type=media_type, name=name)


def store(
    data: bytes,
    *,
    media_type: str,
    name: str,
    by: User | None,
    width: int | None = None,
    height: int | None = None,
) -> StoredFile:
    """Scan and keep what the portal itself made. Raises ScanRefused or StoreRefused.

    The disk's last space is there for this: signing goes on while uploads are refused.
    """
    scan(data)
    cleared = Cleared(data=data, media_type=media_type, name=name, width=width, height=height)
    return write(cleared, by=by)


@transaction.atomic
def write(cleared: Cleared, *, by: User | None) -> StoredFile:
    """Keep these bytes; they go again where the transaction around this is rolled back.

    Raises files.refusals.StoreRefused where the disk is full or cannot be written.
    """
    stored = StoredFile(
        sha256=hashlib.sha256(cleared.data).hexdigest(),
        size=len(cleared.data),
        media_type=cleared.media_type,
        width=cleared.width,
        height=cleared.height,
        original_name=readable_name(cleared.name),
        uploaded_by=by,
    )
    content = stored.content
    name = content.field.generate_filename(
        stored, f"{secrets.token_hex(16)}.{EXTENSIONS[cleared.media_type]}"
    )
    # Before it is written: a disk that fills leaves half a file.
    transaction.on_commit(KeptFromNow(content.storage, name))
    try:
        content.name = content.storage.save(name, ContentFile(cleared.data))
    except OSError as error:
        raise StoreRefused(
            "not_stored",
            f"{fault_words(error)}，文件没有保存。",
            "请过几分钟再试；若一直如此，请联系服务站。",
        ) from error
    stored.save()
    return stored


class KeptFromNow:
    """A file's stay in storage, bound to the transaction in which it is written.

    Django has no hook for a rollback; it drops what waited for the commit. Called, this keeps the
    file; dropped uncalled, it takes the file away (ADR 0034).
    """

    def __init__(self, storage: Storage, name: str) -> None:
        self._take_away = weakref.finalize(self, _take_away, storage, name)
        # A process that ends in the midst leaves the file to the sweep.
        self._take_away.atexit = False

    def __call__(self) -> None:
        self._take_away.detach()


def _take_away(storage: Storage, name: str) -> None:
    try:
        storage.delete(name)
    except OSError:
        logger.warning("没有保存的文件没能删去，以后会清理。")


@transaction.atomic
def discard(stored: StoredFile) -> None:
    """Take a file out for good that no page was made of; a row that needs it forbids it."""
    storage, name = stored.content.storage, str(stored.content.name)
    stored.delete()
    # Robust: where it fails, what else waits for the commit goes on, and the sweep deletes it.
    transaction.on_commit(lambda: storage.delete(name), robust=True)


@transaction.atomic
def ask_recognition(stored: StoredFile, kind: Recognition.Kind, *, turn: int) -> Recognition:
    """Have a machine read this picture, once; what it read appears on the row when ready.

    `turn` is the enterprise's number: the pictures of different ones are read by turns.
    """
    recognition, created = Recognition.objects.get_or_create(
        file=stored, defaults={"kind": kind, "turn": turn}
    )
    if created:
        transaction.on_commit(lambda: hand_over(recognition.pk))
    return recognition


def readable_name(name: str) -> str:
    """The user's file name without control and direction characters, at most 120 characters."""
    kept = line(name).replace("\\", "/").rpartition("/")[2].strip()
    return kept[-120:] or "未命名"
