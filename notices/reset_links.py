"""Mails the links by which a forgotten password is set anew."""

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from accounts.origin import coming_from
from accounts.password_reset import accounts_of, path_for
from core.sweeping import each
from notices.models import Notice
from notices.outbox import notify

# However often it is asked for, one mail a person within so many seconds.
ONE_IN_SECONDS = 600


def mail_reset_links(typed: str, origin: str) -> int:
    """To each account of this login name or mailbox; returns how many mails are new."""
    with coming_from(origin):
        return sum(each(accounts_of(typed), _mail, what="重设密码的邮件"))


@transaction.atomic
def _mail(user: User) -> bool:
    span = int(timezone.now().timestamp()) // ONE_IN_SECONDS
    new = notify(
        [user],
        cause=f"accounts:reset:{span}",
        template="notices/email/password_reset.txt",
        context={},
        path=path_for(user),
        action_label="设置新密码",
        kind=Notice.Kind.ACCOUNT,
    )
    if new:
        record("account.ask_reset", user, by=None)
    return bool(new)
