"""Stores files: hashed, typed by content, under a name that tells nothing."""

import hashlib
import secrets

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.models import User
from core.faults import fault_words
from core.text import line
from files.models import EXTENSIONS, Recognition, StoredFile
from files.refusals import StoreRefused
from files.scanning import scan
from files.tasks import hand_over


def store(
    data: bytes,
    *,
    media_type: str,
    name: str,
    by: User | None,
    width: int | None = None,
    height: int | None = None,
) -> StoredFile:
    """Scan and keep these bytes. Raises ScanRefused or StoreRefused; then nothing is kept."""
    scan(data)
    stored = StoredFile(
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        media_type=media_type,
        width=width,
        height=height,
        original_name=readable_name(name),
        uploaded_by=by,
    )
    name_on_disk = f"{secrets.token_hex(16)}.{EXTENSIONS[media_type]}"
    try:
        stored.content.save(name_on_disk, ContentFile(data), save=False)
    except OSError as error:
        raise StoreRefused(
            "not_stored",
            f"{fault_words(error)}，文件没有保存。",
            "请过几分钟再试；若一直如此，请联系服务站。",
        ) from error
    stored.save()
    return stored


@transaction.atomic
def discard(stored: StoredFile) -> None:
    """Take a file out for good that no page was made of; a row that needs it forbids it."""
    storage, name = stored.content.storage, str(stored.content.name)
    stored.delete()
    transaction.on_commit(lambda: storage.delete(name))


@transaction.atomic
def ask_recognition(stored: StoredFile, kind: Recognition.Kind) -> Recognition:
    """Have a machine read this picture, once; what it read appears on the row when ready."""
    recognition, created = Recognition.objects.get_or_create(file=stored, defaults={"kind": kind})
    if created:
        transaction.on_commit(lambda: hand_over(recognition.pk))
    return recognition


def readable_name(name: str) -> str:
    """The user's file name without control and direction characters, at most 120 characters."""
    kept = line(name).replace("\\", "/").rpartition("/")[2].strip()
    return kept[-120:] or "未命名"
