"""`manage.py export_ledger FILE`: the demand ledger as xlsx or csv, with the head of its import."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.db import DatabaseError

from accounts.audit import record
from core.json_commands import JSONCommand
from core.spreadsheets import csv_lines
from enterprises.ledger.exporting import table_rows, write_table
from enterprises.models import Demand

NOT_WRITTEN = 1


class Command(JSONCommand):
    help = "把需求台账存成表格（xlsx或csv，看文件名的结尾），列名与导入相同，输出一个JSON对象。"
    usage = "export_ledger FILE.xlsx 或 export_ledger FILE.csv"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE", help="存到这里")

    def handle(self, *args: Any, **options: Any) -> None:
        ending = Path(options["file"]).suffix.lower()
        if ending not in (".xlsx", ".csv"):
            self.refuse(f"文件名应以.xlsx或.csv结尾。用法：{self.usage}")
        try:
            count = (_as_xlsx if ending == ".xlsx" else _as_csv)(Path(options["file"]))
            record("demand.export", Demand(), by=None, after={"rows": count})
        except DatabaseError:
            self.refuse("数据库不可用，或者还没有建好，没有导出。")
        except (OSError, ValueError):
            self.leave({"error": "表没有存成，请核对路径和权限。"}, NOT_WRITTEN)
        self.answer({"rows": count, "file": options["file"]})


def _as_xlsx(path: Path) -> int:
    with path.open("wb") as file:
        return write_table(file, Demand.objects.all())


def _as_csv(path: Path) -> int:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv_lines(table_rows(Demand.objects.all()))
        return sum(1 for line in lines if file.write(line)) - 1
