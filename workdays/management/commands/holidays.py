"""`manage.py holidays import 2027 FILE`: enter the year's notice; the format is in
`workdays/holiday_notices.py`. `manage.py holidays list` shows what is entered."""

import sys
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.db.models import Count, Q

from accounts.models import User
from core.reading import whole_number
from workdays.holiday_notices import (
    FIRST_YEAR,
    LAST_YEAR,
    MAX_BYTES,
    MAX_SOURCE,
    NoticeError,
    doubts_of,
    parse_notice,
)
from workdays.models import HolidayNotice
from workdays.services import import_notice

USAGE = (
    "参数不对。用法：holidays import 2027 文件 [--by 登录名] [--source 来源] [--sure]，"
    "或 holidays list"
)


class Command(BaseCommand):
    help = "录入国务院办公厅的年度节假日安排（CSV 或 JSON），或列出已录入的年份。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["import", "list"])
        parser.add_argument("year", nargs="?")
        parser.add_argument("file", nargs="?", help="文件名，写 - 即从标准输入读取")
        parser.add_argument("--by", help="录入人的登录名")
        parser.add_argument("--sure", action="store_true", help="没有调休或连休，确实如此")
        parser.add_argument("--source", help="通知的出处，如文号或网址；不写则取文件里的 source")
        # argparse would answer in English and at length.
        parser.error = lambda message: self.refuse(USAGE)  # type: ignore[method-assign]

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "list":
            self.show()
        elif options["year"] and options["file"]:
            self.enter(options)
        else:
            self.refuse(USAGE)

    def show(self) -> None:
        counts = HolidayNotice.objects.annotate(
            off=Count("days", filter=Q(days__is_working=False)),
            worked=Count("days", filter=Q(days__is_working=True)),
        )
        for notice in counts:
            self.stdout.write(
                f"{notice.year}年：放假{notice.off}天，调休上班{notice.worked}天；来源：{notice.source}"
            )

    def enter(self, options: dict[str, Any]) -> None:
        year = self.read_year(options["year"])
        by = self.find_user(options["by"]) if options["by"] else None
        try:
            notice = parse_notice(self.read(options["file"]), year)
        except NoticeError as error:
            self.refuse(f"{year}年节假日安排未录入，原有安排不变：\n{error}")
        doubts = doubts_of(notice)
        if doubts and not options["sure"]:
            self.refuse(
                f"{year}年节假日安排未录入，请先核对：{''.join(doubts)}确实如此的，加上 --sure。"
            )
        named = "标准输入" if options["file"] == "-" else f"文件 {Path(options['file']).name}"
        source = options["source"] or notice.source or named
        notice = replace(notice, source=source[:MAX_SOURCE])
        change, moves = import_notice(notice, by=by)
        off = sum(not day.is_working for day in notice.days.values())
        self.stdout.write(
            f"已录入{year}年节假日安排：放假{off}天，调休上班{len(notice.days) - off}天；"
            f"新增{len(change.added)}天，改动{len(change.changed)}天，删除{len(change.removed)}天。"
        )
        if moves:
            self.stdout.write(f"{len(moves)}个办理时限随之改变，已告知有关人员。")

    def read_year(self, written: str) -> int:
        year = whole_number(written, least=FIRST_YEAR, most=LAST_YEAR)
        if not year:
            self.refuse(f"年份“{written}”应为{FIRST_YEAR}到{LAST_YEAR}的四位数。")
        return year

    def find_user(self, username: str) -> User:
        user: User | None = User.objects.active().filter(username__iexact=username).first()
        if user is None:
            self.refuse(f"没有登录名为“{username}”的在用账号。")
        return user

    def read(self, name: str) -> bytes:
        """The file's content, or standard input's for `-`."""
        try:
            if name == "-":
                content = sys.stdin.buffer.read(MAX_BYTES + 1)
            else:
                with Path(name).open("rb") as file:
                    content = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            self.refuse(f"没有文件 {name}，请核对路径。")
        except OSError:
            self.refuse(f"读不了文件 {name}，请核对它是不是文件、可不可读。")
        if len(content) > MAX_BYTES:
            self.refuse(f"文件 {name} 超过1 MB，不会是一份节假日安排。")
        return content

    def refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(2)
