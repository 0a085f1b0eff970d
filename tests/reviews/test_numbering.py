"""Numbers of review tables: per station and year, without gaps or repeats; their codes."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
import time_machine
from django.db import connection, transaction
from pytest_django import Settings

from applications.models import Application
from applications.services.perform import MoveRefused
from reviews.models import NumberSequence, ReviewTable
from reviews.numbering import new_code, next_number
from reviews.services import circulation
from tests.factories import SHEETS, ApplicationFactory, ReviewTableFactory
from tests.reviews.conftest import Station

# A character for which the machine has no glyph: such a table is refused when it is printed, after
# its number was taken.
UNPRINTABLE = "\U00020000"


def take() -> str:
    with transaction.atomic():
        return next_number()


@pytest.mark.django_db
def test_each_year_and_each_station_counts_from_one(settings: Settings) -> None:
    with time_machine.travel(datetime(2026, 12, 31, 15, 59, tzinfo=UTC), tick=False):
        assert [take(), take()] == ["万州ABTC审〔2026〕0001号", "万州ABTC审〔2026〕0002号"]
    # Midnight in Wanzhou.
    with time_machine.travel(datetime(2026, 12, 31, 16, 0, tzinfo=UTC), tick=False):
        assert take() == "万州ABTC审〔2027〕0001号"
        settings.STATION_SHORT = "黔江"
        assert take() == "黔江ABTC审〔2027〕0001号"


@pytest.mark.django_db
def test_a_number_whose_table_is_not_stored_is_given_again() -> None:
    first = take()
    with transaction.atomic():
        lost = next_number()
        transaction.set_rollback(True)
    assert take() == lost != first


@pytest.mark.django_db
def test_after_9999_the_number_grows_longer() -> None:
    take()
    NumberSequence.objects.update(last=9999)
    assert "〕10000号" in take()


@pytest.mark.django_db
def test_a_code_has_twelve_characters_none_of_which_is_mistaken_for_another() -> None:
    """The page that asks for it says 12位; 0 and O, 1, I and L look alike in print."""
    codes = [new_code() for _ in range(50)]
    assert all(re.fullmatch("[2-9A-HJKMNP-Z]{12}", code) for code in codes)
    assert len(set(codes)) == 50


@pytest.mark.django_db
def test_a_code_that_a_table_has_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ReviewTableFactory.create(verification_code="A" * 12)
    drawn = iter("A" * 12 + "B" * 12)
    monkeypatch.setattr("reviews.numbering.secrets.choice", lambda _alphabet: next(drawn))
    assert new_code() == "B" * 12


@pytest.mark.live
@pytest.mark.embedded
def test_circulated_at_the_same_moment_with_failures_among_them_there_is_neither_gap_nor_repeat(
    transactional_db: None, station: Station
) -> None:
    applications: list[Application] = [ApplicationFactory.create(submitted=True) for _ in range(5)]
    for application in applications[1::2]:
        application.applicant.name = f"张{UNPRINTABLE}"
        application.applicant.save()
    start = Barrier(len(applications))

    def circulate(application: Application) -> bool:
        try:
            start.wait(timeout=20)
            circulation.circulate(
                Application.objects.get(pk=application.pk),
                by=station.officer,
                despite_unread=SHEETS,
            )
        except MoveRefused as refusal:
            return "没有字形" not in str(refusal)
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(applications)) as pool:
        succeeded = list(pool.map(circulate, applications))
    assert succeeded == [True, False, True, False, True]
    numbers = sorted(ReviewTable.objects.values_list("number", flat=True))
    year = numbers[0][8:12]
    assert numbers == [f"万州ABTC审〔{year}〕{count:04d}号" for count in (1, 2, 3)]
