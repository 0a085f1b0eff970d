"""`script/manage stage_report FROM TO --json`: the report's figures by name, as one JSON object."""

from argparse import ArgumentParser
from typing import Any

from django.db import DatabaseError

from core.json_commands import JSONCommand
from reports.stage.building import build
from reports.stage.content import Number, ReportContent
from reports.stage.periods import Period, PeriodRefused, read_period


class Command(JSONCommand):
    help = "一段时间的工作报告指标，与上一段时间对照。统计出来退出码为0。"
    usage = "script/manage stage_report 2026-11-01 2026-11-30 --json"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("first", metavar="FROM")
        parser.add_argument("last", metavar="TO")
        # It answers in no other form; the word is there for who calls it.
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, first: str, last: str, **options: Any) -> None:
        try:
            period = read_period(first, last)
        except PeriodRefused as refused:
            self.refuse(str(refused))
        try:
            content = build(period)
        except DatabaseError:
            self.refuse("本系统的数据库还没有建好或连不上，不能统计。")
        self.answer(answer_of(period, content))


def answer_of(period: Period, content: ReportContent) -> dict[str, Any]:
    """Both periods, each figure by its code, and what each is called."""
    figures = content.figures
    now: dict[str, Number] = {one.code: one.value for one in figures}
    before: dict[str, Number] = {one.code: one.earlier for one in figures}
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "before": {
            "from": period.before.first.isoformat(),
            "to": period.before.last.isoformat(),
            "figures": before,
        },
        "figures": now,
        "labels": {one.code: one.label for one in figures},
        "units": {one.code: one.unit for one in figures},
    }
