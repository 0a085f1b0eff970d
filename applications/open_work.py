"""Open work of an agent: the applications that are his, and an enterprise that he leaves alone."""

from django.db.models import QuerySet
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from applications.models import Application
from enterprises.models import Enterprise
from notices.models import Notice
from notices.services import notify


class ApplicationsOfAgent:
    """What `accounts.open_work` asks about an agent."""

    def words(self, person: User) -> str:
        count = _own(person).count() if person.is_agent else 0
        return f"{count}件没有办结的申请" if count else ""

    def heirs(self, person: User) -> list[User]:
        return list(_colleagues(person))

    def gap(self, person: User) -> str:
        enterprise = _left_alone_by(person)
        if enterprise is None:
            return ""
        return (
            f"{enterprise.name}没有别的经办人，还有{_open_at(enterprise).count()}件申请没有办结。"
        )

    def hand_on(self, person: User, *, to: User | None, by: User) -> None:
        if to is not None:
            _give(_own(person), to, person=person, by=by)
        elif (enterprise := _left_alone_by(person)) is not None:
            _tell_of_gap(enterprise, person)


def _give(own: QuerySet[Application], to: User, *, person: User, by: User) -> None:
    given = list(own.select_for_update(of=("self",)).select_related("applicant").order_by("pk"))
    for application in given:
        application.handled_by = to
        application.save(update_fields=["handled_by"])
        after = {"from_user": person.name, "to_user": to.name}
        record("application.hand_on", application, by=by, after=after)
    if given and to.email_confirmed_at is not None:
        notify(
            [to],
            cause=f"applications:handed-on:{person.pk}:{timezone.now():%Y%m%d%H%M%S%f}",
            template="applications/email/handed_on.txt",
            context={"person": person, "applications": given},
            path="/",
            action_label="查看要办的申请",
        )


def _tell_of_gap(enterprise: Enterprise, person: User) -> None:
    notify(
        User.objects.officers(),
        cause=f"applications:left-alone:{enterprise.pk}:{timezone.now():%Y%m%d%H%M%S%f}",
        template="applications/email/left_alone.txt",
        context={
            "enterprise": enterprise,
            "person": person,
            "count": _open_at(enterprise).count(),
        },
        path=enterprise.get_absolute_url(),
        action_label="查看企业",
        kind=Notice.Kind.TASK,
        short="有企业的经办人账户已停用，还有申请没有办结",
    )


def _own(person: User) -> QuerySet[Application]:
    return Application.objects.open().filter(handled_by=person)


def _colleagues(person: User) -> QuerySet[User]:
    """The other agents of his enterprise who have confirmed their mailbox."""
    agents = User.objects.active().filter(email_confirmed_at__isnull=False)
    own = Enterprise.objects.filter(agents__user=person)
    found: QuerySet[User] = agents.filter(agency__enterprise__in=own).exclude(pk=person.pk)
    return found.order_by("pk")


def _left_alone_by(person: User) -> Enterprise | None:
    """The enterprise of which he is the only agent in use, where something is under way."""
    if not person.is_agent or not person.is_active:
        return None
    enterprise: Enterprise | None = Enterprise.objects.filter(agents__user=person).first()
    if enterprise is None or not _open_at(enterprise).exists() or _colleagues(person).exists():
        return None
    return enterprise


def _open_at(enterprise: Enterprise) -> QuerySet[Application]:
    return Application.objects.open().filter(enterprise=enterprise)
