"""Which snapshots stay: 7 days, 5 weeks, 12 months, and the last one always."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backups.keeping import to_keep

NOON = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)  # in Wanzhou noon, a Monday


@pytest.fixture(autouse=True)
def rule(settings: Any) -> None:
    settings.BACKUP_KEEP_DAYS, settings.BACKUP_KEEP_WEEKS = 7, 5
    settings.BACKUP_KEEP_MONTHS = 12


def daily(count: int) -> dict[str, datetime]:
    return {f"{day}": NOON - timedelta(days=day) for day in range(count)}


def test_of_two_years_days_weeks_and_months_stay() -> None:
    kept = sorted(map(int, to_keep(daily(730))))
    # Seven days; the Sundays of four weeks before this one; the last days of eleven months.
    assert kept == [
        *(0, 1, 2, 3, 4, 5, 6),
        *(8, 15, 22),
        *(30, 61, 91, 122, 153, 183, 214, 244, 275, 303, 334),
    ]


def test_the_newest_of_a_day_stays() -> None:
    made = {
        "morning": NOON - timedelta(hours=6),
        "noon": NOON,
        "evening": NOON + timedelta(hours=6),
    }
    assert to_keep(made) == {"evening"}


def test_a_gap_costs_no_place() -> None:
    made = {f"{number}": NOON - timedelta(days=30 * number) for number in range(5)}
    assert to_keep(made) == set(made)


def test_the_last_one_stays_whatever_the_rule(settings: Any) -> None:
    settings.BACKUP_KEEP_DAYS = settings.BACKUP_KEEP_WEEKS = settings.BACKUP_KEEP_MONTHS = 0
    assert to_keep(daily(3)) == {"0"}
    assert to_keep({}) == set()
