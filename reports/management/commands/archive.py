"""`script/manage archive APPLICATION TO` and `archive --year YEAR TO`: archive packages, as JSON.

Exit 0: made, and all that was looked at is good; 1: the case is not over, a file is missing or
altered, or something is not good; 2: nothing could be done (no such case, no place to write).
"""

import logging
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.db import DatabaseError

from applications.filters import REFERENCE
from applications.models import Application
from core import text
from core.faults import fault_words
from core.json_commands import JSONCommand
from core.laying_down import PlaceRefused
from core.reading import whole_number
from reports.archiving.bag import BagBroken
from reports.archiving.building import build_archive
from reports.archiving.case_papers import ArchiveRefused
from reports.archiving.laying_down import lay_down, lay_down_year
from reports.archiving.recording import record_made

logger = logging.getLogger(__name__)
NOT_GOOD = 1


class Command(JSONCommand):
    help = "把办结的申请做成归档信息包（BagIt）：输出一个JSON对象。"
    usage = "archive 申请编号 目标（新的文件夹，或以.zip结尾）；archive --year 2026 新的文件夹"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("what", nargs="+", metavar="APPLICATION TO")
        parser.add_argument("--year", help="这一年办结的全部申请；只再给出目标文件夹")

    def handle(self, *args: Any, what: list[str], year: str | None, **options: Any) -> None:
        if len(what) != (1 if year else 2):
            self.refuse(f"参数不对。用法：{self.usage}")
        try:
            if year:
                self._year(whole_number(year, least=2000, most=2100, default=None), what[0])
            else:
                self._case(what[0], what[1])
        except PlaceRefused as refused:
            self.refuse(str(refused))
        except DatabaseError:
            self.refuse("本系统的数据库还没有建好或连不上，不能归档。")
        # A program asked: whatever happens, it reads an answer of the one form.
        except Exception as error:
            logger.exception("归档没有做成")
            self.refuse(f"{fault_words(error) or '系统出错了'}，不能归档。")

    def _case(self, named: str, to: str) -> None:
        application = _application(named)
        if application is None:
            self.refuse(f"没有编号是“{named}”的申请。")
        try:
            made = build_archive(application)
        except ArchiveRefused as refused:
            self.leave({"good": False, "case": application.reference, "reason": str(refused)}, 1)
        with made.content:
            try:
                path = lay_down(made, Path(to))
            except BagBroken as broken:
                self.refuse(f"{broken}，没有留下任何文件。")
        record_made(application, made, by=None)
        self.answer(
            {
                "good": made.is_good,
                "case": application.reference,
                "path": str(path),
                "files": made.file_count,
                "sha256": made.sha256,
                "sm3": made.sm3,
                "reason": "；".join(made.bad),
                "checks": [one.as_json() for one in made.checks],
            },
            status=0 if made.is_good else NOT_GOOD,
        )

    def _year(self, year: int | None, to: str) -> None:
        if year is None:
            self.refuse("年份是四位数字，例如2026。")
        done = lay_down_year(year, Path(to), told=self._told)
        self.answer(
            {
                "good": not done.bad,
                "year": year,
                "path": str(done.path),
                "packages": done.made,
                "bad": done.bad,
            },
            status=NOT_GOOD if done.bad else 0,
        )

    def _told(self, done: int, total: int) -> None:
        """How far it is; standard output is the answer's alone."""
        self.stderr.write(f"{done}／{total}")


def _application(named: str) -> Application | None:
    found = REFERENCE.fullmatch(text.dashes_as_hyphens(text.compact(named)))
    if found is None:
        return None
    cases = Application.objects.with_people().filter(pk=int(found["pk"]))
    if found["year"]:
        cases = cases.filter(created_at__year=int(found["year"]))
    return cases.first()
