"""Open work of a liaison: the opinions that are his, and a department that he leaves empty."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from notices.models import Notice
from notices.services import notify
from reviews.assignments import change_hands, load_roster, tell_of
from reviews.models import AssignmentChange, Opinion, ReviewTable
from reviews.models.review import OpinionQuerySet


class OpinionsOfLiaison:
    """What `accounts.open_work` asks about a liaison."""

    def words(self, person: User) -> str:
        count = _opinions_of(person).count()
        return f"{count}份没有签署的审核表意见" if count else ""

    def heirs(self, person: User) -> list[User]:
        return list(_colleagues(person))

    def gap(self, person: User) -> str:
        if not person.is_liaison or not person.is_active or _colleagues(person):
            return ""
        return f"{person.department}没有别的联络员，之后不能送审，在审的也没有人签署。"

    def hand_on(self, person: User, *, to: User | None, by: User) -> None:
        """Where nobody is left they stay as they are: the next liaison of the department has them.

        The tables are locked in the order of their keys, as whoever signs locks one of them.
        """
        if to is None:
            if self.gap(person):
                _tell_of_gap(person)
            return
        now = timezone.now()
        roster = load_roster(timezone.localdate(now))
        tables = ReviewTable.objects.filter(opinions__in=_opinions_of(person)).values("pk")
        list(ReviewTable.objects.filter(pk__in=tables).select_for_update().order_by("pk"))
        changes = []
        for opinion in _opinions_of(person).with_case().order_by("due_at", "pk"):
            opinion.owner = to
            acting = roster.acting_for(to, opinion.department_id) or to
            why = AssignmentChange.Why.ACCOUNT
            changes.append(change_hands(opinion, acting, why=why, by=by, at=now))
        tell_of(changes)


def _opinions_of(person: User) -> OpinionQuerySet:
    """Those he owns; those of somebody on leave go back by themselves."""
    own = Q(owner=person) | Q(owner__isnull=True, assignee=person)
    found: OpinionQuerySet = Opinion.objects.awaiting_signature().filter(own)
    return found


def _colleagues(person: User) -> list[User]:
    if not person.is_liaison or person.department is None:
        return []
    people = User.objects.liaisons_of(person.department).able_to_sign_in().exclude(pk=person.pk)
    return list(people.in_order_of_duty())


def _tell_of_gap(person: User) -> None:
    notify(
        [*User.objects.officers(), *User.objects.supervisors_of(person.department)],
        cause=f"reviews:empty:{person.department_id}:{timezone.now():%Y%m%d%H%M%S%f}",
        template="reviews/email/department_empty.txt",
        context={
            "department": person.department,
            "person": person,
            "count": _opinions_of(person).count(),
        },
        path=reverse("reviews:directory"),
        action_label="查看通讯录",
        kind=Notice.Kind.DEADLINE,
        short=f"{person.department}没有可用的联络员",
    )
