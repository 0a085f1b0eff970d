"""station export [FILE], station init FILE: this station as a file, and another one from it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

from accounts.models import Department
from core.faults import fault_words
from core.json_commands import JSONCommand
from wanzhou_abtc.station import file
from wanzhou_abtc.station.setting_up import StationRefused, set_up

NEXT = "请重新启动门户，让每个进程都按新的名称和时限办；新的部门还要建账户。"


class Command(JSONCommand):
    help = "导出本服务站的设置，或按一个文件设置服务站。"
    usage = "station export [FILE] 或 station init FILE [--dry-run] [--over-live-cases]"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("act", choices=("init", "export"))
        parser.add_argument("file", nargs="?", help="JSON或TOML；导出只写JSON")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument("--over-live-cases", action="store_true", help="有在办的也照改")

    def handle(self, *args: Any, **options: Any) -> None:
        # A new station begins with this command, before the portal has ever run.
        if Department._meta.db_table not in connection.introspection.table_names():
            call_command("migrate", verbosity=0)
        if options["act"] == "export":
            self._export(options["file"])
            return
        if not options["file"]:
            self.refuse(f"要写明文件。用法：{self.usage}")
        try:
            content = file.read(Path(options["file"]))
        except file.FileUnreadable as unreadable:
            self.refuse(str(unreadable))
        if faults := file.faults_of(content):
            self.answer({"accepted": False, "problems": faults}, 1)
        if options["dry_run"]:
            self.answer({"accepted": True, "problems": []})
            return
        try:
            changed = set_up(content, over_live_cases=options["over_live_cases"])
        except StationRefused as refused:
            self.answer({"accepted": False, "problems": [{"place": "", "words": str(refused)}]}, 1)
            return
        is_new = any(changed.values())
        self.answer(
            {
                "accepted": True,
                "problems": [],
                "changed": changed,
                "next": NEXT if is_new else "与现在的一样，没有改动。",
            }
        )

    def _export(self, name: str | None) -> None:
        content = file.export()
        if name is None:
            self.answer(content)
            return
        try:
            Path(name).write_text(file.as_text(content), encoding="utf-8")
        except OSError as error:
            self.refuse(f"写不进去：{fault_words(error)}。")
        self.answer({"accepted": True, "file": Path(name).name})
