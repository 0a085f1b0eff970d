"""Cells of the ledger's table: what people write for yes and no, stages, sources, moments."""

import re
from datetime import date, datetime, time
from typing import Final

from django.core.exceptions import ValidationError
from django.utils import timezone

from core import text
from core.identifiers import validate_credit_code
from core.phones import canonical_phone
from core.reading import whole_number
from core.spreadsheets import FORMULA_STARTS
from enterprises.models import Contact, Demand, Enterprise, Stage
from imports.cells import CellRefused, day_of, line_of, name_of, number_of, shown
from imports.kinds import OTHER, SAME
from imports.reading import Cell
from materials.economies import NAMES

YES: Final = frozenset({"是", "√", "✓", "✔", "V", "Y", "YES", "TRUE", "1", "有", "符合", "对"})
NO: Final = frozenset({"否", "×", "✗", "X", "N", "NO", "FALSE", "0", "无", "不符合", "不是"})
OPEN: Final = frozenset({"未核", "待核", "没核", "不清楚", "未定", "?"})
UNCHECKED: Final = "未核"
KINDS: Final = {label: value for value, label in Enterprise.Kind.choices} | {
    "中央企业": "central", "市属国企": "municipal", "市属企业": "municipal", "市国企": "municipal",
    "区属国企": "district", "区属企业": "district", "区国企": "district", "民企": "private",
    "民营企业": "private", "民营": "private", "私营企业": "private", "非公企业": "private",
    "外资企业": "private", "合资企业": "private", "其他": "other",
}  # fmt: skip
STAGES: Final = {label: value for value, label in Stage.choices} | {
    "没有联系": "untouched", "未接触": "untouched", "已告知": "told", "有意愿": "interested",
    "有需求": "interested", "准备中": "preparing", "已申请": "submitted", "已申报": "submitted",
    "办结": "concluded", "已领证": "holding", "已持卡": "holding", "持卡": "holding",
    "不需要": "not_needed", "无需求": "not_needed", "暂无需求": "not_needed",
}  # fmt: skip
SOURCES: Final = {label: value for value, label in Demand.Source.choices}
WAYS: Final = {label: value for value, label in Contact.Kind.choices} | {
    "来电": "call", "去电": "call", "打电话": "call", "上门": "visit", "上门走访": "visit",
    "微信": "group", "微信群": "group", "交流群": "group", "座谈": "symposium", "宣讲": "briefing",
    "邮箱": "mail", "电子邮件": "mail",
}  # fmt: skip
ANSWERS: Final = {
    "同一家": SAME, "是同一家": SAME, "相同": SAME, "是": SAME,
    "另一家": OTHER, "不是同一家": OTHER, "不同": OTHER, "否": OTHER,
}  # fmt: skip
ALL: Final = frozenset({"全部", "16个", "16个经济体", "全部16个", "ALL"})
ECONOMIES: Final = {name: code for code, name in NAMES.items()} | {
    "印尼": "IDN", "巴新": "PNG", "俄罗斯联邦": "RUS", "大韩民国": "KOR", "澳洲": "AUS",
}  # fmt: skip
BETWEEN: Final = re.compile(r"[、，,;；/\s]+")
COUNT: Final = re.compile(r"(?:约|大约)?([0-9]{1,3})(?:\.0+)?(?:人|名|个)?(?:左右)?")
MOMENT: Final = re.compile(r"^(.*?)[T\s]*([0-9]{1,2})[:：时]([0-9]{1,2})分?(?:[:：][0-9.]+)?$")


def plain(cell: Cell) -> Cell:
    """Without the sign that a table of the portal puts before what looks like a formula."""
    if isinstance(cell, str) and cell[:1] == "'" and cell[1:].startswith(FORMULA_STARTS):
        return cell[1:]
    return cell


def line(most: int) -> "LineReader":
    return LineReader(most)


class LineReader:
    """Free text, or a name where `is_name`, of so many characters at most."""

    def __init__(self, most: int, *, is_name: bool = False) -> None:
        self.most, self.is_name = most, is_name

    def __call__(self, cell: Cell) -> str:
        read = name_of if self.is_name else line_of
        return read(plain(cell), most=self.most)


def name(most: int) -> LineReader:
    return LineReader(most, is_name=True)


def credit_code(cell: Cell) -> str:
    number = number_of(cell)
    try:
        return str(validate_credit_code(number)) if number else ""
    except ValidationError as error:
        raise CellRefused("".join(error.messages)) from None


def phone(cell: Cell) -> str:
    """In its one form; whether it is a number is asked of what is new."""
    return canonical_phone(shown(plain(cell)))


def one_of(known: dict[str, str]) -> "ChoiceReader":
    return ChoiceReader(known)


class ChoiceReader:
    """The value of one of these words."""

    def __init__(self, known: dict[str, str]) -> None:
        self.known = known

    def __call__(self, cell: Cell) -> str:
        words = text.compact(shown(cell))
        if words and words not in self.known:
            offered = "、".join(list(dict.fromkeys(self.known))[:12])
            raise CellRefused(f"“{text.brief(words, 20)}”看不懂，应为{offered}之一。")
        return self.known[words] if words else ""


def source(cell: Cell) -> str:
    """One of the sources; other words come back as they are."""
    words = line_of(plain(cell), most=200)
    return SOURCES.get(words, words)


def way(cell: Cell) -> str:
    words = line_of(plain(cell), most=30)
    return WAYS.get(words.replace(" ", ""), words)


def yes_or_no(cell: Cell) -> str:
    """`yes`, `no` or "" of a blank cell."""
    words = text.compact(shown(cell)).upper()
    if not words:
        return ""
    if words in YES or words in NO:
        return "yes" if words in YES else "no"
    raise CellRefused(f"“{text.brief(words, 20)}”看不懂，请写“是”或“否”。")


def qualified(cell: Cell) -> str:
    """`yes`, `no`, `open` or ""."""
    words = text.compact(shown(cell)).upper()
    return "open" if words in OPEN else yes_or_no(cell)


def count(cell: Cell) -> int | None:
    words = text.compact(shown(cell))
    if not words:
        return None
    match = COUNT.fullmatch(words)
    if match is None or not int(match.group(1)):
        raise CellRefused(f"“{text.brief(words, 20)}”不是人数，请写1到999的数字。")
    return int(match.group(1))


def day(cell: Cell) -> str:
    found = day_of(cell)
    return found.isoformat() if found else ""


def economies(cell: Cell) -> list[str]:
    """Codes and, of what is none of the sixteen, the words as they stand; [] of a blank cell."""
    words = line_of(plain(cell), most=500)
    if words.replace(" ", "").upper() in ALL:
        return list(NAMES)
    parts = [one for one in BETWEEN.split(text.half_width(words)) if one]
    found = {ECONOMIES.get(one, one.upper() if one.upper() in NAMES else one) for one in parts}
    return [*(code for code in NAMES if code in found), *sorted(found - set(NAMES))]


def number(cell: Cell) -> int | None:
    words = text.compact(shown(cell))
    if not words:
        return None
    found = whole_number(words.removesuffix(".0"), default=None)
    if found is None:
        raise CellRefused("台账编号由导出的表带来，请照原样保留，或者留空。")
    return found


def moment(cell: Cell) -> str:
    """A day, with its time where there is one: `2026-03-02` or `2026-03-02 14:30`."""
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    match = MOMENT.match(shown(cell).strip()) if isinstance(cell, str) else None
    if match is None or not match.group(1).strip():
        return day(cell)
    found = day(match.group(1).strip())
    try:
        hour, minute = (int(text.half_width(part)) for part in match.groups()[1:])
        at = time(hour, minute)
    except ValueError:
        raise CellRefused("时间不对，请写成2026-03-02 14:30的样子。") from None
    return f"{found} {at.isoformat('minutes')}" if at != time.min else found


def as_moment(kept: str) -> datetime:
    """What `moment` read, in the station's time; a day alone begins at midnight."""
    return timezone.make_aware(datetime.fromisoformat(kept))


def moment_cell(at: datetime) -> str:
    """A stored moment as `moment` reads it."""
    local = timezone.localtime(at).replace(second=0, microsecond=0, tzinfo=None)
    has_time = local.time() != time.min
    return local.isoformat(" ", "minutes") if has_time else local.date().isoformat()


def as_day(kept: str) -> date | None:
    return date.fromisoformat(kept) if kept else None
