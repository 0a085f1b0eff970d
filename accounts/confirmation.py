"""The link that confirms a mailbox: a signed token with an age, kept nowhere.

A room for which a confirmed mailbox begins something declares in its AppConfig
`mailbox_follower`, the dotted name of a function that takes the person.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.letters import letters
from accounts.mailboxes import SALT, MailboxTaken, claim
from accounts.models import User
from core.declarations import declared

TAKEN = (
    "这个邮箱已经是另一个账户的登录名，不能再用于这个账户。"
    "请用它登录原来的账户；一个邮箱只能为一个单位办理，要为别的单位办理的，请换一个邮箱。"
)
VOID = "这个链接不完整或已失效，请从最新的确认邮件中重新打开。"


class TokenRefused(Exception):
    """The link is too old, altered, or for a mailbox that is no longer the user's."""


@dataclass(frozen=True)
class Confirmation:
    """What a link confirms: whose mailbox, which one, and whether that is done already."""

    user: User
    mailbox: str
    is_done: bool


def read_token(token: str) -> Confirmation:
    """What the link confirms: the very mailbox to which it was mailed. Raises TokenRefused."""
    age = settings.EMAIL_CONFIRMATION_DAYS * 24 * 3600
    try:
        pk, email, wanted = signing.loads(token, salt=SALT, max_age=age)
        user: User = User.objects.active().get(pk=pk)
    except signing.SignatureExpired as error:
        raise TokenRefused(
            f"这个链接已超过{settings.EMAIL_CONFIRMATION_DAYS}天，请登录后重新发送确认邮件。"
        ) from error
    except (signing.BadSignature, User.DoesNotExist, ValueError, TypeError) as error:
        raise TokenRefused(VOID) from error
    mailbox = wanted or email
    # A used link is good for nothing else, whatever mailbox is wanted since.
    is_done = bool(user.email_confirmed_at) and (user.email, user.wanted_email) == (mailbox, "")
    if not is_done and (user.email, user.wanted_email) != (email, wanted):
        raise TokenRefused(VOID)
    return Confirmation(user, mailbox, is_done)


@transaction.atomic
def confirm(token: str) -> User:
    """Confirm the mailbox; doing it again changes nothing. Raises TokenRefused.

    A wanted one takes the place of the former here, which is told.
    """
    pk = read_token(token).user.pk
    User.objects.select_for_update(no_key=True).get(pk=pk)
    confirmation = read_token(token)  # anew under the lock
    user = confirmation.user
    if confirmation.is_done:
        return user
    former = user.email if user.email_confirmed_at else ""
    confirm_mailbox_of(user)
    record("account.confirm_email", user, by=user)
    if former:
        letters().mailbox_changed(user, former_mailbox=former)
    return user


def confirm_mailbox_of(user: User) -> None:
    """Whoever came by the mailed link reads the mailbox. `user` is locked. Raises TokenRefused."""
    if user.is_agent:
        try:
            claim(user, user.wanted_email or user.email)
        except MailboxTaken as error:
            raise TokenRefused(TAKEN) from error
    else:
        user.email_confirmed_at = timezone.now()
        user.save(update_fields=["email_confirmed_at"])
    for follow in declared("mailbox_follower"):
        follow(user)
