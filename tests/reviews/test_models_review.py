"""Who may read which opinion, the police opinion above all, and who may have the table itself."""

import pytest

from accounts.models import User
from reviews.models import Opinion, ReviewTable
from tests.factories import ReviewTableFactory

pytestmark = pytest.mark.django_db
ALL = {"commerce", "tax", "police", "social", "foreign_affairs"}
READERS: dict[str, set[str]] = {
    "officer": ALL,
    "station_head": ALL,
    "foreign_liaison": ALL,
    "police_liaison": {"police"},
    "tax_liaison": {"tax"},
    "supervisor": set(),
    "agent": set(),
    "system_admin": set(),
    "security_admin": set(),
    "auditor": set(),
}


@pytest.mark.parametrize(("reader", "departments"), READERS.items())
def test_a_police_opinion_is_read_by_the_station_foreign_affairs_and_the_police(
    reader: str, departments: set[str], request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(reader)
    ReviewTableFactory.create()
    found = Opinion.objects.readable_by(user).values_list("department__code", flat=True)
    assert set(found) == departments
    marked = Opinion.objects.with_readability(user).values_list(
        "department__code",
        "is_readable",  # type: ignore[misc]
    )
    assert {code for code, is_readable in marked if is_readable} == departments


@pytest.mark.parametrize(
    ("reader", "open_too"),
    [("officer", True), ("station_head", True), ("foreign_liaison", True), ("agent", False)],
)
def test_the_table_goes_to_who_reads_all_and_signed_by_all_to_its_enterprise(
    reader: str, open_too: bool, request: pytest.FixtureRequest, submitted: object
) -> None:
    user: User = request.getfixturevalue(reader)
    table = ReviewTableFactory.create(application=submitted)
    mine = ReviewTable.objects.downloadable_by(user)
    assert mine.filter(pk=table.pk).exists() is open_too
    table.status, table.concluded_at = ReviewTable.Status.CONCLUDED, table.due_at
    table.save()
    assert mine.filter(pk=table.pk).exists()


@pytest.mark.parametrize(
    "reader", ["police_liaison", "tax_liaison", "supervisor", "other_agent", "auditor"]
)
def test_nobody_else_gets_the_table(reader: str, request: pytest.FixtureRequest) -> None:
    user: User = request.getfixturevalue(reader)
    ReviewTableFactory.create(status="concluded", concluded_at="2026-11-26T10:00+08:00")
    assert not ReviewTable.objects.downloadable_by(user).exists()
