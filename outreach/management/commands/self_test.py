"""`manage.py self_test --questions` and `manage.py self_test ANSWERS.json`, for other programs."""

import json
import sys
from argparse import ArgumentParser
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from outreach.self_test.command import UNREADABLE, Answer, judged, questions


class Command(BaseCommand):
    help = (
        "资格自测，输出一个JSON对象。--questions 列出题目；给出回答文件（{题目编号: 选项编号}）则"
        "得出结果。退出码：可以办（yes）或还有下一题（next）为0，"
        "还不能办（not_yet）或要先来电（call）为1，读不懂或编号不存在为2。"
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("answers", nargs="?", metavar="ANSWERS.json", help="回答文件")
        parser.add_argument("--questions", action="store_true", help="列出题目和选项")
        # argparse would answer in English, and not with JSON.
        parser.error = lambda message: self.end(_misused())  # type: ignore[method-assign]

    def handle(self, *args: Any, **options: Any) -> None:
        name, wants_questions = options["answers"], options["questions"]
        if bool(name) == wants_questions:
            self.end(_misused())
        try:
            answer = questions() if wants_questions else judged(name)
        except DatabaseError:
            answer = {"error": "数据库不可用，请稍后再试。"}, UNREADABLE
        self.end(answer)

    def end(self, answer: Answer) -> NoReturn:
        content, status = answer
        # Chinese as it is where the terminal can show it, escaped where it cannot.
        plain = "utf" in (getattr(sys.stdout, "encoding", None) or "").lower()
        self.stdout.write(json.dumps(content, ensure_ascii=not plain))
        self.stdout.flush()
        sys.exit(status)


def _misused() -> Answer:
    return {"error": "用法：self_test --questions，或 self_test ANSWERS.json。"}, UNREADABLE
