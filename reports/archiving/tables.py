"""Review tables and opinions of an archived case: the signed files of every round, and in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.template.loader import render_to_string

from applications.models import Application
from core.text import printable
from reports.archive_stream import ArchivedFile
from reports.archiving.names import part
from reviews.models import Opinion, ReviewTable, Revision, WetScan

FOLDER = "01_审核表"


@dataclass(frozen=True)
class ArchivedRound:
    """One round: its table, its chain of files, its departments' opinions, its scans."""

    table: ReviewTable
    revisions: Sequence[Revision]
    opinions: Sequence[Opinion]
    scans: Sequence[WetScan]

    @property
    def newest(self) -> Revision:
        return self.revisions[-1]


def rounds_of(application: Application) -> list[ArchivedRound]:
    """All rounds, void ones as well, the first first."""
    opinions = Opinion.objects.select_related(
        "department", "signed_by__department", "certificate", "paper_scan"
    )
    scans = WetScan.objects.filter(confirmed_at__isnull=False).order_by("pk")
    tables = application.tables.order_by("round").prefetch_related(
        Prefetch("revisions", Revision.objects.select_related("file").order_by("sequence")),
        Prefetch("opinions", opinions.order_by("department__position")),
        Prefetch("scans", scans.prefetch_related("pages__file")),
    )
    return [
        ArchivedRound(
            table, list(table.revisions.all()), list(table.opinions.all()), list(table.scans.all())
        )
        for table in tables
    ]


def table_files(rounds: Sequence[ArchivedRound]) -> Iterator[ArchivedFile]:
    """The newest file of each round, which holds every earlier one; and scans of stamped sheets."""
    for one in rounds:
        table = one.table
        folder = f"{FOLDER}/第{table.round}轮_{table.get_status_display()}"
        name = part(f"审核表_{table.number}_第{table.round}轮")
        what = f"审核表{table}（{table.get_status_display()}），带电子签名"
        yield ArchivedFile(f"{folder}/{name}.pdf", what, stored=one.newest.file)
        for scan in one.scans:
            for page in scan.pages.all():
                path = f"{folder}/盖章扫描件{scan.pk}/{page.position:02d}.{page.file.extension}"
                words = f"审核表{table}的盖章扫描件第{page.position}页"
                yield ArchivedFile(path, words, stored=page.file)


def opinions_page(application: Application, rounds: Sequence[ArchivedRound]) -> ArchivedFile:
    """What every department said, to be read by people; the signed table is what counts."""
    context = {"application": application, "rounds": rounds}
    page = printable(render_to_string("reports/pdf/opinions.html", context))
    return ArchivedFile("02_部门意见/部门意见.html", "各部门意见全文，用浏览器打开", page.encode())
