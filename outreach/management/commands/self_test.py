"""`manage.py self_test --questions` and `manage.py self_test ANSWERS.json`, for other programs."""

from argparse import ArgumentParser
from typing import Any

from django.db import DatabaseError

from core.json_commands import JSONCommand
from outreach.self_test.command import judged, questions


class Command(JSONCommand):
    help = (
        "资格自测，输出一个JSON对象。--questions 列出题目；给出回答文件（{题目编号: 选项编号}）则"
        "得出结果。退出码：可以办（yes）或还有下一题（next）为0，"
        "还不能办（not_yet）或要先来电（call）为1，读不懂或编号不存在为2。"
    )
    usage = "self_test --questions，或 self_test ANSWERS.json。"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("answers", nargs="?", metavar="ANSWERS.json", help="回答文件")
        parser.add_argument("--questions", action="store_true", help="列出题目和选项")

    def handle(self, *args: Any, **options: Any) -> None:
        name, wants_questions = options["answers"], options["questions"]
        if bool(name) == wants_questions:
            self.refuse(f"参数不对。用法：{self.usage}")
        try:
            answer = questions() if wants_questions else judged(name)
        except DatabaseError:
            self.refuse("数据库不可用，请稍后再试。")
        self.leave(*answer)
