"""Open work of an agent: an enterprise whose applications nobody else could carry on."""

from django.utils import timezone

from accounts.models import User
from applications.models import Application
from applications.workflow import FINAL
from enterprises.models import Enterprise
from notices.models import Notice
from notices.services import notify


class ApplicationsOfAgent:
    """What `accounts.open_work` asks about an agent: every agent of an enterprise does its work."""

    def words(self, person: User) -> str:
        return ""

    def heirs(self, person: User) -> list[User]:
        return []

    def gap(self, person: User) -> str:
        enterprise = _left_alone_by(person)
        if enterprise is None:
            return ""
        return f"{enterprise.name}没有别的经办人，还有{_open_at(enterprise)}件申请没有办结。"

    def hand_on(self, person: User, *, to: User | None, by: User) -> None:
        enterprise = _left_alone_by(person)
        if enterprise is None:
            return
        notify(
            User.objects.officers(),
            cause=f"applications:left-alone:{enterprise.pk}:{timezone.now():%Y%m%d%H%M%S%f}",
            template="applications/email/left_alone.txt",
            context={
                "enterprise": enterprise,
                "person": person,
                "count": _open_at(enterprise),
            },
            path=enterprise.get_absolute_url(),
            action_label="查看企业",
            kind=Notice.Kind.TASK,
            short="有企业的经办人账户已停用，还有申请没有办结",
        )


def _left_alone_by(person: User) -> Enterprise | None:
    """The enterprise of which he is the only agent in use, where something is under way."""
    if not person.is_agent or not person.is_active:
        return None
    enterprise: Enterprise | None = Enterprise.objects.filter(agents__user=person).first()
    if enterprise is None or not _open_at(enterprise):
        return None
    others = enterprise.agents.filter(user__is_active=True).exclude(user=person)
    return None if others.exists() else enterprise


def _open_at(enterprise: Enterprise) -> int:
    found: int = Application.objects.filter(enterprise=enterprise).exclude(status__in=FINAL).count()
    return found
