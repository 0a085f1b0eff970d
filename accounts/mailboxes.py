"""Mailbox of an agent: his login name from when he has confirmed it, and how it is changed.

Until then the account has a name that nobody types, and its mailbox may be a stranger's: it binds
nobody, and two accounts may wait for the same one. Whoever reads the mailbox decides (ADR 41).
"""

import secrets

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from accounts.letters import letters
from accounts.models import Role, User
from core.text import email

SALT = "accounts.mailboxes"
# Each costs a hash at every sign-in that fails.
MOST_WAITING = 3


class MailboxTaken(Exception):
    """Somebody signs in with this mailbox already; said only to who reads it."""


def provisional_name() -> str:
    """Login name of an account whose mailbox nobody has confirmed."""
    return f"new-{secrets.token_hex(8)}"


def holder_of(address: str, *, besides: User | None = None) -> User | None:
    """Who signs in with this mailbox. An agent who has not confirmed it, or has left, does not."""
    people = User.objects.filter(username__iexact=address).exclude(pk=besides and besides.pk)
    holder: User | None = people.first()
    if holder is None or not holder.is_agent:
        return holder
    return holder if holder.is_active and holder.email_confirmed_at else None


def waiting_for(address: str) -> list[User]:
    """The first and the newest accounts that wait for this mailbox, at most `MOST_WAITING`.

    Others who sign up with somebody's mailbox after him cannot push him out. Without those
    invited, who have no password yet.
    """
    waiting = User.objects.active().filter(
        role=Role.ENTERPRISE_AGENT, email=email(address), email_confirmed_at__isnull=True
    )
    waiting = waiting.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    first = waiting.order_by("pk").first()
    if first is None:
        return []
    newest = waiting.exclude(pk=first.pk).order_by("-pk")[: MOST_WAITING - 1]
    return [*newest, first]


@transaction.atomic
def claim(user: User, address: str) -> None:
    """Make this the agent's mailbox and login name, confirmed. Raises MailboxTaken.

    `user` is locked. Who had the name without right to it goes on under a name of no meaning.
    """
    if holder_of(address, besides=user):
        raise MailboxTaken
    for former in User.objects.filter(username__iexact=address).exclude(pk=user.pk):
        former.username = provisional_name()
        former.save(update_fields=["username"])
    user.username = user.email = address
    user.wanted_email = ""
    user.email_confirmed_at = timezone.now()
    try:
        with transaction.atomic():
            user.save(update_fields=["username", "email", "wanted_email", "email_confirmed_at"])
    except IntegrityError as error:
        raise MailboxTaken from error


@transaction.atomic
def ask_mailbox(user: User, address: str) -> None:
    """The agent wants this mailbox. Nothing says whether somebody has it already.

    One that was never confirmed is replaced at once, and the link sent to it is void: it may have
    been mistyped. A confirmed one stays until the new one is, and is told.
    """
    locked: User = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    is_confirmed = locked.email_confirmed_at is not None
    if address == locked.email:
        drop_wanted(locked)
        return
    if is_confirmed:
        locked.wanted_email = address
    else:
        locked.email = address
    locked.save(update_fields=["email", "wanted_email"])
    user.email, user.wanted_email = locked.email, locked.wanted_email
    record("account.ask_mailbox", locked, by=locked)
    if is_confirmed:
        letters().mailbox_asked(locked)
    send_confirmation(locked)


@transaction.atomic
def drop_wanted(user: User) -> None:
    """Keep the mailbox that is there; the link sent to the other is void. Twice does no harm."""
    locked: User = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if locked.wanted_email:
        locked.wanted_email = ""
        locked.save(update_fields=["wanted_email"])
        record("account.drop_mailbox", locked, by=locked)


def send_confirmation(user: User) -> None:
    """Mail the link to the mailbox that waits, or tell who signs in with it already."""
    address = user.wanted_email or user.email
    if holder := holder_of(address, besides=user):
        letters().mailbox_known(holder, address)
    else:
        letters().confirm_mailbox(user, confirmation_path(user), address)


def confirmation_path(user: User) -> str:
    """The page on which the mailbox that waits is confirmed."""
    return reverse("accounts:confirm", args=[make_token(user)])


def make_token(user: User) -> str:
    """Holds the mailbox that there is and the one that is wanted: changing either voids it."""
    return signing.dumps([user.pk, user.email, user.wanted_email], salt=SALT)
