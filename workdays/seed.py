"""Bundled holiday notices of the State Council, by way of `chinesecalendar`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import version
from types import MappingProxyType

import chinese_calendar
from django.apps.registry import Apps

from workdays.statutory_days import DRAGON_BOAT, MID_AUTUMN, TOMB_SWEEPING

# The package writes three festivals without 节, as nobody would in a sentence.
FULL_NAMES = {"清明": TOMB_SWEEPING, "端午": DRAGON_BOAT, "中秋": MID_AUTUMN}


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """What a notice says of one date: a day off, or a weekend day that is worked."""

    is_working: bool
    name: str


def _chinese(name: str) -> str:
    label: str = chinese_calendar.Holiday(name).chinese
    return FULL_NAMES.get(label, label)


@cache
def bundled_days() -> Mapping[date, SpecialDay]:
    """Every date that the package knows to differ from a plain week, 2004 to 2026."""
    days = {
        day: SpecialDay(False, _chinese(name)) for day, name in chinese_calendar.holidays.items()
    }
    days |= {
        day: SpecialDay(True, _chinese(name)) for day, name in chinese_calendar.workdays.items()
    }
    return MappingProxyType(days)


@cache
def bundled_years() -> frozenset[int]:
    return frozenset(day.year for day in bundled_days())


def seed_overrides(year: int, apps: Apps) -> int:
    """Write the bundled notice of `year` as rows and return how many; 0 where it is there already.

    `apps` is a migration's historical registry or `django.apps.apps`. Raises ValueError for a
    year that the package does not know.
    """
    if year not in bundled_years():
        raise ValueError(f"没有随程序附带的{year}年节假日安排。")
    notice_model = apps.get_model("workdays", "HolidayNotice")
    override_model = apps.get_model("workdays", "WorkdayOverride")
    if notice_model.objects.filter(year=year).exists():
        return 0
    source = f"chinesecalendar {version('chinesecalendar')}"
    notice = notice_model.objects.create(
        year=year, title=f"国务院办公厅关于{year}年部分节假日安排的通知", source=source
    )
    rows = [
        override_model(
            date=day, is_working=special.is_working, name=special.name, source=source, notice=notice
        )
        for day, special in sorted(bundled_days().items())
        if day.year == year
    ]
    override_model.objects.bulk_create(rows)
    return len(rows)
