"""Statutory public holidays of a year whose notice has not been published yet.

Source: 全国年节及纪念日放假办法 as revised on 2024-11-10, thirteen days a year. Which weekends are
moved is decided by each year's notice and cannot be computed, so these days are provisional.
"""

from datetime import date, timedelta
from functools import cache

NEW_YEAR = "元旦"
SPRING_FESTIVAL = "春节"
TOMB_SWEEPING = "清明节"
LABOUR_DAY = "劳动节"
DRAGON_BOAT = "端午节"
MID_AUTUMN = "中秋节"
NATIONAL_DAY = "国庆节"

# Year: first day of the first lunar month, 清明, 端午, 中秋, each as (month, day). Checked with two
# independent lunar calendars; past the last year only the days of the solar calendar are known.
LUNAR_DAYS: dict[int, tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]] = {
    2027: ((2, 6), (4, 5), (6, 9), (9, 15)),
    2028: ((1, 26), (4, 4), (5, 28), (10, 3)),
    2029: ((2, 13), (4, 4), (6, 16), (9, 22)),
    2030: ((2, 3), (4, 5), (6, 5), (9, 12)),
    2031: ((1, 23), (4, 5), (6, 24), (10, 1)),
    2032: ((2, 11), (4, 4), (6, 12), (9, 19)),
    2033: ((1, 31), (4, 4), (6, 1), (9, 8)),
    2034: ((2, 19), (4, 5), (6, 20), (9, 27)),
    2035: ((2, 8), (4, 5), (6, 10), (9, 16)),
    2036: ((1, 28), (4, 4), (5, 30), (10, 4)),
    2037: ((2, 15), (4, 4), (6, 18), (9, 24)),
    2038: ((2, 4), (4, 5), (6, 7), (9, 13)),
    2039: ((1, 24), (4, 5), (5, 27), (10, 2)),
    2040: ((2, 12), (4, 4), (6, 14), (9, 20)),
}


@cache
def statutory_days(year: int) -> dict[date, str]:
    """The statutory holidays of `year`, each with its Chinese name."""
    days = {date(year, 1, 1): NEW_YEAR}
    if year in LUNAR_DAYS:
        spring, tomb_sweeping, dragon_boat, mid_autumn = (
            date(year, month, day) for month, day in LUNAR_DAYS[year]
        )
        # New Year's Eve and the first three days of the first lunar month.
        days |= {spring + timedelta(days=offset): SPRING_FESTIVAL for offset in range(-1, 3)}
        days |= {tomb_sweeping: TOMB_SWEEPING, dragon_boat: DRAGON_BOAT, mid_autumn: MID_AUTUMN}
    days |= {date(year, 5, day): LABOUR_DAY for day in (1, 2)}
    days |= {date(year, 10, day): NATIONAL_DAY for day in (1, 2, 3)}
    return days
