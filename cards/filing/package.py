"""Package for the national system: a ZIP of pictures, signed table and copy sheet.

The same application gives the same bytes: fixed times, order and names, nothing compressed, and
a spreadsheet whose own clock is set to the day of endorsement.
"""

import hashlib
import io
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, BinaryIO

from django.conf import settings
from django.template.loader import render_to_string
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from applications.dossier.dossier import Dossier
from applications.dossier.loading import load_dossier
from cards.filing.national import Endorsed, groups_of, replaced_by_table, steps
from core.faults import fault_words
from core.spreadsheets import write_text
from core.text import line, printable
from core.wording import render_text
from files.leaving import OutgoingPicture, leave
from files.models import StoredFile
from files.refusals import FileRefused, PictureRefused
from materials.kind import MaterialKind
from materials.numbers import TABLE_NUMBER
from reviews.models import ReviewTable
from reviews.pdf import JPEG_LIMIT, RenderingFailed
from reviews.revisions import RevisionAltered, load
from reviews.table_pictures import table_pictures

# Explorer still stumbles over paths beyond 260 characters; names stay far below.
LONGEST_NAME = 60
FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
RESERVED = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}
)


class PackageFailed(Exception):
    """The package cannot be put together; the sentence says what is missing and whom to ask."""


@dataclass(frozen=True)
class Entry:
    """One picture of the package and where it belongs in the national system; or the signed PDF.

    Its bytes lie from `start` on in the file in which the pictures are laid down meanwhile.
    """

    number: int
    material: str
    name: str
    facts: str
    sha256: str
    start: int
    size: int
    # Of the table: from the scan of the stamped paper, not drawn from the signed file.
    is_stamped: bool = False


@dataclass(frozen=True)
class Package:
    """`content` is open at its start and removes itself when it is closed."""

    name: str
    content: BinaryIO
    sha256: str
    file_count: int


def build(case: Endorsed) -> Package:
    """Put the package of an endorsed application together, with its table where it has one.

    Every picture leaves upright,
    as one frame in sRGB, without notes (files.leaving). Raises PackageFailed when a stored picture
    is not there, or the table cannot be made a picture.
    """
    dossier, table = load_dossier(case.application), case.table
    moment = case.at
    with tempfile.TemporaryFile() as laid:
        entries = [*_pictures(dossier, laid), *(_table(table, laid) if table else ())]
        kept = [_signed(table, laid)] if table else []
        sheets = {
            "00_填报信息.xlsx": _spreadsheet(case, entries, moment),
            "00_填报信息.html": _page(case, dossier, entries),
            "README_使用说明.txt": _readme(case, dossier, entries, kept),
        }
        content = _zipped(sheets, [*entries, *kept], laid, moment)
    content.seek(0)
    readable: Any = content
    sha256 = hashlib.file_digest(readable, "sha256").hexdigest()
    content.seek(0)
    application = case.application
    name = windows_name(f"国家系统材料包_{application.applicant.name}_{application.reference}")
    return Package(f"{name}.zip", content, sha256, len(entries) + len(kept))


def _zipped(
    sheets: Mapping[str, bytes], entries: Sequence[Entry], laid: BinaryIO, moment: datetime
) -> BinaryIO:
    """A file that removes itself when it is closed: a hundred scans are too much for memory."""
    with ExitStack() as stack:
        content = stack.enter_context(tempfile.TemporaryFile())
        with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
            for name, data in sheets.items():
                _add(archive, name, data, moment)
            for entry in entries:
                laid.seek(entry.start)
                _add(archive, entry.name, laid.read(entry.size), moment)
        stack.pop_all()  # from here on whoever sends it closes it
    return content


def windows_name(text: str) -> str:
    """A file name, without its extension, that Windows, a ZIP and a mail all take."""
    kept = "".join(c for c in line(text) if unicodedata.category(c)[0] != "C")
    kept = FORBIDDEN.sub("_", kept)[:LONGEST_NAME].strip(" .")
    return f"_{kept}" if kept.upper() in RESERVED or not kept else kept


def _pictures(dossier: Dossier, laid: BinaryIO) -> Iterator[Entry]:
    """Every page in the order of Annex 3: 08-01_申请人照片.jpg."""
    for item in dossier.items:
        if item.material.by_review_table:
            continue
        for place, page in enumerate(item.pages, start=1):
            stem = windows_name(f"{item.number:02d}-{place:02d}_{item.kind.name}")
            picture = _leaving(page.file, item.kind)
            yield _laid_down(laid, item.number, item.kind.name, stem, picture)


def _table(table: ReviewTable, laid: BinaryIO) -> Iterator[Entry]:
    try:
        pictures = table_pictures(table)
    except (RenderingFailed, RevisionAltered, FileRefused) as error:
        raise PackageFailed(f"材料包没有生成：{error}") from error
    except OSError as error:
        raise PackageFailed(f"材料包没有生成：{fault_words(error)}。") from error
    material = f"审核表（{table.department_count}个部门已签署或盖章）"
    for place, page in enumerate(pictures, start=1):
        name = "审核表_盖章扫描件" if page.is_stamped else "审核表"
        stem = windows_name(f"{TABLE_NUMBER}-{place:02d}_{name}_{table.number}")
        picture = leave(page.data, below=JPEG_LIMIT)
        entry = _laid_down(laid, TABLE_NUMBER, material, stem, picture)
        yield replace(entry, facts=f"{entry.facts}，{page.words}", is_stamped=page.is_stamped)


def _signed(table: ReviewTable, laid: BinaryIO) -> Entry:
    """The table with its electronic signatures, to be kept; the national system takes no PDF."""
    try:
        data = load(table.newest_revision())
    except RevisionAltered as error:
        raise PackageFailed(f"材料包没有生成：{error}") from error
    start = laid.tell()
    laid.write(data)
    return Entry(
        TABLE_NUMBER,
        "审核表（带电子签名）",
        f"{windows_name(f'{TABLE_NUMBER}_审核表_{table.number}_电子签名留存')}.pdf",
        "PDF，带电子签名，留存备查，不上传国家系统",
        hashlib.sha256(data).hexdigest(),
        start,
        len(data),
    )


def _leaving(stored: StoredFile, kind: MaterialKind) -> OutgoingPicture:
    what = f"材料{kind.number}“{kind.name}”"
    try:
        with stored.content.open("rb") as file:
            data = file.read()
    except OSError as error:
        raise PackageFailed(
            f"材料包没有生成：{what}的文件在存储中打不开。请联系服务站（{settings.HOTLINE}）处理。"
        ) from error
    try:
        return leave(data, below=kind.below_bytes or settings.MAX_UPLOAD_BYTES)
    except PictureRefused as refusal:
        raise PackageFailed(f"材料包没有生成：{what}：{refusal}") from refusal


def _laid_down(
    laid: BinaryIO, number: int, material: str, stem: str, picture: OutgoingPicture
) -> Entry:
    start = laid.tell()
    laid.write(picture.data)
    return Entry(
        number,
        material,
        f"{stem}.{picture.extension}",
        picture.facts,
        hashlib.sha256(picture.data).hexdigest(),
        start,
        len(picture.data),
    )


def _add(archive: zipfile.ZipFile, name: str, data: bytes, moment: datetime) -> None:
    # A ZIP counts from 1980 in steps of two seconds; no zone, so the time in Shanghai.
    info = zipfile.ZipInfo(name, date_time=moment.timetuple()[:6])
    info.create_system = 0
    info.external_attr = 0
    archive.writestr(info, data)


# What has to be typed --------------------------------------------------------------------------


def _spreadsheet(case: Endorsed, entries: Sequence[Entry], moment: datetime) -> bytes:
    book = Workbook()
    naive = moment.replace(tzinfo=None)
    book.properties.creator = settings.STATION_NAME
    book.properties.created = naive
    fields = book.worksheets[0]
    fields.title = "填报信息"
    _write(fields, ("类别", "项目", "填写内容", "说明"), (14, 20, 48, 44))
    for group in groups_of(case):
        for field in group.fields:
            _write(fields, (group.title, field.label, field.value, field.note))
    uploads = book.create_sheet("上传图片")
    _write(uploads, ("材料编号", "材料", "文件名", "文件情况"), (10, 34, 48, 34))
    for entry in entries:
        _write(uploads, (str(entry.number), entry.material, entry.name, entry.facts))
    written = io.BytesIO()
    book.save(written)
    return _with_fixed_clock(written, moment)


def _write(sheet: Worksheet, texts: Sequence[str], widths: Sequence[int] = ()) -> None:
    """One row of texts; `widths` make it the head. Nothing becomes a formula or a number."""
    row = 1 if widths else sheet.max_row + 1
    for column, text in enumerate(texts, start=1):
        cell = sheet.cell(row, column)
        write_text(cell, text)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if widths:
            cell.font = Font(bold=True)
            sheet.column_dimensions[get_column_letter(column)].width = widths[column - 1]
    if widths:
        sheet.freeze_panes = "A2"


def _with_fixed_clock(written: io.BytesIO, moment: datetime) -> bytes:
    """openpyxl writes the present moment into the file and into each of its parts."""
    stamp = f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode()
    target = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, data)
            _add(archive, name, data, moment)
    return target.getvalue()


def _page(case: Endorsed, dossier: Dossier, entries: Sequence[Entry]) -> bytes:
    context = {
        "title": f"{case.application.applicant.name}：国家系统填报信息",
        "words": case.words,
        "groups": groups_of(case),
        "entries": entries,
        "by_table": replaced_by_table(dossier.items),
        "table_number": TABLE_NUMBER,
    }
    return printable(render_to_string("cards/filing/package/fields.html", context)).encode()


def _readme(
    case: Endorsed, dossier: Dossier, entries: Sequence[Entry], kept: Sequence[Entry]
) -> bytes:
    """With a byte order mark and Windows line ends, as its Notepad likes best."""
    context = {
        "application": case.application,
        "words": case.words,
        "steps": steps(case, in_folder=True),
        "entries": entries,
        "kept": kept,
        "stamped": {entry.is_stamped for entry in entries if entry.number == TABLE_NUMBER},
        "by_table": replaced_by_table(dossier.items),
        "table_number": TABLE_NUMBER,
        "station_name": settings.STATION_NAME,
        "hotline": settings.HOTLINE,
    }
    text = printable(render_text("cards/filing/package/readme.txt", context))
    return text.replace("\n", "\r\n").encode("utf-8-sig")
