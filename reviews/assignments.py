"""Assignment of an opinion: the department's first liaison, or who stands in while he is away."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from itertools import groupby

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from accounts.models import Department, User
from core.sweeping import each
from notices.models import Notice
from notices.services import notify
from reviews.conditions import while_in_hand
from reviews.models import AssignmentChange, Leave, Opinion, ReviewTable
from reviews.time_limits import until_words
from workdays.calendar import load_calendar, local

Why = AssignmentChange.Why


@dataclass(frozen=True)
class Roster:
    """Who is there on one day: the liaisons in order of duty, and the leave of who is away."""

    day: date
    liaisons: dict[int, User]
    leaves: dict[int, Leave]
    by_department: dict[int, list[User]] = field(default_factory=dict)

    def first_of(self, department_id: int) -> User | None:
        """The department's first liaison, away or not; None where it has none."""
        people = self.by_department.get(department_id)
        return people[0] if people else None

    def acting_for(self, owner: User | None, department_id: int) -> User | None:
        """Who acts: the owner, his stand-in and so on, or any colleague who is there.

        None when everybody of the department is away.
        """
        seen: set[int] = set()
        person = self.liaisons.get(owner.pk) if owner else None
        if person is None or person.department_id != department_id:
            person = self.first_of(department_id)
        while person is not None and person.pk not in seen:
            if person.pk not in self.leaves:
                return person
            seen.add(person.pk)
            person = self._stand_in_of(person)
        present = self.present_in(department_id)
        return present[0] if present else None

    def present_in(self, department_id: int) -> list[User]:
        people = self.by_department.get(department_id, [])
        return [person for person in people if person.pk not in self.leaves]

    def _stand_in_of(self, person: User) -> User | None:
        stand_in = self.liaisons.get(self.leaves[person.pk].stand_in_id or 0)
        same = stand_in is not None and stand_in.department_id == person.department_id
        return stand_in if same else None


def load_roster(day: date) -> Roster:
    """The liaisons of all departments and their leave on this day, in two queries."""
    able = User.objects.liaisons().able_to_sign_in()
    people = list(able.select_related("department").in_order_of_duty())
    by_department: dict[int, list[User]] = {}
    for person in people:
        by_department.setdefault(person.department_id, []).append(person)
    leaves = Leave.objects.in_force(day).select_related("user", "stand_in")
    return Roster(
        day=day,
        liaisons={person.pk: person for person in people},
        leaves={leave.user_id: leave for leave in leaves},
        by_department=by_department,
    )


def who_is_missing(roster: Roster, department: Department) -> str:
    """Why nobody of the department could act today, or an empty text."""
    people = roster.by_department.get(department.pk, [])
    if not people:
        return f"{department}没有可用的联络员，请系统管理员先添加或启用。"
    if roster.present_in(department.pk):
        return ""
    away = "、".join(f"{person.name}（{roster.leaves[person.pk].days}）" for person in people)
    return (
        f"{department}的联络员都在休假，没有代办人在岗：{away}。"
        "请该部门确定代办人并提前结束休假，或请系统管理员为该部门添加联络员。"
    )


def assign_new(opinions: Iterable[Opinion], roster: Roster, *, by: User, at: datetime) -> None:
    """Give the opinions of a new round to the first liaisons, or to who stands in."""
    changes = []
    for opinion in opinions:
        opinion.owner = roster.first_of(opinion.department_id)
        opinion.assignee = roster.acting_for(opinion.owner, opinion.department_id)
        opinion.save(update_fields=["owner", "assignee"])
        if opinion.assignee is not None:
            stood_in = opinion.is_stood_in_for
            changes.append(
                AssignmentChange(
                    opinion=opinion,
                    from_user=opinion.owner if stood_in else None,
                    to_user=opinion.assignee,
                    why=Why.LEAVE if stood_in else Why.CIRCULATED,
                    by=by,
                    at=at,
                )
            )
    AssignmentChange.objects.bulk_create(changes)


def settle_assignments(now: datetime | None = None) -> int:
    """Hand over what belongs to somebody away, and give back what he left; returns how many.

    Says the same however often it runs and whatever run was missed: who acts follows from whose
    the opinion is and who is away today.
    """
    now = local(now or timezone.now())
    roster = load_roster(now.date())
    settle = partial(_settle, roster=roster, now=now)
    changes = [one for found in each(_unsettled(roster), settle, what="转交意见") for one in found]
    each(_by_receiver(changes), _tell, what="转交意见的通知")
    return len(changes)


def _settle(opinion: Opinion, *, roster: Roster, now: datetime) -> list[AssignmentChange]:
    acting = roster.acting_for(opinion.owner, opinion.department_id)
    if acting is None or acting.pk == opinion.assignee_id:
        return []
    return _hand_over(opinion, acting, roster, now)


def _unsettled(roster: Roster) -> Iterator[Opinion]:
    """Unsigned opinions whose owner or holder is away or gone, or that are not with their owner."""
    there = [pk for pk in roster.liaisons if pk not in roster.leaves]
    moving = (
        ~Q(assignee=F("owner"))
        | Q(assignee__isnull=True)
        | ~Q(owner__in=there)
        | ~Q(assignee__department=F("department"))
    )
    found = Opinion.objects.awaiting_signature().filter(owner__isnull=False)
    yield from found.filter(moving).with_case().order_by("due_at", "pk")


@transaction.atomic
def _hand_over(
    opinion: Opinion, acting: User, roster: Roster, now: datetime
) -> list[AssignmentChange]:
    """One opinion, unless somebody is just signing its table: then the next sweep does it."""
    tables = ReviewTable.objects.open().filter(pk=opinion.table_id)
    if tables.select_for_update(skip_locked=True).only("pk").first() is None:
        return []
    still = Opinion.objects.awaiting_signature().filter(
        pk=opinion.pk, owner=opinion.owner_id, assignee=opinion.assignee_id
    )
    if not still.exists():
        return []
    if acting.pk == opinion.owner_id:
        why = Why.BACK
    else:
        why = Why.LEAVE if opinion.owner_id in roster.leaves else Why.ACCOUNT
    return [change_hands(opinion, acting, why=why, by=None, at=now)]


def change_hands(
    opinion: Opinion,
    to: User,
    *,
    why: str,
    by: User | None,
    at: datetime,
    reason: str = "",
) -> AssignmentChange:
    """Write the change and its rows; the caller holds the table's lock and tells."""
    before = opinion.assignee
    opinion.assignee = to
    opinion.save(update_fields=["owner", "assignee"])
    record(
        "opinion.assign",
        opinion,
        by=by,
        before={"assignee": before.name if before else ""},
        after={"assignee": to.name, "why": Why(why).label, "reason": reason},
    )
    return AssignmentChange.objects.create(
        opinion=opinion, from_user=before, to_user=to, why=why, reason=reason, by=by, at=at
    )


def tell_of(changes: list[AssignmentChange]) -> None:
    """One message a person, whatever number of opinions came into his hands."""
    for own in _by_receiver(changes):
        _tell(own)


def _by_receiver(changes: list[AssignmentChange]) -> list[list[AssignmentChange]]:
    by_receiver = groupby(sorted(changes, key=_receiver), key=_receiver)
    return [list(own) for _, own in by_receiver]


def _tell(own: list[AssignmentChange]) -> None:
    """Tell one person of all that came into his hands."""
    calendar = load_calendar()
    first, rows = own[0], [(one, until_words(one.opinion, calendar)) for one in own]
    notify(
        [first.to_user],
        cause=f"reviews:assignment:{first.pk}",
        template="reviews/email/assigned.txt",
        context={"rows": rows, "first": first, "count": len(own)},
        path=first.opinion.get_absolute_url() if len(own) == 1 else reverse("home"),
        action_label="查看并办理",
        kind=Notice.Kind.DEADLINE,
        short=f"{len(own)}份审核表意见转由您办理",
        condition=while_in_hand(*(one.opinion for one in own)),
    )


def _receiver(change: AssignmentChange) -> int:
    return int(change.to_user_id)


def hands_of(opinion: Opinion) -> list[User]:
    """Who is told of an opinion: whoever acts now; all liaisons where it is nobody's by name."""
    acting = opinion.acts_by_name
    return [acting] if acting else list(User.objects.liaisons_of(opinion.department))
