"""What the security administrators hear of signing."""

from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from accounts.models import Role, SigningLock, User, UserQuerySet
from accounts.reauthentication import ReauthenticationForm
from applications.models import Application
from notices.services import notify
from reviews.models import Opinion


def report_signing_lock(form: ReauthenticationForm) -> None:
    """Tell them at once when this attempt locked the person's signing."""
    if form.just_locked:
        _tell_of(form.just_locked)


def tell_of_signing_locks() -> None:
    """Tell them of every lock in force, whichever page it came from; of each only once."""
    for lock in SigningLock.objects.in_force().select_related("user__department"):
        _tell_of(lock)


def report_self_check(opinion: Opinion, problem: str, *, by: User) -> None:
    """Write down that a signature was thrown away, and tell them, once for each opinion."""
    record("opinion.self_check", opinion, by=by, after={"reason": problem})
    _tell_of_self_check(
        f"reviews:opinion:{opinion.pk}:self-check",
        "reviews/email/self_check_failed.txt",
        {"opinion": opinion, "person": by, "problem": problem},
    )


def report_failed_certification(application: Application, problem: str, *, by: User) -> None:
    """The same of the station's own signature; once a day for each application."""
    record("review.self_check", application, by=by, after={"reason": problem})
    _tell_of_self_check(
        f"reviews:application:{application.pk}:self-check:{timezone.localdate()}",
        "reviews/email/certification_failed.txt",
        {"application": application, "person": by, "problem": problem},
    )


def _tell_of_self_check(cause: str, template: str, context: dict[str, object]) -> None:
    notify(
        _security_administrators(),
        cause=cause,
        template=template,
        context=context,
        path=reverse("reviews:certificate_list"),
        action_label="查看签名证书",
    )


def _security_administrators() -> UserQuerySet:
    everybody: UserQuerySet = User.objects.active()
    return everybody.filter(role=Role.SECURITY_ADMIN)


def _tell_of(lock: SigningLock) -> None:
    notify(
        _security_administrators(),
        cause=f"accounts:signing-lock:{lock.pk}",
        template="reviews/email/signing_locked.txt",
        context={"person": lock.user, "until": lock.until},
        path=reverse("accounts:lock_list"),
        action_label="查看锁定",
    )
