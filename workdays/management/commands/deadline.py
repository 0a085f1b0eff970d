"""`manage.py deadline 2026-09-30T10:00 [--days 3]`: the deadline, for those who plan around it."""

import sys
from argparse import ArgumentParser
from datetime import datetime
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection

from core.reading import whole_number
from workdays.calendar import (
    PROVISIONAL_NOTE,
    STATION_TIME,
    Calendar,
    bundled_calendar,
    load_calendar,
    local,
)
from workdays.clock import deadline
from workdays.models import WorkdayOverride

USAGE = "参数不对。用法：deadline 2026-09-30T10:00 [--days 3]"
# Notices that the portal carries begin in 2004; there is nothing to plan a lifetime ahead.
FIRST_YEAR, LAST_YEAR, MOST_DAYS = 2004, 2099, 250


class Command(BaseCommand):
    help = "打印自所给时刻起若干个工作日的截止时刻（ISO 8601，北京时间）。"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("start", help="受理时刻，如 2026-09-30T10:00；不写时区即北京时间")
        parser.add_argument("--days", help="工作日数，不写即本站设定的目标天数")
        # argparse would answer in English and at length.
        parser.error = lambda message: self.refuse(USAGE)  # type: ignore[method-assign]

    def handle(self, *args: Any, **options: Any) -> None:
        started_at = self.read_start(options["start"])
        days = self.read_days(options["days"])
        calendar = self.calendar()
        due = deadline(started_at, days, calendar)
        if calendar.is_provisional_between(started_at.date(), due.date()):
            self.stderr.write(f"{PROVISIONAL_NOTE}。")
        self.stdout.write(due.isoformat(timespec="seconds"))

    def read_start(self, written: str) -> datetime:
        try:
            moment = datetime.fromisoformat(written.strip())
            moment = local(moment if moment.tzinfo else moment.replace(tzinfo=STATION_TIME))
        except (ValueError, OverflowError):
            self.refuse(f"看不懂起始时刻“{written}”，请写成 2026-09-30T10:00 的样子。")
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            self.refuse(f"起始时刻在{moment.year}年，只能推算{FIRST_YEAR}年到{LAST_YEAR}年。")
        return moment

    def read_days(self, written: str | None) -> int:
        if written is None:
            days: int = settings.TARGET_DAYS["whole"]
            return days
        days = whole_number(written, most=MOST_DAYS)
        if not days:
            self.refuse(f"工作日数“{written}”应为1到{MOST_DAYS}的整数。")
        return days

    def calendar(self) -> Calendar:
        """What the database knows, or, before it is migrated, what comes with the portal."""
        try:
            if WorkdayOverride._meta.db_table in connection.introspection.table_names():
                return load_calendar()
        except DatabaseError:
            self.stderr.write("数据库不可用，按随程序附带的节假日安排推算，未计本站休息日。")
        return bundled_calendar()

    def refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(2)
