"""Ownerless files: what no row knows of, and rows that nothing refers to, deleted.

A file gets its owner in the transaction that stores it. What stands alone a day later was left by
a process that was killed, or its page was removed.
"""

import logging
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, QuerySet
from django.db.models.fields.reverse_related import ForeignObjectRel

from core.sweeping import each
from files.models import Recognition, StoredFile

GRACE = timedelta(days=1)
AT_MOST = 500
YEAR, MONTH = re.compile(r"\d{4}"), re.compile(r"\d{2}")
# Also of what was still being written aside (files/at_rest/folder.py).
NAME = re.compile(r"[0-9a-f]{32}\.(jpg|png|pdf|docx)(\.[0-9a-f]{8}\.part)?")

logger = logging.getLogger(__name__)


def discard_unreferred(now: datetime) -> int:
    """Delete stored files that no page, revision or other row refers to; return how many."""
    ownerless = without_owner(StoredFile.objects.filter(created_at__lt=now - GRACE))
    return sum(each(ownerless.order_by("pk")[:AT_MOST], _discard, what="删除无主的文件"))


def without_owner(files: QuerySet[StoredFile]) -> QuerySet[StoredFile]:
    """Those of `files` that no row of any room refers to; a reading belongs to its file."""
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel):
            continue
        owner = relation.field.model
        if owner is not Recognition:
            referring = owner._default_manager.filter(**{relation.field.name: OuterRef("pk")})
            files = files.exclude(Exists(referring))
    return files


def _discard(stored: StoredFile) -> int:
    try:
        with transaction.atomic():
            Recognition.objects.filter(file=stored).delete()
            name = str(stored.content.name)
            stored.delete()
            transaction.on_commit(lambda: default_storage.delete(name))
    except ProtectedError:
        # It got an owner in the meantime.
        return 0
    return 1


def discard_unknown(now: datetime) -> int:
    """Delete files in storage that have no row; return how many.

    Beside a database without a single file's row nothing is deleted: it is not the one that these
    files belong to.
    """
    if not StoredFile.objects.exists():
        return 0
    unknown = (name for folder in _folders() for name in _unknown_in(folder, now))
    count = 0
    for name in islice(unknown, AT_MOST):
        try:
            default_storage.delete(name)
            count += 1
        except OSError:
            logger.exception("没有删除没有登记的文件。")
    return count


def _folders() -> Iterator[str]:
    """The folders of files, a month each: 2026/11."""
    for year in filter(YEAR.fullmatch, default_storage.listdir("")[0]):
        for month in filter(MONTH.fullmatch, default_storage.listdir(year)[0]):
            yield f"{year}/{month}"


def _unknown_in(folder: str, now: datetime) -> Iterator[str]:
    # Listed before the rows are read: a file that comes in between has its day of grace anyway.
    found = filter(NAME.fullmatch, default_storage.listdir(folder)[1])
    names = [f"{folder}/{name}" for name in found]
    rows = StoredFile.objects.filter(content__startswith=f"{folder}/")
    known = set(rows.values_list("content", flat=True))
    for name in names:
        if name not in known and default_storage.get_modified_time(name) < now - GRACE:
            yield name
