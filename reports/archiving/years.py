"""Years of archive packages: which cases were over in one, and the list that goes with them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from applications.models import Application, ApplicationQuerySet
from applications.workflow import FINAL
from core.dates import sheet_moment
from reports.archiving.building import CaseArchive
from reports.archiving.checks import CheckResult
from reports.models import ArchivedCase

LIST_NAME: Final = "00_归档清单.csv"
LIST_HEAD: Final[Sequence[Any]] = (
    "编号", "单位", "申请人", "情况", "办结时间", "归档信息包", "大小（字节）", "SHA-256", "SM3",
    "四性检测", "说明",
)  # fmt: skip
NOT_MADE: Final = "没有生成"


def closed_in(year: int) -> ApplicationQuerySet:
    """Cases that were over in this year by the station's clock, in order of their numbers."""
    zone = timezone.get_current_timezone()
    first, after = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    over = Application.objects.filter(status__in=FINAL).with_people()
    return over.filter(status_since__gte=first, status_since__lt=after).order_by("pk")


def years_of_cases() -> list[int]:
    """This year and those before it in which the portal had cases, the newest first."""
    this_year = timezone.localdate().year
    first = Application.objects.order_by("pk").values_list("created_at", flat=True).first()
    since = timezone.localtime(first).year if first else this_year
    return list(range(this_year, min(since, this_year) - 1, -1))


def list_row(
    application: Application, made: CaseArchive | ArchivedCase | None, words: str = ""
) -> Sequence[Any]:
    about = (
        application.reference,
        application.enterprise.name,
        application.applicant.name,
        application.get_status_display(),
        sheet_moment(application.status_since),
    )
    if made is None:
        return (*about, "", "", "", "", NOT_MADE, words)
    result = CheckResult.GOOD if made.is_good else CheckResult.BAD
    return (*about, made.file_name, made.size, made.sha256, made.sm3, str(result), words)


def list_of(cases: Iterable[ArchivedCase]) -> Iterator[Sequence[Any]]:
    """The same list of a year that was made by a worker."""
    yield LIST_HEAD
    for one in cases:
        yield list_row(one.application, one if one.has_package else None, one.words)
