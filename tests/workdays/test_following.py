"""What follows a change of the calendar: each room says so, and rows keep the target they have."""

from applications.time_limits import ApplicationDeadlines
from enterprises.time_limits import VerificationDeadlines
from reviews.calendar_changes import TableDeadlines
from workdays.following import followers


def test_every_room_with_deadlines_is_asked_a_table_before_its_application() -> None:
    assert [type(follower) for follower in followers()] == [
        TableDeadlines,
        ApplicationDeadlines,
        VerificationDeadlines,
    ]


def test_people_are_told_of_tables_alone() -> None:
    assert [follower.is_told for follower in followers()] == [True, False, False]
