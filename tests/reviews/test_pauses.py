"""A pause holds what waits for the missing item, and nothing else.

The 23rd of November 2026 is a Monday. Material 10, the passport, is the police's and foreign
affairs' to verify; tax, commerce and social need nothing of it.
"""

import re
from datetime import datetime

import pytest
import time_machine

from accounts.models import User
from applications.models import Application
from applications.services.intake import answer_correction
from applications.services.pages import stack_of
from applications.services.perform import MoveRefused
from materials.stack import remove_page
from notices.models import Notice
from reviews.assignments import change_hands, tell_of
from reviews.models import ReviewTable
from reviews.reminders import send_due_reminders
from reviews.services import circulation
from reviews.services.chasing import candidates, with_chases
from reviews.services.supplements import cancel_supplement
from tests.conftest import ClientOf
from tests.factories import SHEETS, liaison
from tests.reviews.conftest import Station, on

pytestmark = pytest.mark.django_db


@pytest.fixture
def paused(station: Station, submitted: Application) -> ReviewTable:
    """Circulated on Monday at 10:00; on Tuesday at 10:00 the police ask for the passport anew."""
    with time_machine.travel(on(23, 10), tick=False):
        table = circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)
    with time_machine.travel(on(24, 10), tick=False):
        circulation.ask_supplement(table, {10: "反光，请重扫。"}, by=station.liaisons["police"])
    Notice.objects.all().delete()
    return table


def answer(table: ReviewTable, agent: User, moment: datetime) -> None:
    with time_machine.travel(moment, tick=False):
        answer_correction(table.application.corrections.get(), answer="已核对原件。", by=agent)
        circulation.supplement(table.application, by=agent)


def words(client_of: ClientOf, person: User, path: str, now: datetime) -> str:
    with time_machine.travel(now, tick=False):
        page = client_of(person).get(path).text
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def told() -> list[str]:
    return sorted(Notice.objects.values_list("recipient__name", flat=True))


def due(table: ReviewTable, code: str) -> datetime:
    opinion = table.opinions.get(department__code=code)
    return opinion.due_at


def test_a_department_that_needs_nothing_keeps_its_deadline_and_is_reminded(
    paused: ReviewTable, agent: User
) -> None:
    assert send_due_reminders(on(25, 9)) == 3
    assert told() == ["区人力社保局联络员", "区商务委联络员", "区税务局联络员"]
    answer(paused, agent, on(25, 10))
    assert (due(paused, "tax"), due(paused, "police")) == (on(25, 18), on(27, 18))
    assert due(paused, "foreign_affairs") == on(30, 18)


def test_its_signature_is_late_by_its_own_clock(
    station: Station, paused: ReviewTable, agent: User
) -> None:
    with time_machine.travel(on(26, 10), tick=False):
        station.sign(paused, "tax", "police")
    assert due(paused, "tax") == on(25, 18)
    # Tuesday, Wednesday and Thursday are the police's pause.
    assert due(paused, "police") == on(30, 18)


def test_only_who_was_held_hears_that_the_clock_goes_on(paused: ReviewTable, agent: User) -> None:
    answer(paused, agent, on(25, 10))
    resumed = Notice.objects.filter(cause__contains=":supplemented:")
    assert [notice.recipient.name for notice in resumed] == ["区公安局联络员"]


def test_who_was_asked_for_by_the_officer_is_held_as_whoever_verifies_it(
    station: Station, submitted: Application
) -> None:
    with time_machine.travel(on(23, 10), tick=False):
        table = circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)
        # The licence concerns commerce and tax.
        pause = circulation.ask_supplement(table, {2: "请重传。"}, by=station.officer)
    going_on = [department.code for department in pause.going_on.order_by("position")]
    assert going_on == ["police", "social"]


def test_the_pages_say_that_it_is_paused_and_show_no_old_deadline(
    client_of: ClientOf, station: Station, paused: ReviewTable
) -> None:
    table_page, police = paused.get_absolute_url(), station.liaisons["police"]
    for person in (station.officer, police):
        shown = words(client_of, person, table_page, on(26, 10))
        assert "已暂停计时：等企业补充材料" in shown
        assert "暂停计时，企业补充提交后重新计算" in shown
        assert "2026年11月26日 18:00" not in shown
    opinion = paused.opinions.get(department__code="police")
    shown = words(client_of, police, opinion.get_absolute_url(), on(26, 10))
    assert "时限： 已暂停计时：等企业补充材料" in shown
    detail = words(client_of, police, f"{table_page}time/", on(24, 11))
    assert "时限2026年11月25日" in detail  # tax goes on
    assert "区公安局（2个工作日） 已暂停计时" in detail
    assert "全表办结（3个工作日） 已暂停计时" in detail
    assert "不受影响：区商务委、区税务局、区人力社保局。" in detail


def test_who_goes_on_is_asked_to_sign_by_his_deadline(
    client_of: ClientOf, station: Station, paused: ReviewTable
) -> None:
    tax = station.liaisons["tax"]
    shown = words(client_of, tax, paused.get_absolute_url(), on(24, 11))
    assert "请填写并签署本部门意见。 由谁办： 您 时限： 还剩1个工作日，11月25日18:00前" in shown
    home = words(client_of, tax, "/", on(24, 11))
    assert "还剩1个工作日，11月25日18:00前" in home


def test_on_the_officers_list_who_goes_on_and_is_late_is_named_beside_the_pause(
    client_of: ClientOf, station: Station, paused: ReviewTable
) -> None:
    with time_machine.travel(on(24, 11), tick=False):
        station.sign(paused, "commerce", "social")
    shown = words(client_of, station.officer, "/reviews/tables/", on(26, 10))
    late = "区税务局已超时限，不足1个工作日 全表已暂停计时：等企业补充材料"
    assert late in shown
    with time_machine.travel(on(26, 10), tick=False):
        assert [
            str(one.opinion.department)
            for one in candidates(with_chases(paused.opinions.all()), on(26, 10))
        ] == ["区税务局"]


def test_foreign_affairs_whose_turn_comes_in_a_pause_hears_when_it_is_over(
    station: Station, paused: ReviewTable, agent: User
) -> None:
    with time_machine.travel(on(24, 11), tick=False):
        station.sign(paused, "commerce", "tax", "police", "social")
    foreign = station.liaisons["foreign_affairs"]
    assert not foreign.notices.exists()
    answer(paused, agent, on(25, 10))
    notice = foreign.notices.get()
    # Tuesday and Wednesday are the pause; Friday is the second, Monday the third of its days.
    assert "时限：2026年11月30日18:00前" in notice.body


def test_a_hand_over_in_a_pause_shows_no_old_deadline(
    station: Station, paused: ReviewTable
) -> None:
    colleague = liaison("police", name="公安同事", username="police2")
    opinion = paused.opinions.with_case().get(department__code="police")
    change = change_hands(opinion, colleague, why="leave", by=None, at=on(24, 11))
    tell_of([change])
    body = colleague.notices.get().body
    assert "等企业补充材料，已暂停计时" in body
    assert "时限2026" not in body


# Taken back by whoever asked for it --------------------------------------------------------------


def test_who_asked_may_take_it_back_and_everybody_concerned_hears(
    station: Station, paused: ReviewTable, agent: User
) -> None:
    with time_machine.travel(on(24, 15), tick=False):
        cancel_supplement(paused, reason="已在系统中核到。", by=station.liaisons["police"])
    paused.refresh_from_db()
    paused.application.refresh_from_db()
    assert paused.application.status == "in_review"
    assert paused.pauses.get().ended_at == on(24, 15)
    correction = paused.application.corrections.get()
    assert (correction.is_dropped, correction.resolved_at) == (True, on(24, 15))
    # Tuesday alone was paused.
    assert due(paused, "police") == on(26, 18)
    assert paused.due_at == paused.application.due_at == on(27, 18)
    subjects = {
        notice.recipient: notice.subject
        for notice in Notice.objects.select_related("recipient")
        if not notice.subject.startswith("审核表")
    }
    assert subjects[agent].startswith("不用再补充材料：")
    assert subjects[station.officer].startswith("取消补充要求：")
    assert station.liaisons["tax"] not in subjects


def test_a_colleague_may_and_another_department_or_the_station_may_not(
    station: Station, paused: ReviewTable
) -> None:
    colleague = liaison("police", name="公安同事", username="police2")
    for other in (station.liaisons["tax"], station.officer):
        with pytest.raises(MoveRefused, match="由提出的一方取消"):
            cancel_supplement(paused, reason="不用了", by=other)
    cancel_supplement(paused, reason="不用了", by=colleague)
    assert (
        station.liaisons["police"]
        .notices.filter(subject__startswith="不用再等补充材料，请签署")
        .exists()
    )


def test_what_the_station_asked_for_it_takes_back_on_the_page(
    station: Station, submitted: Application, client_of: ClientOf
) -> None:
    table = circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)
    circulation.ask_supplement(table, {10: "请重扫。"}, by=station.officer)
    client = client_of(station.officer)
    address = f"{table.get_absolute_url()}supplement/cancel/"
    assert address in client.get(table.get_absolute_url()).text
    assert address not in client_of(station.liaisons["tax"]).get(table.get_absolute_url()).text
    assert client.get(address).status_code == 200
    client.post(address, {"reason": "部门已自行核实。"})
    client.post(address, {"reason": "部门已自行核实。"})
    submitted.refresh_from_db()
    assert submitted.status == "in_review"
    assert submitted.changes.filter(action="drop_supplement").count() == 1
    police = station.liaisons["police"]
    opinion = table.opinions.get(department__code="police")
    shown = client_of(police).get(opinion.get_absolute_url()).text
    assert "已取消，不用补充" in " ".join(shown.split())


def test_what_the_enterprise_has_taken_away_by_then_is_not_left_missing(
    station: Station, paused: ReviewTable, agent: User
) -> None:
    application = Application.objects.get(pk=paused.application_id)
    for page in list(stack_of(application, 10).current()):
        remove_page(stack_of(application, 10), page, by=agent)
    with pytest.raises(MoveRefused, match="企业正在更换材料"):
        cancel_supplement(paused, reason="不用了", by=station.liaisons["police"])
    assert paused.pauses.get().ended_at is None
