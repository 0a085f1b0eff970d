"""The link that confirms a mailbox: a signed token with an age, kept nowhere.

A room for which a confirmed mailbox begins something declares in its AppConfig
`mailbox_follower`, the dotted name of a function that takes the person.
"""

from django.apps import apps
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.audit import record
from accounts.models import User

SALT = "accounts.confirmation"


class TokenRefused(Exception):
    """The link is too old, altered, or for a mailbox that is no longer the user's."""


def make_token(user: User) -> str:
    return signing.dumps([user.pk, user.email], salt=SALT)


def read_token(token: str) -> User:
    """Whose mailbox the link confirms. Raises TokenRefused."""
    age = settings.EMAIL_CONFIRMATION_DAYS * 24 * 3600
    try:
        pk, email = signing.loads(token, salt=SALT, max_age=age)
        return User.objects.get(pk=pk, email=email, is_active=True)  # type: ignore[no-any-return]
    except signing.SignatureExpired as error:
        raise TokenRefused(
            f"这个链接已超过{settings.EMAIL_CONFIRMATION_DAYS}天，请登录后重新发送确认邮件。"
        ) from error
    except (signing.BadSignature, User.DoesNotExist, ValueError, TypeError) as error:
        raise TokenRefused("这个链接不完整或已失效，请从最新的确认邮件中重新打开。") from error


@transaction.atomic
def confirm(token: str) -> User:
    """Confirm the mailbox; doing it again changes nothing."""
    user = User.objects.select_for_update(no_key=True).get(pk=read_token(token).pk)
    if user.email_confirmed_at is None:
        user.email_confirmed_at = timezone.now()
        user.save(update_fields=["email_confirmed_at"])
        record("account.confirm_email", user, by=user)
        for config in apps.get_app_configs():
            if hasattr(config, "mailbox_follower"):
                import_string(config.mailbox_follower)(user)
    return user  # type: ignore[no-any-return]
