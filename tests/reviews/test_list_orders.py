"""What stands above what in the list of review tables, and that its pages leave nothing out."""

from datetime import UTC, datetime

import pytest

from reviews.models import Opinion, ReviewTable
from reviews.time_limits import with_standing
from tests.factories import ReviewTableFactory
from tests.turning import turned_both_ways

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def at(day: int) -> datetime:
    return datetime(2026, 11, day, 1, tzinfo=UTC)


def test_open_tables_stand_by_their_first_deadline_above_what_is_over() -> None:
    concluded, later, sooner, void, whole = ReviewTableFactory.create_batch(5)
    ReviewTable.objects.filter(pk=concluded.pk).update(status="concluded", concluded_at=at(20))
    ReviewTable.objects.filter(pk=void.pk).update(
        status="void", voided_at=at(20), void_reason="信息有误"
    )
    for table, day in ((later, 24), (sooner, 23)):
        Opinion.objects.filter(table=table).update(due_at=at(day))
    Opinion.objects.filter(table=whole).update(due_at=at(23))
    rows = with_standing(ReviewTable.objects.all()).by_urgency()

    expected = [whole, sooner, later, void, concluded]
    for per_page in (1, 2, 3, 5):
        assert turned_both_ways(rows, per_page) == expected
