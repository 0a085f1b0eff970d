"""Laying packages down where the command was told: built aside, checked, renamed at the end."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from core.laying_down import aside, settle
from core.spreadsheets import csv_lines
from reports.archiving.bag import CHUNK, BagBroken, read_back, unpack
from reports.archiving.building import CaseArchive, build_archive
from reports.archiving.case_papers import ArchiveRefused
from reports.archiving.properties import SealBook
from reports.archiving.recording import record_made
from reports.archiving.years import LIST_HEAD, LIST_NAME, closed_in, list_row

Told = Callable[[int, int], None]


def lay_down(made: CaseArchive, to: Path) -> Path:
    """As a ZIP where `to` ends so, else as a folder that is the bag itself.

    Nothing half done is ever under that name. Raises PlaceRefused and BagBroken.
    """
    with aside(to) as beside:
        if to.suffix.lower() == ".zip":
            _copy(made, beside)
        else:
            unpack(made.content, beside)
        settle(beside, to)
    return to


@dataclass
class YearLaidDown:
    """What came of a year: how many packages, and which cases are not good, with the reason."""

    path: Path
    made: int = 0
    bad: dict[str, str] = field(default_factory=dict)


def lay_down_year(year: int, to: Path, *, told: Told) -> YearLaidDown:
    """A folder of packages and their list; a case of which none can be made stands in the list."""
    done, seals = YearLaidDown(to), SealBook()
    cases = closed_in(year)
    total, rows = cases.count(), [LIST_HEAD]
    with aside(to) as beside:
        beside.mkdir(mode=0o700)
        told(0, total)
        for place, application in enumerate(cases.iterator(chunk_size=50), start=1):
            try:
                made = build_archive(application, seals=seals)
            except ArchiveRefused as refused:
                done.bad[application.reference] = str(refused)
                rows.append(list_row(application, None, str(refused)))
            else:
                with made.content:
                    _copy(made, beside / made.file_name)
                record_made(application, made, by=None)
                done.made += 1
                if not made.is_good:
                    done.bad[application.reference] = "；".join(made.bad)
                rows.append(list_row(application, made, "；".join(made.bad)))
            told(place, total)
        (beside / LIST_NAME).write_bytes("".join(csv_lines(rows)).encode())
        settle(beside, to)
    return done


def _copy(made: CaseArchive, at: Path) -> None:
    """The package on disk, read back from there."""
    made.content.seek(0)
    descriptor = os.open(at, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        shutil.copyfileobj(made.content, target, CHUNK)
        target.flush()
        os.fsync(target.fileno())
    with at.open("rb") as written:
        if read_back(written)[0] != made.sha256:
            raise BagBroken("写到磁盘上的归档信息包与生成的不一致")
