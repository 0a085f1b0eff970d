"""The link by which somebody new, or somebody told to, sets his password: a signed token.

It holds the mailbox and the password's hash, so that it is worthless as soon as one of them
changes; nothing of it is stored. It lives longer than the link of a forgotten password, since
nobody waits for it at his screen.
"""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts.models import Role, User

SALT = "accounts.invitations"


class InvitationRefused(Exception):
    """The link is too old, used, altered, or of an account that is no longer in use."""


def invitation_path(user: User) -> str:
    """Where this person sets his password."""
    return reverse("accounts:invitation", args=[signing.dumps([user.pk, _state(user)], salt=SALT)])


def invited_by(token: str) -> User:
    """Whose link it is. Raises InvitationRefused."""
    age = settings.INVITATION_DAYS * 24 * 3600
    try:
        pk, state = signing.loads(token, salt=SALT, max_age=age)
        user: User = User.objects.active().get(pk=pk)
    except signing.SignatureExpired as error:
        whom = "邀请您的同事或服务站" if _is_agents(token) else "系统管理员"
        raise InvitationRefused(
            f"这个链接已超过{settings.INVITATION_DAYS}天。请联系{whom}重新发送。"
        ) from error
    except (signing.BadSignature, User.DoesNotExist, ValueError, TypeError) as error:
        raise InvitationRefused("这个链接不完整，请从邮件中重新打开。") from error
    if state != _state(user):
        raise InvitationRefused(
            "这个链接已经用过，或者后来又发过新的。已设好密码的，请直接登录；没有的，请打开最新的邮件。"
        )
    return user


def _is_agents(token: str) -> bool:
    pk, _ = signing.loads(token, salt=SALT)
    found: bool = User.objects.filter(pk=pk, role=Role.ENTERPRISE_AGENT).exists()
    return found


def _state(user: User) -> str:
    return salted_hmac(SALT, f"{user.password}\n{user.email}", algorithm="sha256").hexdigest()[:32]
