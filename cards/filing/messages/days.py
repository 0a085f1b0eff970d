"""Days in the words of a message. What cannot be a day is a day that is not known."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

CHINESE: Final = {character: digit for digit, character in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
}
MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june",
         "jul july", "aug august", "sep sept september", "oct october", "nov november",
         "dec december"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
MONTH_NAMES: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
CLOCK: Final = (
    r"(?:[T ]*\d{1,2}[:时点]\d{1,2}(?:[:分]\d{1,2}秒?|分)?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)
DAY: Final = re.compile(
    rf"(?<![\d.])(?P<y1>\d{{4}})\s*(?P<sep>[-/.])\s*(?P<m1>\d{{1,2}})\s*(?P=sep)\s*(?P<d1>\d{{1,2}})(?!\d){CLOCK}"
    rf"|(?:(?<!\d)(?P<y2>\d{{2}}(?:\d{{2}})?)\s*年\s*)?(?<!\d)(?P<m2>\d{{1,2}})\s*月\s*(?P<d2>\d{{1,2}})\s*[日号]{CLOCK}"
    r"|(?P<y3>[〇零○一二三四五六七八九]{4})年(?P<m3>[一二三四五六七八九十]{1,3})月(?P<d3>[一二三四五六七八九十]{1,3})[日号]"
    rf"|(?<![A-Za-z\d])(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?[ -](?P<n4>{MONTH_NAMES})\.?,?[ -](?P<y4>\d{{4}})(?!\d)"
    rf"|(?<![A-Za-z])(?P<n5>{MONTH_NAMES})\.? (?P<d5>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y5>\d{{4}})(?!\d)",
    re.IGNORECASE,
)
# Of these the day is not that of an approval: an end of validity, a term, a day of another act.
NOT_BEFORE: Final = re.compile(
    r"(?:有效期?(?:限|间)?|截止|截至|到期|效期|有效|请于|请在|将于|定于|拟于|预计|不迟于|不晚于|valid"
    r"|expir\w*)[^,、。;]{0,8}$"
    r"|(?:至|自|until|till|through|as of|since|before|after|by)\s*$",
    re.IGNORECASE,
)
NOT_AFTER: Final = re.compile(
    r"\s*(?:起|以来|(?:之|以)?前(?!往)|(?:之|以)?后|[至到~—–]|\s-\s)"
    r"|[^,、。;\x02]{0,8}(?:提交|递交|申报|填报|缴费|缴纳|受理|申请|登记|上传|来函|来电)的",
)


@dataclass(frozen=True)
class Day:
    """Year, month and day as they stand; the year may be left out."""

    year: int | None
    month: int
    day: int

    def on(self, sent: date | None) -> date | None:
        """The date; without a year that of the message, the last such day before it."""
        if self.year is not None:
            return _date(self.year, self.month, self.day)
        if sent is None:
            return None
        found = _date(sent.year, self.month, self.day)
        return (
            found if found is None or found <= sent else _date(sent.year - 1, self.month, self.day)
        )


def day_of(match: re.Match[str]) -> Day:
    """The day that a match of `DAY` says; of two digits no year is made."""
    said = match.groupdict()
    if said["y1"]:
        return Day(int(said["y1"]), int(said["m1"]), int(said["d1"]))
    if said["m2"]:
        year = said["y2"]
        short = year is not None and len(year) == 2
        return Day(0 if short else int(year) if year else None, int(said["m2"]), int(said["d2"]))
    if said["y3"]:
        year_words = "".join(str(CHINESE[character]) for character in said["y3"])
        return Day(int(year_words), _chinese(said["m3"]), _chinese(said["d3"]))
    if said["y4"]:
        return Day(int(said["y4"]), MONTHS[said["n4"].lower()], int(said["d4"]))
    return Day(int(said["y5"]), MONTHS[said["n5"].lower()], int(said["d5"]))


def full_days(text: str) -> list[date]:
    """Every day with its year, in order; impossible ones left out."""
    days = (day_of(match) for match in DAY.finditer(text))
    found = [day.on(None) for day in days if day.year]
    return [one for one in found if one is not None]


def counts(text: str, match: re.Match[str]) -> bool:
    """Whether this may be the day of what the sentence says happened."""
    before, after = text[max(0, match.start() - 24) : match.start()], text[match.end() :][:24]
    return not (NOT_BEFORE.search(before) or NOT_AFTER.match(after))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _chinese(words: str) -> int:
    """二十三 is 23, 十 is 10, 三 is 3."""
    tens, ten, ones = words.rpartition("十")
    if not ten:
        return CHINESE.get(words[-1], 0) if len(words) == 1 else 0
    return (CHINESE.get(tens, 0) if tens else 1) * 10 + (CHINESE.get(ones, 0) if ones else 0)
