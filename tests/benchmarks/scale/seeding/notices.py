"""Three notices a case, each with one delivery: to the officer, the agent and a liaison."""

from itertools import count as counting

from notices.models import Delivery, Notice
from tests.benchmarks.scale.plan import FIRST, HOUR, Case, moment
from tests.benchmarks.scale.seeding.room import Room

BODY = "有一件申请等待办理。\n\n请在时限前登录门户处理；已经办了的，不用再看这条通知。"
# Every so many: never read in the portal, not delivered, read before the mail was due.
UNREAD, FAILED, NOT_NEEDED = 90, 1000, 12
State = Delivery.State


class Notices(Room):
    def prepare(self) -> None:
        self.numbers = counting(FIRST)
        self.notices = self.store.sheet(
            Notice,
            "id", "cause", "recipient_id", "subject", "path", "created_at", "read_at",
            body=BODY, short="您有一件待办",
        )  # fmt: skip
        self.deliveries = self.store.sheet(
            Delivery,
            "notice_id", "state", "next_attempt_at", "sent_at", "last_error",
            channel=Delivery.Channel.EMAIL, attempts=1,
        )  # fmt: skip

    def case(self, case: Case) -> None:
        departments = self.world.departments
        department = departments[case.number % len(departments)]
        liaison = self.world.liaison(department, case.number)
        told = (
            (self.world.officer(case.number), "有一件申请待预审", case.submitted),
            (case.agent, "申请有新进展", case.submitted + 2 * HOUR),
            (liaison, "有一张审核表待签署", case.submitted + 3 * HOUR),
        )  # fmt: skip
        for place, (recipient, subject, minute) in enumerate(told):
            number, at = next(self.numbers), moment(minute)
            is_read = not case.is_open and number % UNREAD != 0
            self.notices.add((
                number, f"scale:{case.pk}:{place}", recipient, subject,
                f"/applications/{case.pk}/", at, moment(minute + HOUR) if is_read else None,
            ))  # fmt: skip
            state = State.FAILED if number % FAILED == 0 else State.SENT
            if number % NOT_NEEDED == 0 and is_read:
                state = State.NOT_NEEDED
            is_sent = state == State.SENT
            error = "邮件服务器没有接受" if state == State.FAILED else ""
            self.deliveries.add((number, state, at, at if is_sent else None, error))
