"""Agents of an enterprise: who acts for it, inviting one more, and taking one out."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.closing import close_agent
from accounts.invitations import invitation_path
from accounts.letters import letters
from accounts.mailboxes import holder_of, provisional_name
from accounts.models import Role, User
from enterprises.models import Enterprise, EnterpriseAgent
from notices.models import Notice
from notices.services import notify

# More than any enterprise has; invitations are mails to strangers.
MOST_AGENTS = 10


class AgentRefused(Exception):
    """The invitation cannot be sent; the text says why and what to do."""


@transaction.atomic
def invite_agent(enterprise: Enterprise, *, name: str, email: str, phone: str, by: User) -> User:
    """A named account of this enterprise, opened by the link that is mailed to it.

    Whether the mailbox is somebody's already is said to its owner alone. The other agents are told.
    Raises AgentRefused.
    """
    locked = Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
    own = locked.agents.in_use()
    if own.filter(user__email=email).exists():
        raise AgentRefused(
            "这个邮箱已经是本单位的经办人，或者已经邀请过。没有收到邮件的，请点“重发邀请”。"
        )
    if own.count() >= MOST_AGENTS:
        raise AgentRefused(f"一个单位最多{MOST_AGENTS}名经办人。请先移除不再办理的，再邀请。")
    others = list(locked.people().exclude(pk=by.pk))
    invited = add_agent(locked, name=name, email=email, phone=phone, by=by)
    send_invitation(invited)
    _tell(others, locked, invited, by=by)
    return invited


def add_agent(enterprise: Enterprise, *, name: str, email: str, phone: str, by: User) -> User:
    """A new account, to which the caller mails the invitation. `enterprise` is locked."""
    invited = User(
        username=provisional_name(), name=name, email=email, phone=phone, role=Role.ENTERPRISE_AGENT
    )
    invited.set_unusable_password()
    invited.save()
    EnterpriseAgent.objects.create(user=invited, enterprise=enterprise, invited_by=by)
    record("enterprise.invite_agent", enterprise, by=by, after={"agent": invited.pk})
    return invited


def send_invitation(invited: User) -> None:
    """Mail the link by which he sets his password, at most once a minute."""
    if holder := holder_of(invited.email, besides=invited):
        letters().mailbox_known(holder, invited.email)
        return
    agency = invited.agency
    notify(
        [invited],
        cause=f"enterprises:invited:{invited.pk}:{timezone.now():%Y%m%d%H%M}",
        template="enterprises/email/agent_invited.txt",
        context={
            "enterprise": agency.enterprise,
            "by": agency.invited_by,
            "days": settings.INVITATION_DAYS,
        },
        path=invitation_path(invited),
        action_label="接受邀请，设置密码",
        kind=Notice.Kind.ACCOUNT,
    )


def _tell(others: list[User], enterprise: Enterprise, invited: User, *, by: User) -> None:
    notify(
        others,
        cause=f"enterprises:agent-invited:{invited.pk}",
        template="enterprises/email/agent_added.txt",
        context={"enterprise": enterprise, "invited": invited, "by": by},
        path=enterprise.get_absolute_url(),
        action_label="查看经办人",
        kind=Notice.Kind.INFO,
    )


@transaction.atomic
def remove_agent(agency: EnterpriseAgent, *, by: User, heir: User | None = None) -> None:
    """Close the account of one who acts no more, or whose invitation is taken back.

    Raises accounts.services.AccountRefused.
    """
    close_agent(agency.user, by=by, heir=heir)
