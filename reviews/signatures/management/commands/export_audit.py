"""`script/manage export_audit FROM TO FOLDER`: the trail of a period with its proof, as JSON.

Exit 0: laid down, and the newest row is anchored; 1: laid down, and today's anchor still comes;
2: nothing laid down.
"""

import logging
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.db import DatabaseError
from django.utils.dateparse import parse_date

from core.faults import fault_words
from core.json_commands import JSONCommand
from core.laying_down import PlaceRefused
from reviews.signatures.anchors.exporting import NothingSealed, export_audit

logger = logging.getLogger(__name__)


class Command(JSONCommand):
    help = "导出一段时间的审计记录和它的证明，不用门户就能核对：输出一个JSON对象。"
    usage = "script/manage export_audit 2026-11-01 2026-11-30 新的文件夹"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("first", metavar="FROM")
        parser.add_argument("last", metavar="TO")
        parser.add_argument("folder", metavar="FOLDER")

    def handle(self, *args: Any, first: str, last: str, folder: str, **options: Any) -> None:
        begin, end = _day(first), _day(last)
        if begin is None or end is None or begin > end:
            self.refuse(f"日期写成2026-11-30的样子，先早后晚。用法：{self.usage}")
        try:
            made = export_audit(begin, end, Path(folder))
        except NothingSealed:
            self.refuse("这段时间没有封存的审计记录，没有导出。")
        except PlaceRefused as refused:
            self.refuse(str(refused))
        except DatabaseError:
            self.refuse("本系统的数据库还没有建好或连不上，不能导出。")
        # A program asked: whatever happens, it reads an answer of the one form.
        except Exception as error:
            logger.exception("审计记录没有导出")
            self.refuse(f"{fault_words(error) or '系统出错了'}，不能导出。")
        self.answer(
            {
                "path": folder,
                "seals": made.seals,
                "rows": made.rows,
                "anchors": made.anchors,
                "anchored": made.anchored,
            },
            status=0 if made.anchored else 1,
        )


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
