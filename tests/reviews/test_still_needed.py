"""Never for what has just been signed: what a message waits on is asked when it is sent."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.models import Department, User
from applications.models import Application
from applications.services import corrections, moves
from applications.workflow import Status
from notices.conditions import why_not_needed
from notices.models import ChannelHealth, Delivery, Notice, Preferences, WecomRobot
from notices.tasks import sweep
from reviews.conditions import while_in_hand
from reviews.models import Leave, ReviewTable
from reviews.reminders import send_due_reminders
from reviews.services import circulation
from reviews.services.chasing import chase
from reviews.services.leave import enter_leave, transfer
from tests.factories import SHEETS, liaison
from tests.notices.conftest import tell
from tests.notices.http_server import Gateway, gateway
from tests.reviews.conftest import Station, on, sign_off
from workdays.services import close_station

pytestmark = pytest.mark.django_db
State = Delivery.State


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notices.outbox.hand_over", lambda _pk: None)


def at(moment: datetime, act: Callable[[], object]) -> None:
    with time_machine.travel(moment, tick=False):
        act()


def remind(moment: datetime) -> None:
    """Written, not yet sent."""
    send_due_reminders(moment)
    # What officers hear of departments without anybody, as most are here, is not asked about.
    Notice.objects.filter(cause__startswith="reviews:nobody:").delete()
    Delivery.objects.update(next_attempt_at=moment)


def of(user: User) -> Delivery:
    """This person's newest message."""
    return Delivery.objects.filter(notice__recipient=user).latest("pk")


def how(user: User) -> tuple[str, str]:
    found = of(user)
    return found.state, found.withdrawn_because


@pytest.mark.parametrize(
    ("moment", "code"), [(on(25, 9), "tax"), (on(25, 16), "tax"), (on(26, 9), "tax")]
)
def test_a_reminder_signed_before_it_was_sent_is_withdrawn_and_says_why(
    on_the_clock: ReviewTable, tax_liaison: User, moment: datetime, code: str
) -> None:
    remind(moment)
    sign_off(on_the_clock, code, by=tax_liaison, moment=moment + timedelta(seconds=20))
    at(moment + timedelta(seconds=30), sweep)
    assert how(tax_liaison) == (State.WITHDRAWN, "区税务局意见已签署")
    assert [tax_liaison.email] not in [message.to for message in mail.outbox]


def test_what_still_waits_goes_out(
    on_the_clock: ReviewTable, tax_liaison: User, police_liaison: User
) -> None:
    remind(on(25, 9))
    sign_off(on_the_clock, "tax", by=tax_liaison, moment=on(25, 9))
    at(on(25, 9, 1), sweep)
    assert [message.to for message in mail.outbox] == [[police_liaison.email]]
    assert how(police_liaison) == (State.SENT, "")


def test_supervisor_and_head_hear_nothing_of_what_was_signed(
    on_the_clock: ReviewTable, tax_liaison: User, supervisor: User, station_head: User
) -> None:
    sign_off(on_the_clock, "commerce", "police", "social", by=tax_liaison, moment=on(25, 9))
    remind(on(27, 9))
    sign_off(on_the_clock, "tax", by=tax_liaison, moment=on(27, 9))
    at(on(27, 9, 1), sweep)
    assert mail.outbox == []
    assert how(supervisor) == (State.WITHDRAWN, "区税务局意见已签署")
    assert how(station_head) == (State.WITHDRAWN, "区税务局意见已签署")


def test_a_repeated_attempt_asks_again(
    on_the_clock: ReviewTable, tax_liaison: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: object, _messages: object) -> int:
        raise ConnectionRefusedError("refused")

    remind(on(25, 9))
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        at(on(25, 9, 1), sweep)
    assert (of(tax_liaison).state, of(tax_liaison).attempts) == (State.QUEUED, 1)
    sign_off(on_the_clock, "tax", by=tax_liaison, moment=on(25, 9, 2))
    at(on(25, 9, 10), sweep)
    assert how(tax_liaison) == (State.WITHDRAWN, "区税务局意见已签署")
    assert mail.outbox == []


def test_a_reminder_that_a_newer_one_overtook_is_withdrawn(
    on_the_clock: ReviewTable, tax_liaison: User
) -> None:
    remind(on(25, 9))
    remind(on(25, 16))
    at(on(25, 16, 1), sweep)
    assert [message.subject for message in mail.outbox] == [
        "【万州区APEC商务旅行卡协办服务站】还剩两个小时：区税务局意见 "
        f"{on_the_clock.application.enterprise.name} {on_the_clock.application.applicant.name}"
    ]
    first = Delivery.objects.earliest("pk")
    assert (first.state, first.withdrawn_because) == (
        State.WITHDRAWN,
        "时限有变，或者已到下一次提醒",
    )


def test_a_reminder_of_a_deadline_that_moved_is_withdrawn(
    on_the_clock: ReviewTable, tax_liaison: User, officer: User
) -> None:
    remind(on(25, 9))
    at(on(25, 9), lambda: close_station(date(2026, 11, 25), "停电", by=officer))
    Delivery.objects.filter(notice__cause__contains=":calendar:").delete()
    at(on(26, 9), sweep)
    assert mail.outbox == []
    assert how(tax_liaison) == (State.WITHDRAWN, "时限有变，或者已到下一次提醒")


def test_a_clock_set_back_takes_no_reminder_back(
    on_the_clock: ReviewTable, tax_liaison: User
) -> None:
    """Its moment lies ahead again; were it withdrawn, it would never be sent."""
    remind(on(25, 16))
    Delivery.objects.update(next_attempt_at=on(25, 15))
    at(on(25, 15, 10), sweep)
    assert of(tax_liaison).state == State.SENT


def test_while_the_enterprise_supplements_no_reminder_goes_out(
    on_the_clock: ReviewTable, tax_liaison: User
) -> None:
    remind(on(25, 9))
    Application.objects.update(status=Status.SUPPLEMENTING)
    at(on(25, 9, 1), sweep)
    assert how(tax_liaison) == (State.WITHDRAWN, "企业正在补充材料，暂停计时")


def test_a_table_that_was_recalled_is_not_asked_for(
    station: Station, submitted: Application
) -> None:
    form: ReviewTable
    with time_machine.travel(on(23, 10), tick=False):
        form = circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)
        circulation.recall(form, reason="职务有误", by=station.officer)
        sweep()
    opened = Delivery.objects.filter(notice__cause__endswith=":opened")
    assert {(one.state, one.withdrawn_because) for one in opened} == {
        (State.WITHDRAWN, "审核表已作废")
    }
    assert not [message for message in mail.outbox if "请签署" in message.subject]


def test_what_was_handed_on_is_not_asked_of_the_first_any_more(
    station: Station, submitted: Application
) -> None:
    colleague = liaison("tax", name="税务同事", username="tax2")
    tax = station.liaisons["tax"]
    with time_machine.travel(on(23, 10), tick=False):
        form = circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)
        opinion = form.opinions.get(department__code="tax")
        transfer(opinion, to=colleague, reason="外出", by=tax)
        sweep()
    assert how(tax) == (State.WITHDRAWN, "已由税务同事办理")
    assert of(colleague).state == State.SENT


def test_a_hand_over_at_midnight_is_told_at_opening_and_not_of_what_was_signed_by_then(
    station: Station, submitted: Application
) -> None:
    colleague = liaison("tax", name="税务同事", username="tax2")
    tax = station.liaisons["tax"]
    with time_machine.travel(on(23, 10), tick=False) as clock:
        form = circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)
        leave = Leave(user=tax, first_day=date(2026, 11, 23), last_day=date(2026, 11, 25))
        enter_leave(leave, by=tax)
        sign_off(form, "tax", by=colleague, moment=timezone.now())
        clock.shift(timedelta(minutes=1))
        sweep()
    assigned = Delivery.objects.get(
        notice__recipient=colleague, notice__cause__contains=":assignment:"
    )
    assert (assigned.state, assigned.withdrawn_because) == (State.WITHDRAWN, "区税务局意见已签署")


def test_a_chase_signed_before_it_was_sent_is_withdrawn(
    on_the_clock: ReviewTable, officer: User, tax_liaison: User
) -> None:
    opinion = on_the_clock.opinions.get(department__code="tax")
    at(on(24, 10), lambda: chase(on_the_clock, [opinion.pk], by=officer))
    sign_off(on_the_clock, "tax", by=tax_liaison, moment=on(24, 10))
    at(on(24, 10, 1), sweep)
    assert how(tax_liaison) == (State.WITHDRAWN, "区税务局意见已签署")
    assert mail.outbox == []


def test_a_group_does_not_read_of_what_was_signed(
    on_the_clock: ReviewTable, tax_liaison: User
) -> None:
    with gateway() as server:
        tax = Department.objects.get(code="tax")
        WecomRobot.objects.create(name="税务群", department=tax, webhook=server.url)
        remind(on(25, 9))
        sign_off(on_the_clock, "tax", by=tax_liaison, moment=on(25, 9))
        at(on(25, 9, 1), sweep)
        assert _posts(server) == 0
    assert set(Delivery.objects.values_list("channel", "state")) == {
        ("email", State.WITHDRAWN),
        ("wecom", State.WITHDRAWN),
    }


def _posts(server: Gateway) -> int:
    return len(server.received)


def test_a_digest_leaves_out_what_was_done_overnight(
    officer: User, agent: User, ready_draft: Application
) -> None:
    """The officer would be asked for a pre-review that a colleague has finished."""
    Preferences.objects.create(user=officer, digest=True)
    with time_machine.travel(on(24, 17), tick=False):
        moves.submit(ready_draft, by=agent)
        corrections.note(ready_draft, number=8, words="头部偏小", by=officer)
        moves.send_back(ready_draft, by=officer)
    at(on(25, 9), sweep)
    assert [message.to for message in mail.outbox] == [[agent.email]]
    assert how(officer) == (State.WITHDRAWN, "申请已是“退回补正”")


def test_a_channel_that_was_down_sends_nothing_that_is_done_when_it_works_again(
    on_the_clock: ReviewTable, tax_liaison: User
) -> None:
    remind(on(25, 9))
    ChannelHealth.objects.create(
        key="email", label="电子邮件", failing_since=on(25, 9), closed_until=on(25, 9, 30)
    )
    at(on(25, 9, 1), sweep)
    assert of(tax_liaison).state == State.QUEUED
    sign_off(on_the_clock, "tax", by=tax_liaison, moment=on(25, 9, 2))
    at(on(25, 9, 40), sweep)
    assert how(tax_liaison) == (State.WITHDRAWN, "区税务局意见已签署")
    assert mail.outbox == []


def test_moved_deadlines_are_told_of_what_is_still_open(
    on_the_clock: ReviewTable, officer: User, tax_liaison: User, police_liaison: User
) -> None:
    at(on(24, 9), lambda: close_station(date(2026, 11, 25), "停电", by=officer))
    sign_off(on_the_clock, "tax", by=tax_liaison, moment=on(24, 10))
    Delivery.objects.update(next_attempt_at=on(24, 10))
    at(on(24, 10, 1), sweep)
    assert how(tax_liaison) == (State.WITHDRAWN, "区税务局意见已签署")
    assert of(police_liaison).state == State.SENT
    assert of(officer).state == State.SENT


@pytest.mark.parametrize("count", [1, 50])
def test_the_inbox_asks_in_as_many_queries_for_one_as_for_fifty(
    on_the_clock: ReviewTable,
    tax_liaison: User,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
    count: int,
) -> None:
    send_due_reminders(on(25, 9))
    opinion = on_the_clock.opinions.get(department__code="tax")
    for number in range(count):
        tell(tax_liaison, number=number, condition=while_in_hand(opinion))
    notices = list(Notice.objects.filter(recipient=tax_liaison).select_related("recipient"))
    # Opinions; then reminders, and the calendar in two.
    with time_machine.travel(on(25, 9), tick=False), django_assert_num_queries(3):
        lapsed = why_not_needed(notices)
    assert lapsed == {}
    assert len(notices) == 1 + count
