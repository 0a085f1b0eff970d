"""Leave with a stand-in, and handing an opinion to a colleague (转办).

Who acts meanwhile is worked out by `reviews.assignments.Roster.acting_for`.
"""

from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from core.dates import day_words
from notices.models import Notice
from notices.services import notify
from reviews.assignments import (
    change_hands,
    load_roster,
    settle_assignments,
    tell_of,
    who_is_missing,
)
from reviews.models import AssignmentChange, Leave, Opinion, ReviewTable

LONGEST = timedelta(days=366)


class LeaveRefused(Exception):
    """The leave or the hand-over cannot be entered; the text says why and what to do."""


@transaction.atomic
def enter_leave(leave: Leave, *, by: User) -> list[str]:
    """Enter a liaison's leave and hand over what is open; returns what the reader should know.

    Raises LeaveRefused. The same leave entered twice, as by a double click, is entered once.
    """
    # His account's row first: two leaves of one person must not be entered side by side.
    User.objects.select_for_update().get(pk=leave.user.pk)
    _require_fit(leave, by=by)
    if leave.user.leaves.standing().filter(
        first_day=leave.first_day, last_day=leave.last_day, stand_in=leave.stand_in
    ):
        return []
    _require_free(leave)
    leave.entered_by = by
    leave.save()
    record("leave.enter", leave, by=by, after=_facts(leave))
    settle_assignments()
    _tell_stand_in(leave)
    return _gaps(leave)


@transaction.atomic
def cancel_leave(leave: Leave, *, by: User) -> None:
    """Take a leave back, or end it early: what was handed over comes back at once."""
    locked = Leave.objects.select_for_update(of=("self",)).select_related("user").get(pk=leave.pk)
    if locked.cancelled_at is not None:
        return
    if locked.last_day < timezone.localdate():
        raise LeaveRefused("这次休假已经结束，不用取消。")
    locked.cancelled_at, locked.cancelled_by = timezone.now(), by
    locked.save(update_fields=["cancelled_at", "cancelled_by"])
    record("leave.cancel", locked, by=by, before=_facts(locked))
    settle_assignments()


@transaction.atomic
def transfer(opinion: Opinion, *, to: User, reason: str, by: User) -> bool:
    """Hand the opinion to a colleague for good. False when it is his already."""
    ReviewTable.objects.select_for_update().get(pk=opinion.table_id)
    locked: Opinion = Opinion.objects.with_case().get(pk=opinion.pk)
    if not by.is_liaison or by.department_id != locked.department_id:
        raise LeaveRefused(f"这是{locked.department}的意见，只能由该部门的联络员转办。")
    if locked.is_signed or not locked.table.is_open:
        raise LeaveRefused("这份意见已经签署，或者审核表已经作废，不能再转办。")
    if not reason.strip():
        raise LeaveRefused("请写明转办的原因，接办的同事会看到。")
    roster = load_roster(timezone.localdate())
    if to.pk not in {person.pk for person in roster.present_in(locked.department_id)}:
        raise LeaveRefused(f"{to.name}今天休假，或者不是{locked.department}的联络员，请另选一人。")
    if locked.owner_id == to.pk and locked.assignee_id == to.pk:
        return False
    locked.owner = to
    change = change_hands(
        locked,
        to,
        why=AssignmentChange.Why.TRANSFER,
        by=by,
        at=timezone.now(),
        reason=reason.strip(),
    )
    if to != by:
        tell_of([change])
    return True


def _require_fit(leave: Leave, *, by: User) -> None:
    person, stand_in = leave.user, leave.stand_in
    if not person.is_liaison or not (by.is_officer or by.pk == person.pk):
        raise LeaveRefused("只能登记自己的休假；服务站专员可以代联络员登记。")
    if leave.last_day < leave.first_day:
        raise LeaveRefused("休假的最后一天不能早于第一天，请核对日期。")
    if leave.last_day < timezone.localdate():
        raise LeaveRefused("这段休假已经过去，不用登记。")
    if leave.last_day - leave.first_day > LONGEST:
        raise LeaveRefused("一次休假最多登记一年，请核对日期。")
    if stand_in is not None and (
        stand_in.pk == person.pk
        or not stand_in.is_liaison
        or not stand_in.is_active
        or stand_in.department_id != person.department_id
    ):
        raise LeaveRefused("代办人必须是本部门另一名在用的联络员，请重新选择。")


def _require_free(leave: Leave) -> None:
    other = (
        leave.user.leaves.standing()
        .filter(first_day__lte=leave.last_day, last_day__gte=leave.first_day)
        .first()
    )
    if other is not None:
        raise LeaveRefused(
            f"{leave.user.name}已登记{other.days}休假，与这次重叠。请先取消那一次，或改日期。"
        )


def _gaps(leave: Leave) -> list[str]:
    """From which day of the leave nobody of the department is there, told to the station."""
    department = leave.user.department
    if department is None:
        return []
    start = max(leave.first_day, timezone.localdate())
    colleagues = Leave.objects.standing().filter(user__department=department)
    begins = colleagues.filter(first_day__gt=start, first_day__lte=leave.last_day)
    # The department gets thinner only on a day on which somebody's leave begins.
    for day in sorted({start, *begins.values_list("first_day", flat=True)}):
        missing = who_is_missing(load_roster(day), department)
        if missing:
            _tell_station(leave, day, missing)
            return [f"{day_words(day)}起，{missing}"]
    return []


def _tell_station(leave: Leave, day: date, missing: str) -> None:
    notify(
        User.objects.officers(),
        cause=f"reviews:leave:{leave.pk}:gap",
        template="reviews/email/leave_gap.txt",
        context={"leave": leave, "day": day, "missing": missing},
        path=reverse("reviews:leave_list"),
        action_label="查看休假登记",
        short="有部门将没有联络员在岗，请处理",
    )


def _tell_stand_in(leave: Leave) -> None:
    people = {leave.stand_in, leave.user if leave.entered_by != leave.user else None}
    notify(
        [person for person in people if person is not None and person != leave.entered_by],
        cause=f"reviews:leave:{leave.pk}:entered",
        template="reviews/email/leave_entered.txt",
        context={"leave": leave},
        path=reverse("reviews:leave_list"),
        action_label="查看休假登记",
        kind=Notice.Kind.INFO,
        short="有一条休假登记与您有关",
    )


def _facts(leave: Leave) -> dict[str, str]:
    return {
        "first_day": leave.first_day.isoformat(),
        "last_day": leave.last_day.isoformat(),
        "stand_in": leave.stand_in.name if leave.stand_in else "",
    }
