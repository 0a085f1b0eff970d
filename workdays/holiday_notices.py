"""Reads a year's holiday notice from CSV, JSON or its own words, and enters it.

CSV, with this header and one line a day (UTF-8, or GB 18030 as a Chinese spreadsheet saves it):

    date,kind,name
    2027-02-05,休,春节
    2027-02-14,班,春节

JSON: the same days as a list of objects, or an object with `days` and, if wanted, `year`,
`title` and `source`. Days off are listed with their weekends, as the notice has them; 班 is a
weekend day that is worked (调休上班). Days of the December before may be among them. The words
of the State Council's notice are read by notice_words.py.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import User
from workdays.calendar import SATURDAY, Calendar, build_calendar
from workdays.models import HolidayNotice, StationClosure, WorkdayOverride
from workdays.notice_words import are_words, read_words
from workdays.seed import SpecialDay
from workdays.statutory_days import statutory_days

WORKED = {"休": False, "班": True}
COLUMNS = ("date", "kind", "name")
# As the template has it, for people.
CHINESE_COLUMNS = ("日期", "类型", "名称")
MAX_NAME, MAX_TITLE, MAX_SOURCE = 30, 120, 300
MAX_BYTES = 1_000_000
# The statutory days that a notice is checked against are those in force since 2025.
FIRST_YEAR, LAST_YEAR = 2025, 2099
FIRST_ASKED_IN = 11  # From November on the station is told that next year's notice is missing.
FORMAT_HINT = "应为通知原文、CSV（首行 日期,类型,名称 或 date,kind,name）或JSON。"


class NoticeError(ValueError):
    """A notice that cannot be entered; `problems` are all the reasons, in Chinese."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class ParsedNotice:
    """A notice as it was read; `source` is empty where the file names none."""

    year: int
    title: str
    source: str
    days: dict[date, SpecialDay]


@dataclass(frozen=True)
class NoticeChange:
    """What entering a notice does, or did, to the rows of its days."""

    added: list[date]
    changed: list[date]
    removed: list[date]

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.removed)


def parse_notice(content: bytes, year: int) -> ParsedNotice:
    """Read a notice for `year` from a file's content. Raises NoticeError with every problem."""
    text = _decode(content).strip()
    head: dict[str, Any] = {}
    told: list[str] = []
    if text.startswith(("{", "[")):
        head, rows = _read_json(text)
    elif are_words(text):
        words = read_words(text, year)
        head, rows, told = words.head, list(words.rows), words.problems
    else:
        rows = _read_csv(text)
    problems = _check_head(head, year) + told
    days: dict[date, SpecialDay] = {}
    for where, row in rows:
        try:
            day, special = _read_day(row, year)
        except ValueError as error:
            problems.append(f"{where}：{error}")
            continue
        if day in days:
            problems.append(f"{where}：日期 {day} 重复。")
        days[day] = special
    problems += [] if problems else _check_statutory(days, year)
    if problems:
        raise NoticeError(problems)
    title = head.get("title") or f"国务院办公厅关于{year}年部分节假日安排的通知"
    return ParsedNotice(year, title, head.get("source") or "", days)


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NoticeError([f"文件不是文本。{FORMAT_HINT}"])


def _read_json(text: str) -> tuple[dict[str, Any], list[tuple[str, Any]]]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise NoticeError([f"文件不是有效的JSON。{FORMAT_HINT}"]) from None
    head: dict[str, Any] = data if isinstance(data, dict) else {"days": data}
    days = head.get("days")
    if not isinstance(days, list):
        raise NoticeError(["JSON中缺少日期列表 days。"])
    return head, [(f"第{number}项", row) for number, row in enumerate(days, start=1)]


def _read_csv(text: str) -> list[tuple[str, Any]]:
    reader = csv.DictReader(io.StringIO(text), skipinitialspace=True)
    try:
        head = tuple(name.strip() for name in reader.fieldnames or ())
        if head not in (COLUMNS, CHINESE_COLUMNS):
            raise NoticeError([f"首行不是 date,kind,name，也不是 日期,类型,名称。{FORMAT_HINT}"])
        reader.fieldnames = COLUMNS
        # A spreadsheet program leaves rows of bare commas behind.
        rows = [(f"第{reader.line_num}行", row) for row in reader]
        return [(where, row) for where, row in rows if any(row.values())]
    except csv.Error:
        raise NoticeError([f"文件不是有效的CSV。{FORMAT_HINT}"]) from None


def _check_head(head: dict[str, Any], year: int) -> list[str]:
    problems = []
    if head.get("year", year) != year:
        problems.append(f"文件写的年份是{head['year']}，要录入的是{year}。")
    for key, label, limit in (("title", "标题", MAX_TITLE), ("source", "来源", MAX_SOURCE)):
        value = head.get(key, "")
        if not isinstance(value, str) or len(value) > limit or not value.isprintable():
            problems.append(f"{label}（{key}）应为不超过{limit}字的一行文字。")
    return problems


def _read_day(row: Any, year: int) -> tuple[date, SpecialDay]:
    """One row's day. Raises ValueError with a sentence."""
    if not isinstance(row, dict) or set(row) != set(COLUMNS):
        raise ValueError("须有且只有 date、kind、name 三项。")
    if not all(isinstance(field, str) for field in row.values()):
        raise ValueError("date、kind、name 三项都须是文字。")
    written, kind, name = (row[column].strip() for column in COLUMNS)
    try:
        day = _day(written)
    except ValueError:
        raise ValueError(f"日期“{written}”不对，应写成2027-02-05的样子。") from None
    if day.year != year and (day.year, day.month) != (year - 1, 12):
        raise ValueError(f"日期 {day} 不在{year}年，也不在上一年12月。")
    if kind not in WORKED:
        raise ValueError(f"类型“{kind}”应为“休”或“班”。")
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise ValueError(f"名称须为1到{MAX_NAME}个字，写在一行里。")
    if WORKED[kind] and day.weekday() < SATURDAY:
        raise ValueError(f"{day} 不是周末，不会是调休上班日。")
    return day, SpecialDay(WORKED[kind], name)


def _day(written: str) -> date:
    """2027-02-05, or 2027/2/5 as a spreadsheet program rewrites it. Raises ValueError."""
    if "/" not in written:
        return date.fromisoformat(written)
    year, month, day = written.split("/")
    return date(int(year), int(month), int(day))


def _check_statutory(days: dict[date, SpecialDay], year: int) -> list[str]:
    """A notice never leaves out a statutory holiday: one that does is the wrong or a torn file."""
    missing = [
        f"{day} {name}"
        for day, name in sorted(statutory_days(year).items())
        if day not in days or days[day].is_working
    ]
    return [f"缺少法定节假日：{'、'.join(missing)}。请核对通知原文。"] if missing else []


def doubts_of(notice: ParsedNotice) -> list[str]:
    """What no notice so far was like: asked before it is entered, never refused."""
    off = {day for day, special in notice.days.items() if not special.is_working}
    found = []
    if len(off) == len(notice.days):
        found.append("没有一个调休上班的周末，历年的通知里都有。")
    if off <= set(statutory_days(notice.year)):
        found.append("放假的只有法定节假日，没有连休的周末和调休的日子，像是没有填过的模板。")
    return found


def template_rows(year: int) -> Iterator[Sequence[object]]:
    """Template to fill in with a spreadsheet program: the year's statutory days to begin with."""
    yield CHINESE_COLUMNS
    for day, name in sorted(statutory_days(year).items()):
        yield (day, "休", name)


def as_json(notice: ParsedNotice) -> str:
    """The notice's days as `parse_notice` reads them, so that what was looked at is entered."""
    kinds = {worked: kind for kind, worked in WORKED.items()}
    days = [
        dict(zip(COLUMNS, (day.isoformat(), kinds[special.is_working], special.name), strict=True))
        for day, special in sorted(notice.days.items())
    ]
    return json.dumps(days, ensure_ascii=False)


def compare(notice: ParsedNotice) -> NoticeChange:
    """What entering the notice would change. Reads only."""
    before = {day.date: day for day in WorkdayOverride.objects.filter(date__in=notice.days)}
    gone = WorkdayOverride.objects.filter(notice__year=notice.year).exclude(date__in=notice.days)
    return NoticeChange(
        added=[day for day in sorted(notice.days) if day not in before],
        changed=[
            day
            for day, special in sorted(notice.days.items())
            if day in before
            and (before[day].is_working, before[day].name) != (special.is_working, special.name)
        ],
        removed=list(gone.values_list("date", flat=True)),
    )


def calendar_with(notice: ParsedNotice) -> Calendar:
    """The calendar as it would be with the notice entered. Reads only."""
    kept = WorkdayOverride.objects.exclude(notice__year=notice.year)
    kept = kept.exclude(date__in=notice.days)
    rows = list(kept.values_list("date", "is_working", "name", "notice__year"))
    rows += [
        (day, special.is_working, special.name, notice.year) for day, special in notice.days.items()
    ]
    return build_calendar(rows, dict(StationClosure.objects.values_list("date", "reason")))


@transaction.atomic
def enter_notice(notice: ParsedNotice, *, by: User | None) -> NoticeChange:
    """Make the rows of `notice.year` exactly those of the notice, and record it.

    Entering the same notice again changes nothing. `services.calendar` calls this, and then
    recomputes what is open.
    """
    row, _ = HolidayNotice.objects.update_or_create(
        year=notice.year,
        defaults={"title": notice.title, "source": notice.source, "entered_by": by},
    )
    change = compare(notice)
    before = _described(change.changed + change.removed)
    kept = WorkdayOverride.objects.filter(notice=row).exclude(date__in=change.changed)
    unchanged = set(kept.values_list("date", flat=True))
    for day, special in sorted(notice.days.items()):
        if day in unchanged:
            continue
        WorkdayOverride.objects.update_or_create(
            date=day,
            defaults={
                "is_working": special.is_working,
                "name": special.name,
                "source": notice.source,
                "notice": row,
                "entered_by": by,
            },
        )
    WorkdayOverride.objects.filter(date__in=change.removed).delete()
    after = {"source": notice.source, "days": _described(change.added + change.changed)}
    audit.record("calendar.import", row, by=by, before={"days": before}, after=after)
    return change


def _described(days: list[date]) -> list[str]:
    """The rows of these days in words, such as “2027-02-05 春节放假”."""
    return [str(row) for row in WorkdayOverride.objects.filter(date__in=days)]


def missing_years(calendar: Calendar, today: date) -> list[int]:
    """Years whose notice should be entered by now: this one, and from November on the next."""
    years = [today.year] + ([today.year + 1] if today.month >= FIRST_ASKED_IN else [])
    return [year for year in years if calendar.is_provisional(year)]
