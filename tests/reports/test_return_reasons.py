"""Counting why applications were returned: by month and reason, on the page and as CSV."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Application, Correction, ReturnReason
from tests.conftest import ClientOf
from tests.factories import CorrectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_of: ClientOf, officer: User) -> Client:
    return client_of(officer)


def told(application: Application, code: str | None, number: int, at: datetime) -> None:
    reason = ReturnReason.objects.get(code=code) if code else None
    CorrectionFactory.create(application=application, number=number, reason=reason, sent_at=at)


@pytest.fixture
def two_months(submitted: Application) -> None:
    # 16:30 UTC on 31 October is already November in Shanghai.
    told(submitted, "R02", 8, datetime(2026, 10, 31, 16, 30, tzinfo=UTC))
    told(submitted, "R02", 8, datetime(2026, 11, 5, 2, 0, tzinfo=UTC))
    told(submitted, "R08", 10, datetime(2026, 11, 6, 2, 0, tzinfo=UTC))
    told(submitted, None, 1, datetime(2026, 11, 6, 2, 0, tzinfo=UTC))
    told(submitted, "R02", 8, datetime(2026, 10, 1, 2, 0, tzinfo=UTC))
    CorrectionFactory.create(application=submitted)  # noted, not told


def test_months_stand_newest_first_and_reasons_by_how_often(desk: Client, two_months: None) -> None:
    response = desk.get(reverse("reason_counts"), {"year": "2026"})
    counted = [
        (month.label, month.total, [(line.code, line.count) for line in month.lines])
        for month in response.context["months"]
    ]
    assert counted == [
        ("2026年11月", 4, [("R02", 2), ("R08", 1), ("专员自写", 1)]),
        ("2026年10月", 1, [("R02", 1)]),
    ]
    assert "材料8 申请人照片 2次" in response.content.decode()


def test_the_table_opens_in_excel(desk: Client, two_months: None) -> None:
    response = desk.get(reverse("reason_counts_csv"), {"year": "2026"})
    assert response.content.startswith(b"\xef\xbb\xbf")
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "月份,原因编号,哪里不对,材料,次数"
    assert lines[1] == (
        "2026年10月,R02,照片不是白底，或戴有色眼镜，或拍摄已超过6个月。,材料8 申请人照片,1"
    )
    assert len(lines) == 5


def test_words_that_look_like_a_formula_stay_words(desk: Client, submitted: Application) -> None:
    ReturnReason.objects.filter(code="R02").update(defect="=1+1")
    told(submitted, "R02", 8, datetime(2026, 11, 5, 2, 0, tzinfo=UTC))
    response = desk.get(reverse("reason_counts_csv"), {"year": "2026"})
    assert "R02,'=1+1,材料8" in response.content.decode("utf-8-sig")


@pytest.mark.parametrize("year", ["", "abcd", "0000", "99999"])
def test_a_year_that_is_none_falls_back_to_this_one(desk: Client, year: str) -> None:
    page = desk.get(reverse("reason_counts"), {"year": year})
    assert page.status_code == 200
    assert str(timezone.localdate().year) in page.text


def test_the_year_shows_the_most_frequent_and_leads_to_the_rest_of_a_month(
    desk: Client, submitted: Application
) -> None:
    for day in range(1, 26):
        for number in range(1, 6):
            told(submitted, f"R{day:02d}", number, datetime(2026, 11, day, 2, 0, tzinfo=UTC))
    told(submitted, "R25", 5, datetime(2026, 11, 25, 2, 0, tzinfo=UTC))
    year = desk.get(reverse("reason_counts"), {"year": "2026"}).text
    defects = dict(ReturnReason.objects.values_list("code", "defect"))
    assert defects["R25"] in year
    assert defects["R24"] not in year
    assert year.count("等5项") == 8
    assert "看2026年11月的全部原因（另有17种，共85次）" in year
    assert 'href="?year=2026&amp;month=11"' in year
    month = desk.get(reverse("reason_counts"), {"year": "2026", "month": "11"}).text
    assert all(defects[f"R{day:02d}"] in month for day in range(1, 26))
    assert "等5项" not in month


def test_a_year_of_many_reasons_stays_light(desk: Client, submitted: Application) -> None:
    officer, reasons = User.objects.officers()[0], ReturnReason.objects.filter(code__lt="R26")
    Correction.objects.bulk_create(
        Correction(
            application=submitted,
            number=number,
            reason=reason,
            words="要改。",
            created_by=officer,
            sent_at=datetime(2026, month, 5, 2, 0, tzinfo=UTC),
        )
        for month in range(1, 13)
        for number in range(11)
        for reason in reasons
    )
    page = desk.get(reverse("reason_counts"), {"year": "2026"})
    assert page.text.count("等11项") == 12 * 8
    assert len(page.content) < 60 * 1024


def test_counting_costs_the_same_for_one_and_for_fifty(
    desk: Client, submitted: Application, django_assert_max_num_queries: Any
) -> None:
    for day in range(1, 26):
        told(submitted, f"R{day:02d}", 8, datetime(2026, 11, day, 2, 0, tzinfo=UTC))
        told(submitted, f"R{day:02d}", 9, datetime(2026, 10, day, 2, 0, tzinfo=UTC))
    with django_assert_max_num_queries(9):
        page = desk.get(reverse("reason_counts"), {"year": "2026"})
    assert page.status_code == 200
    counted = [(month.total, len(month.lines)) for month in page.context["months"]]
    assert counted == [(25, 25), (25, 25)]
