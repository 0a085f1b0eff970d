"""Tells the security administrators that somebody's signing is locked."""

from django.urls import reverse

from accounts.models import SigningLock, User
from accounts.reauthentication import ReauthenticationForm
from core.sweeping import each
from notices.outbox import notify


def report_signing_lock(form: ReauthenticationForm) -> None:
    """Tell them at once when this attempt locked the person's signing."""
    if form.just_locked:
        _tell_of(form.just_locked)


def tell_of_signing_locks() -> None:
    """Tell them of every lock in force, whichever page it came from; of each only once."""
    locks = SigningLock.objects.in_force().select_related("user__department")
    each(locks, _tell_of, what="签署锁定的通知")


def _tell_of(lock: SigningLock) -> None:
    notify(
        User.objects.security_administrators(),
        cause=f"accounts:signing-lock:{lock.pk}",
        template="notices/email/signing_locked.txt",
        context={"person": lock.user, "until": lock.until},
        path=reverse("accounts:lock_list"),
        action_label="查看锁定",
    )
