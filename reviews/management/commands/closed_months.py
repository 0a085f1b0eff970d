"""`script/manage closed_months [--write]`: the sums of months that are over, reckoned anew."""

from argparse import ArgumentParser
from typing import Any

from django.db import DatabaseError

from core.json_commands import JSONCommand
from reviews.times.checking import check_months, write_months


class Command(JSONCommand):
    help = "重新计算已结算月份的部门用时，与存下的对照：一致退出码为0，有出入为1。"
    usage = "script/manage closed_months [--write]"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--write", action="store_true", help="先结算还没有结算的和有出入的月份，再对照"
        )

    def handle(self, *args: Any, write: bool, **options: Any) -> None:
        try:
            written = write_months() if write else []
            checked = check_months()
        except DatabaseError:
            self.refuse("本系统的数据库还没有建好或连不上，不能对照。")
        differing = [one for one in checked if one.differences]
        self.answer(
            {
                "months": len(checked),
                "written": [f"{first:%Y-%m}" for first in written],
                "differences": [
                    {"month": f"{one.first:%Y-%m}", "of": list(one.differences)}
                    for one in differing
                ],
            },
            status=1 if differing else 0,
        )
