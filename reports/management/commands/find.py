"""`script/manage find WORDS…`: what an officer finds, as one JSON object."""

from argparse import ArgumentParser
from typing import Any

from django.db import DatabaseError

from accounts.models import Role, User
from core.json_commands import JSONCommand
from core.text import line
from finding.search import LEAST
from reports.finding.results import search


class Command(JSONCommand):
    help = "按名称、号码或编号查找，结果与服务站专员看到的相同。找到退出码为0，没有找到为1。"
    usage = "script/manage find 要找的字……"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("words", nargs="+")

    def handle(self, *args: Any, words: list[str], **options: Any) -> None:
        asked = line(" ".join(words))
        if len(asked) < LEAST:
            self.refuse(f"请至少写{LEAST}个字。", results=[])
        try:
            groups = search(asked, by=User(role=Role.STATION_OFFICER))
        except DatabaseError:
            self.refuse("本系统的数据库还没有建好或连不上，不能查找。", results=[])
        found = [
            {"kind": result.kind, "label": result.label, "url": result.url}
            for group in groups
            for result in group.results
        ]
        self.answer({"results": found}, 0 if found else 1)
