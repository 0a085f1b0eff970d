"""Rows of backups and drills: begun, and ended with what came of them."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, transaction
from django.utils import timezone

from backups.manifests import Manifest
from backups.models import BackupRun
from backups.refusals import BackupRefused
from core.faults import fault_words

logger = logging.getLogger(__name__)
KILLED = "中途结束，没有做完。"


@contextmanager
def recorded(kind: BackupRun.Kind) -> Iterator[BackupRun]:
    """Ends the row with why it was not made; what was made ends it by `succeed` within.

    Whoever comes here holds the lock of its kind, so what is still under way was killed.
    """
    with transaction.atomic():
        others = BackupRun.objects.filter(kind=kind).under_way()
        others.update(ended_at=timezone.now(), words=KILLED)
        run = BackupRun.objects.create(kind=kind)
    try:
        yield run
    except BaseException as error:
        is_told = isinstance(error, BackupRefused | ImproperlyConfigured)
        words = str(error) if is_told else fault_words(error)
        _end_badly(run, words or type(error).__name__)
        raise


def _end_badly(run: BackupRun, words: str) -> None:
    try:
        BackupRun.objects.filter(pk=run.pk).update(ended_at=timezone.now(), words=words[:300])
    except DatabaseError:
        logger.exception("备份或演练的结果没能记下。")


def succeed(run: BackupRun, manifest: Manifest, *, words: str = "", is_good: bool = True) -> None:
    """Everything of it was made and read again; `is_good` unless files were missing before."""
    BackupRun.objects.filter(pk=run.pk).update(
        ended_at=timezone.now(),
        is_good=is_good,
        snapshot=manifest.snapshot,
        rows=manifest.rows,
        files=manifest.files,
        size=manifest.bytes,
        words=words[:300],
    )
