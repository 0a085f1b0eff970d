"""What entering a notice or a closing day does to the deadlines that are open.

Expected deadlines are worked out by hand; `tests/workdays/test_holiday_notices.py` holds the
invented notice of 2027.
"""

from datetime import date, datetime

import pytest
import time_machine
from django.core.management import call_command

from accounts.models import AuditEvent, User
from applications.models import Application
from applications.workflow import Status
from notices.models import Notice
from reviews.models import Pause, ReviewTable
from tests.factories import ReviewTableFactory
from tests.reviews.conftest import on, sign_off
from tests.workdays.test_holiday_notices import DAYS_2027, as_csv
from workdays import services as calendar
from workdays.calendar import STATION_TIME
from workdays.holiday_notices import parse_notice
from workdays.models import HolidayNotice, StationClosure
from workdays.services import CalendarRefused

pytestmark = pytest.mark.django_db
NOTICE = parse_notice(as_csv(DAYS_2027).encode(), 2027)


def on_day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STATION_TIME)


@pytest.fixture
def over_new_year(officer: User) -> ReviewTable:
    """Circulated on Wednesday 30 December 2026, while 2027 is provisional.

    By the statutory days 31 December and 4 January count, then 5 January. The notice of 2027
    takes 31 December away.
    """
    with time_machine.travel(on_day("2026-12-30T10:00"), tick=False):
        form: ReviewTable = ReviewTableFactory.create(
            circulated_by=officer, due_at=on_day("2027-01-05T18:00")
        )
    form.opinions.parallel().update(due_at=on_day("2027-01-04T18:00"))
    return form


def due(form: ReviewTable) -> dict[str, str]:
    """Stored deadlines in Shanghai: the whole under “whole”, the departments by code."""
    form.refresh_from_db()
    found = dict(form.opinions.values_list("department__code", "due_at"))
    found["whole"] = form.due_at
    return {code: f"{m.astimezone(STATION_TIME):%m-%d %H:%M}" for code, m in found.items()}


def import_it(by: User | None = None) -> None:
    with time_machine.travel(on_day("2026-12-30T15:00"), tick=False):
        calendar.import_notice(NOTICE, by=by)


def test_importing_a_notice_moves_every_open_deadline_that_it_touches(
    over_new_year: ReviewTable,
) -> None:
    import_it()
    assert due(over_new_year) == {
        "commerce": "01-05 18:00",
        "tax": "01-05 18:00",
        "police": "01-05 18:00",
        "social": "01-05 18:00",
        "foreign_affairs": "01-06 18:00",
        "whole": "01-06 18:00",
    }


def test_the_command_does_the_same(
    over_new_year: ReviewTable, tmp_path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "2027.csv"
    file.write_text(as_csv(DAYS_2027))
    call_command("holidays", "import", "2027", str(file))
    assert due(over_new_year)["whole"] == "01-06 18:00"
    assert "6个办理时限随之改变" in capsys.readouterr().out


def test_those_whom_it_moved_for_are_told_old_and_new(
    over_new_year: ReviewTable, officer: User, tax_liaison: User
) -> None:
    import_it(by=officer)
    notice = Notice.objects.get(recipient=tax_liaison)
    assert notice.subject == "办理时限有变：2027年节假日安排已录入"
    assert "区税务局意见：原为2027年1月4日18:00，现为2027年1月5日18:00。" in notice.body
    assert "全表办结" not in notice.body
    assert notice.path == f"/reviews/tables/{over_new_year.pk}/time/"
    told = Notice.objects.get(recipient=officer)
    assert "全表办结：原为2027年1月5日18:00，现为2027年1月6日18:00。" in told.body
    agent = over_new_year.application.created_by
    assert "全表办结" in Notice.objects.get(recipient=agent).body
    assert Notice.objects.filter(recipient=agent).count() == 1


def test_the_trail_keeps_both_deadlines(over_new_year: ReviewTable, officer: User) -> None:
    import_it(by=officer)
    event = AuditEvent.objects.get(action="review.move_deadlines")
    assert event.actor == officer
    assert event.before["区税务局意见"] == "2027年1月4日18:00"
    assert event.after["区税务局意见"] == "2027年1月5日18:00"
    assert AuditEvent.objects.get(action="calendar.recompute").after == {"moved": 6}


def test_entering_it_again_moves_and_tells_nothing(over_new_year: ReviewTable) -> None:
    import_it()
    before = Notice.objects.count()
    import_it()
    assert Notice.objects.count() == before
    assert AuditEvent.objects.filter(action="review.move_deadlines").count() == 1


def test_what_is_signed_keeps_the_deadline_it_was_signed_under(
    over_new_year: ReviewTable, tax_liaison: User
) -> None:
    sign_off(over_new_year, "tax", by=tax_liaison, moment=on_day("2026-12-30T14:00"))
    import_it()
    assert due(over_new_year)["tax"] == "01-04 18:00"
    assert not Notice.objects.filter(recipient=tax_liaison).exists()


def test_what_is_done_or_void_is_left_alone(over_new_year: ReviewTable) -> None:
    moment = on_day("2026-12-30T14:00")
    ReviewTable.objects.update(status="void", voided_at=moment, void_reason="信息有误")
    import_it()
    assert due(over_new_year)["whole"] == "01-05 18:00"


def test_a_paused_table_follows_without_being_told(
    over_new_year: ReviewTable, officer: User, tax_liaison: User
) -> None:
    Application.objects.update(status=Status.SUPPLEMENTING)
    Pause.objects.create(
        table=over_new_year,
        by=officer,
        reason="要求企业补充材料",
        started_at=on_day("2026-12-30T11:00"),
    )
    import_it()
    assert due(over_new_year)["whole"] == "01-06 18:00"
    assert not Notice.objects.filter(recipient=tax_liaison).exists()


def test_a_target_changed_meanwhile_does_not_touch_what_was_circulated(
    over_new_year: ReviewTable, settings
) -> None:
    settings.TARGET_DAYS = {"departments": 5, "whole": 9}
    import_it()
    assert due(over_new_year)["whole"] == "01-06 18:00"


def test_what_the_preview_expects_is_what_happens(over_new_year: ReviewTable) -> None:
    with time_machine.travel(on_day("2026-12-30T15:00"), tick=False):
        expected = calendar.expected_moves(NOTICE)
        assert due(over_new_year)["whole"] == "01-05 18:00"
        _, moves = calendar.import_notice(NOTICE, by=None)
    assert [(m.whose, m.before, m.after) for m in expected] == [
        (m.whose, m.before, m.after) for m in moves
    ]
    assert len(moves) == 6


def test_a_day_off_that_a_corrected_notice_takes_back_is_worked_in_the_preview_as_well(
    on_the_clock: ReviewTable, officer: User
) -> None:
    """An invented notice of 2026 makes Tuesday 24 November a day off, its correction does not."""
    published = [
        (row.date.isoformat(), "班" if row.is_working else "休", row.name)
        for row in HolidayNotice.objects.get(year=2026).days.all()
    ]
    wrong, right = (
        parse_notice(as_csv(days).encode(), 2026)
        for days in ([*published, ("2026-11-24", "休", "临时放假")], published)
    )
    with time_machine.travel(on(23, 15), tick=False):
        calendar.import_notice(wrong, by=officer)
        assert due(on_the_clock)["tax"] == "11-26 18:00"
        expected = calendar.expected_moves(right)
        _, moves = calendar.import_notice(right, by=officer)
    assert due(on_the_clock)["tax"] == "11-25 18:00"
    assert [(m.whose, m.before, m.after) for m in expected] == [
        (m.whose, m.before, m.after) for m in moves
    ]
    assert len(expected) == 6


def test_a_closing_day_moves_what_is_open_and_taking_it_back_moves_it_back(
    on_the_clock: ReviewTable, officer: User, tax_liaison: User
) -> None:
    with time_machine.travel(on(23, 15), tick=False):
        closure = calendar.close_station(date(2026, 11, 24), "机房停电检修", by=officer)
        assert due(on_the_clock)["tax"] == "11-26 18:00"
        assert due(on_the_clock)["whole"] == "11-27 18:00"
        calendar.reopen_station(closure.pk, by=officer)
        calendar.reopen_station(closure.pk, by=officer)
    assert due(on_the_clock)["tax"] == "11-25 18:00"
    subjects = Notice.objects.filter(recipient=tax_liaison).values_list("subject", flat=True)
    assert set(subjects) == {
        "办理时限有变：2026年11月24日本站休息（机房停电检修）",
        "办理时限有变：2026年11月24日本站照常上班",
    }
    actions = ["calendar.close", "calendar.reopen"]
    assert AuditEvent.objects.filter(action__in=actions).count() == 2


def test_the_application_follows_its_table_and_while_it_is_paused_does_not(
    on_the_clock: ReviewTable, officer: User
) -> None:
    application = on_the_clock.application
    with time_machine.travel(on(23, 15), tick=False):
        closure = calendar.close_station(date(2026, 11, 24), "机房停电检修", by=officer)
        application.refresh_from_db()
        assert application.due_at == on(27, 18)
        # The answer's own deadline, while the enterprise supplements.
        Application.objects.update(status=Status.SUPPLEMENTING, due_at=on(30, 18))
        Pause.objects.create(
            table=on_the_clock, by=officer, reason="等企业补充材料", started_at=on(23, 15)
        )
        calendar.reopen_station(closure.pk, by=officer)
    application.refresh_from_db()
    assert application.due_at == on(30, 18)
    assert due(on_the_clock)["whole"] == "11-26 18:00"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 28), "本来就休息（周末）"),
        (date(2026, 10, 22), "太远了"),
        (date(2028, 11, 23), "太远了"),
        (date(2026, 11, 25), "已经登记为本站休息日：停电"),
    ],
)
def test_a_day_that_cannot_be_a_closing_day_is_refused(
    day: date, words: str, officer: User
) -> None:
    StationClosure.objects.create(date=date(2026, 11, 25), reason="停电", entered_by=officer)
    with time_machine.travel(on(23, 10), tick=False), pytest.raises(CalendarRefused, match=words):
        calendar.close_station(day, "测试", by=officer)
    assert StationClosure.objects.count() == 1
