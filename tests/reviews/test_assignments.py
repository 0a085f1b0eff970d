"""Whose an opinion is: first liaisons, leave with stand-ins, and handing on to a colleague."""

from datetime import date

import pytest
import time_machine

from accounts.models import AuditEvent, User
from applications.models import Application
from applications.services.perform import MoveRefused
from notices.models import Notice
from reviews import assignments
from reviews.assignments import settle_assignments
from reviews.models import AssignmentChange, Leave, Opinion, ReviewTable
from reviews.reminders import send_due_reminders
from reviews.services import circulation
from reviews.services.leave import LeaveRefused, cancel_leave, enter_leave, transfer
from tests.factories import SHEETS, liaison
from tests.reviews.conftest import Station, on

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(db: None) -> User:
    return liaison("tax", name="税务同事", username="tax2")


def away(
    user: User, first: int, last: int, *, stand_in: User | None = None, by: User | None = None
) -> Leave:
    """Leave on these days of November 2026."""
    leave = Leave(
        user=user,
        first_day=date(2026, 11, first),
        last_day=date(2026, 11, last),
        stand_in=stand_in,
    )
    enter_leave(leave, by=by or user)
    return leave


def tax_of(form: ReviewTable) -> Opinion:
    return form.opinions.with_case().get(department__code="tax")


def holder(form: ReviewTable) -> str:
    acting = tax_of(form).assignee
    return acting.name if acting else ""


def changes(form: ReviewTable) -> list[tuple[str, str, str]]:
    rows = AssignmentChange.objects.filter(opinion=tax_of(form))
    return [
        (row.why, row.from_user.name if row.from_user else "", row.to_user.name) for row in rows
    ]


def told(user: User) -> list[str]:
    return list(user.notices.order_by("id").values_list("subject", flat=True))


@pytest.fixture
def circulated_on_monday(station: Station, colleague: User, submitted: Application) -> ReviewTable:
    with time_machine.travel(on(23, 10), tick=False):
        return circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)


@pytest.mark.parametrize("who", ["himself", "supervisor", "switched off", "another department's"])
def test_a_stand_in_is_another_liaison_of_the_department_in_use(
    station: Station, colleague: User, supervisor: User, who: str
) -> None:
    tax = station.liaisons["tax"]
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    colleague.refresh_from_db()
    stand_in = {
        "himself": tax,
        "supervisor": supervisor,
        "switched off": colleague,
        "another department's": station.liaisons["police"],
    }[who]
    with (
        time_machine.travel(on(23, 9), tick=False),
        pytest.raises(LeaveRefused, match="代办人必须是本部门另一名在用的联络员"),
    ):
        away(tax, 24, 25, stand_in=stand_in)


def test_a_new_opinion_goes_to_the_first_liaison_and_only_he_is_told(
    station: Station, colleague: User, submitted: Application
) -> None:
    colleague.is_primary = True
    colleague.save()
    form = circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)
    assert holder(form) == "税务同事"
    assert changes(form) == [("circulated", "", "税务同事")]
    assert len(told(colleague)) == 1
    assert told(station.liaisons["tax"]) == []


def test_without_a_first_liaison_the_oldest_account_is_it(
    circulated_on_monday: ReviewTable,
) -> None:
    assert holder(circulated_on_monday) == "区税务局联络员"


def test_who_is_away_at_circulation_is_stood_in_for(
    station: Station, colleague: User, submitted: Application
) -> None:
    with time_machine.travel(on(23, 9), tick=False):
        away(station.liaisons["tax"], 23, 24, stand_in=colleague)
        form = circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)
    opinion = tax_of(form)
    assert (opinion.owner, opinion.assignee) == (station.liaisons["tax"], colleague)
    assert changes(form) == [("leave", "区税务局联络员", "税务同事")]
    assert "您在代区税务局联络员办理" in colleague.notices.get(kind="deadline").body


def test_leave_hands_over_on_its_first_day_and_back_after_its_last(
    circulated_on_monday: ReviewTable, station: Station, colleague: User
) -> None:
    tax = station.liaisons["tax"]
    with time_machine.travel(on(23, 15), tick=False):
        away(tax, 24, 25, stand_in=colleague)
        assert holder(circulated_on_monday) == "区税务局联络员"
    assert settle_assignments(on(23, 23, 59)) == 0
    assert settle_assignments(on(24, 0)) == 1
    assert holder(circulated_on_monday) == "税务同事"
    assert settle_assignments(on(25, 23, 59)) == 0
    assert settle_assignments(on(26, 0)) == 1
    assert holder(circulated_on_monday) == "区税务局联络员"
    assert changes(circulated_on_monday) == [
        ("circulated", "", "区税务局联络员"),
        ("leave", "区税务局联络员", "税务同事"),
        ("back", "税务同事", "区税务局联络员"),
    ]
    assert told(colleague)[-1] == "1份意见转由您办理（休假代办）"
    assert told(tax)[-1] == "1份意见转由您办理（休假结束交还）"
    assert AuditEvent.objects.filter(action="opinion.assign").count() == 2


def test_a_sweep_that_was_missed_or_runs_twice_changes_nothing(
    circulated_on_monday: ReviewTable, station: Station, colleague: User
) -> None:
    with time_machine.travel(on(23, 15), tick=False):
        away(station.liaisons["tax"], 24, 25, stand_in=colleague)
    assert settle_assignments(on(27, 9)) == 0
    assert holder(circulated_on_monday) == "区税务局联络员"
    assert settle_assignments(on(25, 9)) == 1
    assert settle_assignments(on(25, 9)) == 0


def test_leave_that_begins_today_hands_over_at_once_and_ended_early_gives_back(
    circulated_on_monday: ReviewTable, station: Station, colleague: User
) -> None:
    with time_machine.travel(on(24, 9), tick=False):
        leave = away(station.liaisons["tax"], 24, 27, stand_in=colleague)
        assert holder(circulated_on_monday) == "税务同事"
        cancel_leave(leave, by=station.liaisons["tax"])
        cancel_leave(leave, by=station.liaisons["tax"])
        assert holder(circulated_on_monday) == "区税务局联络员"
    assert AuditEvent.objects.filter(action="leave.cancel").count() == 1


def test_a_stand_in_who_is_away_himself_is_stood_in_for(
    circulated_on_monday: ReviewTable, station: Station, colleague: User
) -> None:
    third = liaison("tax", name="第三人", username="tax3")
    with time_machine.travel(on(24, 9), tick=False):
        away(station.liaisons["tax"], 24, 27, stand_in=colleague)
        away(colleague, 24, 25, stand_in=third)
        assert holder(circulated_on_monday) == "第三人"
    settle_assignments(on(26, 9))
    assert holder(circulated_on_monday) == "税务同事"


def test_two_who_stand_in_for_each_other_leave_it_to_whoever_is_there(
    circulated_on_monday: ReviewTable, station: Station, colleague: User
) -> None:
    liaison("tax", name="第三人", username="tax3")
    with time_machine.travel(on(24, 9), tick=False):
        away(station.liaisons["tax"], 24, 27, stand_in=colleague)
        away(colleague, 24, 25, stand_in=station.liaisons["tax"])
    assert holder(circulated_on_monday) == "第三人"


def test_without_a_stand_in_a_colleague_who_is_there_acts(
    circulated_on_monday: ReviewTable, station: Station
) -> None:
    with time_machine.travel(on(24, 9), tick=False):
        away(station.liaisons["tax"], 24, 27)
    assert holder(circulated_on_monday) == "税务同事"


def test_circulation_says_of_which_department_everybody_is_away(
    station: Station, submitted: Application
) -> None:
    with time_machine.travel(on(23, 9), tick=False):
        away(station.liaisons["tax"], 23, 24)
        with pytest.raises(
            MoveRefused,
            match=r"区税务局的联络员都在休假，没有代办人在岗：区税务局联络员（2026年11月23日至11月24日）",
        ):
            circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)
    assert not ReviewTable.objects.exists()


def test_the_station_hears_of_a_day_on_which_a_department_has_nobody(
    station: Station, colleague: User
) -> None:
    tax, officer = station.liaisons["tax"], station.officer
    with time_machine.travel(on(23, 9), tick=False):
        away(colleague, 25, 26)
        assert told(officer) == []
        leave = Leave(user=tax, first_day=date(2026, 11, 24), last_day=date(2026, 11, 27))
        said = enter_leave(leave, by=tax)
    assert said[0].startswith("2026年11月25日起，区税务局的联络员都在休假")
    assert told(officer) == ["区税务局将没有联络员在岗"]


def test_leave_entered_twice_is_entered_once_and_overlapping_leave_refused(
    station: Station, colleague: User
) -> None:
    tax = station.liaisons["tax"]
    with time_machine.travel(on(23, 9), tick=False):
        away(tax, 24, 27, stand_in=colleague)
        away(tax, 24, 27, stand_in=colleague)
        with pytest.raises(LeaveRefused, match="与这次重叠"):
            away(tax, 27, 28)
    assert Leave.objects.count() == 1


def test_leave_is_entered_by_oneself_or_by_the_station(station: Station, colleague: User) -> None:
    tax = station.liaisons["tax"]
    with time_machine.travel(on(23, 9), tick=False):
        with pytest.raises(LeaveRefused, match="只能登记自己的休假"):
            away(tax, 24, 25, by=colleague)
        with pytest.raises(LeaveRefused, match="本部门另一名"):
            away(tax, 24, 25, stand_in=station.liaisons["police"])
        with pytest.raises(LeaveRefused, match="已经过去"):
            away(tax, 20, 22)
        away(tax, 24, 25, stand_in=colleague, by=station.officer)
    assert told(tax) == ["区税务局联络员休假：2026年11月24日至11月25日"]
    assert told(colleague) == ["区税务局联络员休假：2026年11月24日至11月25日"]


def test_an_account_switched_off_leaves_its_opinions_to_a_colleague(
    circulated_on_monday: ReviewTable, station: Station
) -> None:
    tax = station.liaisons["tax"]
    tax.is_active = False
    tax.save()
    assert settle_assignments(on(24, 9)) == 1
    assert changes(circulated_on_monday)[-1] == ("account", "区税务局联络员", "税务同事")


def test_an_opinion_is_handed_to_a_colleague_with_a_reason(
    circulated_on_monday: ReviewTable, station: Station, colleague: User
) -> None:
    tax, opinion = station.liaisons["tax"], tax_of(circulated_on_monday)
    with pytest.raises(LeaveRefused, match="请写明转办的原因"):
        transfer(opinion, to=colleague, reason=" ", by=tax)
    assert transfer(opinion, to=colleague, reason="企业由他联系", by=tax)
    assert not transfer(opinion, to=colleague, reason="企业由他联系", by=tax)
    after = tax_of(circulated_on_monday)
    assert (after.owner, after.assignee) == (colleague, colleague)
    assert changes(circulated_on_monday)[1:] == [("transfer", "区税务局联络员", "税务同事")]
    notice = colleague.notices.get()
    assert "区税务局联络员转办，原因：企业由他联系" in notice.body


def test_nobody_hands_on_what_is_not_his_departments_or_to_somebody_away(
    circulated_on_monday: ReviewTable, station: Station, colleague: User, supervisor: User
) -> None:
    opinion, tax = tax_of(circulated_on_monday), station.liaisons["tax"]
    with pytest.raises(LeaveRefused, match="只能由该部门的联络员转办"):
        transfer(opinion, to=colleague, reason="试试", by=station.liaisons["police"])
    with pytest.raises(LeaveRefused, match="只能由该部门的联络员转办"):
        transfer(opinion, to=colleague, reason="试试", by=supervisor)
    with pytest.raises(LeaveRefused, match="不是区税务局的联络员"):
        transfer(opinion, to=station.liaisons["police"], reason="试试", by=tax)
    with time_machine.travel(on(24, 9), tick=False):
        away(colleague, 24, 25)
        with pytest.raises(LeaveRefused, match="今天休假"):
            transfer(opinion, to=colleague, reason="试试", by=tax)


def test_a_signed_opinion_stays_where_it_is(
    circulated_on_monday: ReviewTable, station: Station, colleague: User
) -> None:
    with time_machine.travel(on(24, 9), tick=False):
        station.sign(circulated_on_monday, "tax")
        away(station.liaisons["tax"], 24, 27, stand_in=colleague)
        assert holder(circulated_on_monday) == "区税务局联络员"
        with pytest.raises(LeaveRefused, match="已经签署"):
            transfer(tax_of(circulated_on_monday), to=colleague, reason="试试", by=colleague)


def test_reminders_go_to_whoever_acts_and_a_colleague_may_still_sign(
    circulated_on_monday: ReviewTable, station: Station, colleague: User
) -> None:
    with time_machine.travel(on(24, 9), tick=False):
        away(station.liaisons["tax"], 24, 25, stand_in=colleague)
    Notice.objects.all().delete()
    send_due_reminders(on(25, 9))
    assert len(told(colleague)) == 1
    assert told(station.liaisons["tax"]) == []
    with time_machine.travel(on(25, 10), tick=False):
        station.sign(circulated_on_monday, "tax")
    assert tax_of(circulated_on_monday).signed_by == station.liaisons["tax"]


def test_a_department_asks_only_for_materials_that_concern_it(
    circulated_on_monday: ReviewTable, station: Station
) -> None:
    for number in (0, 8):
        with pytest.raises(MoveRefused, match="只能要求补充与本部门有关的材料（材料2、3）"):
            circulation.ask_supplement(
                circulated_on_monday, {number: "请补"}, by=station.liaisons["tax"]
            )


def test_a_liaison_moved_to_another_department_keeps_no_opinion(
    circulated_on_monday: ReviewTable, station: Station
) -> None:
    tax, social = station.liaisons["tax"], station.liaisons["social"].department
    User.objects.filter(pk=tax.pk).update(department=social)
    assert settle_assignments(on(24, 9)) == 1
    assert holder(circulated_on_monday) == "税务同事"
    assert changes(circulated_on_monday)[-1] == ("account", "区税务局联络员", "税务同事")
    assert not Opinion.objects.filter(department__code="tax", assignee=tax).exists()
    # Nor is it given back to him: the sweep has nothing more to do.
    assert settle_assignments(on(24, 10)) == 0


def test_a_stand_in_moved_to_another_department_stands_in_no_longer(
    circulated_on_monday: ReviewTable, station: Station, colleague: User
) -> None:
    third = liaison("tax", name="第三人", username="tax3")
    with time_machine.travel(on(24, 9), tick=False):
        away(station.liaisons["tax"], 24, 27, stand_in=colleague)
    assert holder(circulated_on_monday) == "税务同事"
    social = station.liaisons["social"].department
    User.objects.filter(pk=colleague.pk).update(department=social)
    assert settle_assignments(on(24, 10)) == 1
    assert holder(circulated_on_monday) == third.name


def test_an_opinion_that_changed_hands_while_leave_was_being_settled_stays_there(
    circulated_on_monday: ReviewTable,
    station: Station,
    colleague: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    third = liaison("tax", name="税务第三人", username="tax3")
    with time_machine.travel(on(23, 11), tick=False):
        away(station.liaisons["tax"], 24, 25, stand_in=colleague)
    found = [tax_of(circulated_on_monday)]
    monkeypatch.setattr(assignments, "_unsettled", lambda roster: found)
    # Between the sweep's look and its lock somebody handed it on by hand.
    Opinion.objects.filter(pk=found[0].pk).update(assignee=third)
    assert settle_assignments(on(24, 9)) == 0
    assert holder(circulated_on_monday) == "税务第三人"
