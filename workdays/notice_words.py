"""Reads a year's holidays from the State Council's own words, as people paste them.

    一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。

Each numbered paragraph names its holiday, then days off and weekend days that are worked. What the
words say twice is compared: the day of the week, and how many days it is in all. A paragraph of
which any day is left unread is a problem, never a day less.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

WEEKDAYS = "一二三四五六日"
NUMBERED = re.compile(
    r"(?:^|(?<=[。;\s]))\s*[一二三四五六七八九十]{1,3}、(?=[^:。]{1,30}:)", re.MULTILINE
)
ITEM = re.compile(r"^(?P<name>[^:。]{1,30}):(?P<rest>.*)$", re.DOTALL)
DAY = r"(?:(?:\d{4})年)?(?:\d{1,2}月)?\d{1,2}日(?:\([^()]*\))?"
ONE = re.compile(
    r"(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日(?:\((?P<said>[^()]*)\))?"
)
TO = r"[至到\-—–~]+"
SPANS = re.compile(
    rf"(?P<days>{DAY}(?:{TO}{DAY})?(?:[、,和及]{DAY}(?:{TO}{DAY})?)*)[^\d。;]{{0,6}}?"
    rf"(?P<what>放假|上班)(?P<after>[^。;]*)"
)
IN_ALL = re.compile(r"^(?:调休)?,?共?(?P<count>\d{1,2})天")
TITLE = re.compile(r"国务院办公厅关于(?P<year>\d{4})年[^\n。]{0,20}安排的通知")
SOURCE = re.compile(r"国办发(?:明电)?[〔\[(]\d{4}[〕\])]\d{1,3}号")
LONGEST = timedelta(days=31)
LONGEST_TEXT = 20_000


@dataclass(frozen=True)
class Words:
    """What was read: head as a file's, a row for each day with its paragraph, and problems."""

    head: dict[str, object]
    rows: list[tuple[str, dict[str, str]]]
    problems: list[str]


def are_words(text: str) -> bool:
    """Is this the notice's text, rather than a table of days?"""
    if len(text) > LONGEST_TEXT:
        return False
    plain = _plain(text)
    return "放假" in plain and re.search(r"\d{1,2}月\d{1,2}日", plain) is not None


def read_words(text: str, year: int) -> Words:
    """The days that the text names; a month without a year lies in `year`."""
    plain = _plain(text)
    rows: list[tuple[str, dict[str, str]]] = []
    problems: list[str] = []
    paragraphs = NUMBERED.split(plain)[1:] or plain.splitlines()
    for paragraph in paragraphs:
        found = ITEM.match(paragraph.strip().split("\n")[0])
        if found is None:
            continue
        name, rest = found["name"].strip(), found["rest"].replace(" ", "")
        try:
            days = list(_days(rest, year))
        except ValueError as error:
            problems.append(f"{name}：{error}")
            continue
        rows += [
            (name, {"date": day.isoformat(), "kind": kind, "name": name}) for day, kind in days
        ]
    if not rows and not problems:
        problems.append("没有读出哪一天放假。请粘贴通知里“一、元旦：…”起的各段。")
    return Words(_head(plain), rows, problems)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("：", ":")


def _head(plain: str) -> dict[str, object]:
    head: dict[str, object] = {}
    joined = re.sub(r"\s", "", plain)
    title, source = TITLE.search(joined), SOURCE.search(joined)
    if title:
        head |= {"title": title[0], "year": int(title["year"])}
    if source:
        head["source"] = re.sub(r"[\[(](\d{4})[\])]", r"〔\1〕", source[0])
    return head


def _days(rest: str, year: int) -> Iterator[tuple[date, str]]:
    """The days of one paragraph, each with 休 or 班. Raises ValueError with a sentence."""
    left = rest
    for found in SPANS.finditer(rest):
        days = list(_spans(found["days"], year))
        said = IN_ALL.match(found["after"])
        if found["what"] == "放假" and said and int(said["count"]) != len(days):
            raise ValueError(f"写的是共{said['count']}天，从日期数是{len(days)}天。")
        left = left.replace(found["days"], "", 1)
        yield from ((day, "休" if found["what"] == "放假" else "班") for day in days)
    unread = ONE.search(left)
    if unread or left == rest:
        raise ValueError(f"“{unread[0] if unread else rest[:40]}”没有读懂，请改用表格录入。")


def _spans(words: str, year: int) -> Iterator[date]:
    last: date | None = None
    reaches = False
    for found in ONE.finditer(words):
        day = _day(found, year, last)
        if reaches and last is not None:
            if not last < day <= last + LONGEST:
                raise ValueError(f"“{words}”的起止日期不对。")
            yield from (last + timedelta(days=step) for step in range(1, (day - last).days + 1))
        else:
            yield day
        reaches = re.match(TO, words[found.end() :]) is not None
        last = day


def _day(found: re.Match[str], year: int, last: date | None) -> date:
    """A day whose year or month may stand before the one before it."""
    own_year = int(found["year"]) if found["year"] else last.year if last else year
    month = int(found["month"]) if found["month"] else last.month if last else 0
    try:
        day = date(own_year, month, int(found["day"]))
    except ValueError:
        raise ValueError(f"没有“{found[0]}”这一天。") from None
    said = re.search(r"(?:周|星期|礼拜)([一二三四五六日天])", found["said"] or "")
    if said and WEEKDAYS[day.weekday()] != said[1].replace("天", "日"):
        raise ValueError(
            f"{day}是周{WEEKDAYS[day.weekday()]}，写的却是周{said[1]}，请核对年份和日期。"
        )
    return day
