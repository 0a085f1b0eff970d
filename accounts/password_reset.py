"""The link by which somebody who forgot his password sets a new one: good once, for an hour.

Django's signed token holds the password's hash, the mailbox and the last sign-in, so that it is
worthless as soon as one of them changes, and nothing of it is stored.
"""

from django.contrib.auth.tokens import default_token_generator
from django.db.models import Q
from django.urls import reverse
from django.utils.encoding import force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from accounts.models import Role, User
from core.text import email

# One mailbox may serve several accounts of the staff.
MOST_ACCOUNTS = 5


class LinkRefused(Exception):
    """The link is too old, used, altered, or of an account that is no longer in use."""


def accounts_of(typed: str) -> list[User]:
    """Whom a link may be mailed to, by login name or mailbox.

    An agent typed the mailbox himself: until it is confirmed it may be a stranger's.
    """
    address = email(typed)
    named = Q(username__iexact=address) | Q(email__iexact=address)
    known = ~Q(role=Role.ENTERPRISE_AGENT) | Q(email_confirmed_at__isnull=False)
    people = User.objects.active().filter(named, known).exclude(email="").order_by("pk")
    return list(people[:MOST_ACCOUNTS])


def path_for(user: User) -> str:
    """Where this person sets a new password."""
    uid = urlsafe_base64_encode(str(user.pk).encode())
    token = default_token_generator.make_token(user)
    return reverse("accounts:password_reset", args=[uid, token])


def owner_of(uid: str, token: str) -> User:
    """Whose link it is. Raises LinkRefused."""
    try:
        pk = int(force_str(urlsafe_base64_decode(uid)))
        user: User = User.objects.active().get(pk=pk)
    except (ValueError, OverflowError, User.DoesNotExist) as error:
        raise LinkRefused("这个链接不完整，请从邮件中重新打开。") from error
    if not default_token_generator.check_token(user, token):
        raise LinkRefused("这个链接已经用过，或者已超过1小时。请重新申请一封邮件。")
    return user
