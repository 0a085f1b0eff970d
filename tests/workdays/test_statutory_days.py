"""Days of the lunar calendar that are known ahead, held to how that calendar runs."""

from datetime import date

import pytest

from workdays.statutory_days import LUNAR_DAYS, statutory_days

# Whole lunar months take 29 or 30 days each; a leap month adds one more.
MONTH = (29, 30)


def days_of(year: int) -> tuple[date, date, date, date]:
    first, clear, dragon, autumn = (date(year, *day) for day in LUNAR_DAYS[year])
    return first, clear, dragon, autumn


def lasts(days: int, *, months: int, more: int) -> bool:
    """Whether so many lunar months and days fit, with a leap month among them or without."""
    return any(
        count * MONTH[0] <= days - more <= count * MONTH[1] for count in (months, months + 1)
    )


@pytest.mark.parametrize("year", sorted(LUNAR_DAYS))
def test_the_days_known_ahead_are_as_far_apart_as_lunar_months_allow(year: int) -> None:
    first, clear, dragon, autumn = days_of(year)
    assert date(year, 1, 21) <= first <= date(year, 2, 20)
    assert clear in (date(year, 4, 4), date(year, 4, 5))
    assert date(year, 9, 7) <= autumn <= date(year, 10, 8)
    # The fifth of the fifth month, the fifteenth of the eighth.
    assert lasts((dragon - first).days, months=4, more=4)
    assert lasts((autumn - dragon).days, months=3, more=10)


@pytest.mark.parametrize("year", sorted(LUNAR_DAYS)[:-1])
def test_a_lunar_year_has_twelve_months_or_thirteen(year: int) -> None:
    length = (days_of(year + 1)[0] - days_of(year)[0]).days
    assert length in (353, 354, 355, 383, 384, 385)


def test_new_years_eve_and_the_festivals_are_named() -> None:
    named = statutory_days(2030)
    assert named[date(2030, 2, 2)] == "春节"
    assert named[date(2030, 6, 5)] == "端午节"
    assert named[date(2030, 9, 12)] == "中秋节"
