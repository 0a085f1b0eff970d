"""History of a person's passwords: none comes back too soon, and one too old is changed."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.utils import timezone

from accounts.entry_models import FormerPassword
from accounts.models import User


def set_new_password(user: User, password: str) -> None:
    """The one way in which somebody's password is replaced; what it replaces is remembered."""
    if user.has_usable_password() and settings.PASSWORDS_REMEMBERED:
        FormerPassword.objects.create(user=user, password=user.password)
        _forget(user)
    user.set_password(password)
    user.must_change_password = False
    user.password_set_at = timezone.now()
    user.save(update_fields=["password", "must_change_password", "password_set_at"])


def _forget(user: User) -> None:
    kept = [one.pk for one in _remembered(user)]
    FormerPassword.objects.filter(user=user).exclude(pk__in=kept).delete()


def _remembered(user: User) -> list[FormerPassword]:
    return list(FormerPassword.objects.filter(user=user)[: settings.PASSWORDS_REMEMBERED])


def was_used(user: User, password: str) -> bool:
    """Whether it is one of those before the present one. Each look costs a check of a password."""
    return any(check_password(password, one.password) for one in _remembered(user))


def password_is_old(user: User) -> bool:
    """Whether it stands longer than PASSWORD_DAYS; never where that is 0."""
    if not settings.PASSWORD_DAYS or not user.has_usable_password():
        return False
    since = user.password_set_at or user.created_at
    return timezone.now() - since > timedelta(days=settings.PASSWORD_DAYS)
