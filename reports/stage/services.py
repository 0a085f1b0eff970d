"""Stage reports: asked for, counted at once or by a worker, and written on by the officer."""

from collections.abc import Mapping
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from applications.models import StatusChange
from core.versions import claim
from reports.models import KEPT, StageReport
from reports.stage.periods import Period
from reports.stage.sections import SECTIONS
from reports.stage.steps import count
from reports.stage.tasks import hand_over

# With more moves of applications than this in both periods, a worker counts.
AT_ONCE: Final = 3_000


def ask_for(period: Period, *, by: User, nonce: str) -> StageReport:
    """The report of this period: counted at once where that is quick. Sent twice it is one."""
    report, is_new = _begin(period, by=by, nonce=nonce)
    if is_new and is_small(period):
        count(report.pk)
    elif is_new:
        hand_over(report.pk)
    report.refresh_from_db()
    return report


def _begin(period: Period, *, by: User, nonce: str) -> tuple[StageReport, bool]:
    try:
        with transaction.atomic():
            report = StageReport.objects.create(
                first=period.first,
                last=period.last,
                section_count=len(SECTIONS),
                created_by=by,
                nonce=nonce,
            )
            record("stage_report.ask", report, by=by, after={"period": period.words})
    except IntegrityError:
        return StageReport.objects.get(nonce=nonce), False
    return report, True


def is_small(period: Period) -> bool:
    """Little enough to be counted while one waits."""
    moves = StatusChange.objects.filter(at__gte=period.before.start, at__lt=period.end)
    return moves.order_by()[: AT_ONCE + 1].count() <= AT_ONCE


@transaction.atomic
def write_words(report: StageReport, words: Mapping[str, str], *, by: User) -> StageReport:
    """Keep what the officer writes; the week begins anew. Raises core.versions.Overtaken."""
    claim(report)
    report.words = {name: text for name, text in words.items() if text}
    report.expires_at = timezone.now() + KEPT
    report.save(update_fields=["words", "version", "expires_at"])
    record("stage_report.write", report, by=by, after={"parts": sorted(report.words)})
    return report
