"""Long steps of a year of packages: one case after the other, and throwing them away in time."""

import logging
import time
from datetime import datetime
from typing import Final

from celery.exceptions import SoftTimeLimitExceeded
from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import F
from django.utils import timezone

from applications.models import Application
from core.sweeping import each
from files.disk import is_low
from reports.archiving.building import CaseArchive, build_archive
from reports.archiving.case_papers import ArchiveRefused
from reports.archiving.properties import SealBook
from reports.archiving.years import closed_in
from reports.models import LEASE, ArchivedCase, ArchiveYear

logger = logging.getLogger(__name__)

S = ArchiveYear.State
MOST_OVER: Final = 50
MOST_TRIES: Final = 2
# Then the rest is handed over again, so that no worker is kept from everything else.
WORK_SECONDS: Final = 240.0
CRASHED: Final = "生成时系统出了问题，请联系系统管理员。"
NO_ROOM: Final = "系统的存储空间快用完了，没有生成。请系统管理员清理以后再试。"


def make(run_pk: int) -> bool:
    """Go on with a year; whether there is more to do. Twice at a time, the second leaves it."""
    lease = _take(run_pk)
    if lease is None:
        return False
    run = ArchiveYear.objects.select_related("created_by").get(pk=run_pk)
    until, seals = time.monotonic() + WORK_SECONDS, SealBook()
    while (application := _next(run)) is not None:
        if time.monotonic() > until:
            ArchiveYear.objects.filter(pk=run_pk, leased_until=lease).update(leased_until=None)
            return True
        tries = run.tries + 1 if run.trying == application.pk else 1
        run.trying, run.tries = application.pk, tries
        renewed = _renew(run, lease)
        if renewed is None:
            return False
        lease = renewed
        _make_one(run, application, seals, is_last=tries > MOST_TRIES)
        run.trying, run.tries = None, 0
    ArchiveYear.objects.filter(pk=run_pk, leased_until=lease).update(
        state=S.READY, leased_until=None, trying=None, tries=0, done_count=F("case_count")
    )
    return False


def _take(run_pk: int) -> datetime | None:
    now = timezone.now()
    lease = now + LEASE
    taken = ArchiveYear.objects.waiting(now).filter(pk=run_pk).update(leased_until=lease)
    return lease if taken else None


def _renew(run: ArchiveYear, lease: datetime) -> datetime | None:
    """A new lease before each case; None where another worker has taken over meanwhile."""
    renewed = timezone.now() + LEASE
    held = ArchiveYear.objects.filter(pk=run.pk, leased_until=lease)
    done = min(run.cases.count(), run.case_count)
    kept = held.update(leased_until=renewed, trying=run.trying, tries=run.tries, done_count=done)
    return renewed if kept else None


def _next(run: ArchiveYear) -> Application | None:
    """The first case without a row; those that were over later belong to the next asking."""
    made = run.cases.values("application")
    waiting = closed_in(run.year).filter(status_since__lte=run.created_at)
    return waiting.exclude(pk__in=made).first()


def _make_one(
    run: ArchiveYear, application: Application, seals: SealBook, *, is_last: bool
) -> None:
    row = ArchivedCase(run=run, application=application)
    if is_last:
        row.words = CRASHED
    elif is_low():
        row.words = NO_ROOM
    else:
        try:
            made = build_archive(application, seals=seals)
        except ArchiveRefused as refused:
            row.words = str(refused)
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            logger.exception("第%s号申请的归档信息包没有生成。", application.pk)
            row.words = CRASHED
        else:
            with made.content:
                _keep(row, made)
    row.save()


def _keep(row: ArchivedCase, made: CaseArchive) -> None:
    """Under the case's number: what a killed worker left there is written over."""
    name = f"{row.run.folder}/{row.application_id}.zip"
    default_storage.delete(name)
    row.content.name = default_storage.save(name, File(made.content, name))
    row.file_name, row.size, row.sha256, row.sm3 = (
        made.file_name, made.size, made.sha256, made.sm3,
    )  # fmt: skip
    row.is_good, row.words = made.is_good, "；".join(made.bad)


def drop_over() -> int:
    """Throw away what was kept for a week, its packages first."""
    over = ArchiveYear.objects.over(timezone.now())[:MOST_OVER]
    return len(each(over, _drop, what="删除到期的归档信息包"))


def _drop(run: ArchiveYear) -> None:
    for name in packages_in(run):
        default_storage.delete(name)
    run.delete()


def packages_in(run: ArchiveYear) -> list[str]:
    """Names in storage, also of what has no row; none where nothing was ever kept."""
    try:
        return [f"{run.folder}/{name}" for name in default_storage.listdir(run.folder)[1]]
    except FileNotFoundError:
        return []
