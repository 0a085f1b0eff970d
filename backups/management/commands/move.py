"""move --to URL: the database into another one, while the portal stands still."""

from argparse import ArgumentParser
from typing import Any

from backups import moving
from backups.commands import BackupCommand
from backups.refusals import BackupRefused

SWITCHED = "已经改用新的数据库，请启动门户。原来的数据库原样留着，但不能再启动。"
NOT_SWITCHED = "请把 DATABASE_URL 改为新的地址，再启动门户。原来的数据库不能再启动。"


class Command(BackupCommand):
    help = "把数据库整个搬到另一个数据库：SQLite 到 PostgreSQL，或者反过来；文件不动。"
    usage = "move --to URL 或 move --give-up"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--to", metavar="URL", help="空的数据库的地址")
        parser.add_argument("--give-up", action="store_true", help="放弃中断的搬移，继续用原来的")

    def work(self, options: dict[str, Any]) -> dict[str, Any]:
        if options["give_up"]:
            was_held = moving.give_up()
            return {"good": True, "next": "可以启动门户了。" if was_held else "没有中断的搬移。"}
        if not options["to"]:
            raise BackupRefused(f"要写明搬到哪里。用法：{self.usage}")
        moved = moving.move(options["to"])
        return {
            "good": True,
            "tables": len(moved.manifest.tables),
            "rows": moved.manifest.rows,
            "seconds": moved.seconds,
            "switched": moved.is_switched,
            "next": SWITCHED if moved.is_switched else NOT_SWITCHED,
        }
