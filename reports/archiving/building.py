"""Making of an archive package: the case's papers, its metadata, what was checked, the lists."""

import json
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from django.conf import settings

from applications.models import Application
from core.spreadsheets import csv_lines
from core.text import printable
from core.wording import render_text
from reports.archive_stream import ArchivedFile
from reports.archiving import metadata
from reports.archiving.bag import BagBroken, BagEntry, BagWriter, read_back
from reports.archiving.case_papers import ArchiveRefused, closed_at, read_all
from reports.archiving.checks import CheckResult, PropertyCheck, outcome
from reports.archiving.names import part
from reports.archiving.papers_in import consent_files, material_files, materials_of, stated
from reports.archiving.papers_out import (
    course_files,
    filing_files,
    letter_files,
    notice_file,
    notices_of,
)
from reports.archiving.properties import FileLook, SealBook, checks_of
from reports.archiving.tables import opinions_page, rounds_of, table_files
from reports.archiving.trail import extract, trail_files

METADATA: Final = "00_元数据.xml"
INDEX: Final = "00_归档文件目录.csv"


@dataclass(frozen=True)
class CaseArchive:
    """A package that was made and read back. `content` is open at its start and removes itself."""

    name: str
    content: BinaryIO
    size: int
    sha256: str
    sm3: str
    checks: Sequence[PropertyCheck]
    file_count: int

    @property
    def result(self) -> CheckResult:
        return outcome(self.checks)

    @property
    def is_good(self) -> bool:
        return self.result is CheckResult.GOOD

    @property
    def file_name(self) -> str:
        """A package that is not good says so in its name."""
        return f"{self.name}.zip" if self.is_good else f"{self.name}_{CheckResult.BAD}.zip"

    @property
    def bad(self) -> list[str]:
        """What is not good, in words."""
        return [f"{one.what}：{one.words}" for one in self.checks if one.result is CheckResult.BAD]


def require_over(application: Application) -> None:
    """Raises ArchiveRefused of a case that is still going on."""
    if not application.is_over:
        raise ArchiveRefused(
            f"申请{application.reference}现在是“{application.get_status_display()}”，还没有办结。"
            "办结、不予办理或者企业撤回以后才能归档。"
        )


def name_of(application: Application) -> str:
    """Without anybody's name: what the case is called in the portal."""
    return part(f"{application.reference}_归档信息包")


def build_archive(application: Application, *, seals: SealBook | None = None) -> CaseArchive:
    """The package of a case that is over. Fetch it `with_people`.

    The same case gives the same bytes. Raises ArchiveRefused where something is missing, altered
    or cannot be checked: then there is no package at all.
    """
    require_over(application)
    rounds, materials = rounds_of(application), materials_of(application)
    trail = extract(application)
    files = [
        *table_files(rounds),
        *([opinions_page(application, rounds)] if rounds else []),
        stated(materials),
        *material_files(materials),
        *consent_files(application),
        *letter_files(application),
        notice_file(notices_of(application)),
        *course_files(application),
        *trail_files(trail),
        *filing_files(application),
    ]
    with ExitStack() as stack:
        content = stack.enter_context(tempfile.TemporaryFile())
        writer = BagWriter(content, name_of(application), closed_at(application))
        stack.callback(writer.abandon)
        look = FileLook()
        written = _write_payload(writer, files, look)
        described = metadata.metadata(application, rounds, written)
        written.append(("元数据", writer.add(METADATA, described)))
        written.append(("目录", writer.add(INDEX, _index(written))))
        checks = checks_of(
            application,
            rounds=rounds,
            materials=materials,
            trail=trail,
            look=look,
            entries=writer.entries,
            missing_metadata=metadata.required_of(described),
            seals=seals or SealBook(),
        )
        _write_tags(writer, application, checks)
        try:
            digest, sm3 = read_back(content)
        except BagBroken as broken:
            raise ArchiveRefused(f"{broken}，没有生成。请再试一次。") from broken
        size = content.seek(0, 2)
        content.seek(0)
        stack.pop_all()  # from here on whoever takes it closes it
    return CaseArchive(writer.root, content, size, digest, sm3, checks, len(writer.entries))


def _write_payload(
    writer: BagWriter, files: Sequence[ArchivedFile], look: FileLook
) -> list[tuple[str, BagEntry]]:
    written = []
    for entry, data in read_all(files):
        look.at(entry, data)
        written.append((entry.what, writer.add(entry.path, data)))
    return written


def _index(written: Sequence[tuple[str, BagEntry]]) -> bytes:
    rows: list[Sequence[Any]] = [("文件", "内容", "大小（字节）", "SHA-256", "SM3")]
    rows += [(one.path, what, one.size, one.sha256, one.sm3) for what, one in written]
    return "".join(csv_lines(rows)).encode()


def _write_tags(
    writer: BagWriter, application: Application, checks: Sequence[PropertyCheck]
) -> None:
    context = {
        "application": application,
        "root": writer.root,
        "count": len(writer.entries),
        "checks": checks,
        "result": outcome(checks),
        "station_name": settings.STATION_NAME,
        "hotline": settings.HOTLINE,
    }
    writer.tag("说明.txt", _text("reports/archiving/package/readme.txt", context))
    writer.tag("四性检测报告.txt", _text("reports/archiving/package/properties.txt", context))
    told = {
        "case": application.reference,
        "result": str(outcome(checks)),
        "checks": [one.as_json() for one in checks],
    }
    data = json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"
    writer.tag("四性检测报告.json", data)
    writer.close(
        {
            "Source-Organization": settings.STATION_NAME,
            "External-Identifier": application.reference,
            "External-Description": f"{application.get_kind_display()}申请的归档信息包",
        }
    )


def _text(template: str, context: dict[str, Any]) -> bytes:
    """With a byte order mark and Windows line ends, as its Notepad likes best."""
    text = printable(render_text(template, context))
    return text.replace("\n", "\r\n").encode("utf-8-sig")
