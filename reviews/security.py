"""What the security administrators hear of signing."""

from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from accounts.reauthentication import ReauthenticationForm
from notices.services import notify


def report_signing_lock(form: ReauthenticationForm, user: User) -> None:
    """Tell them when this attempt locked the person's signing."""
    if not form.just_locked:
        return
    notify(
        User.objects.active().filter(role=Role.SECURITY_ADMIN),
        cause=f"accounts:signing-lock:{user.pk}:{timezone.now():%Y%m%d%H%M}",
        template="reviews/email/signing_locked.txt",
        context={"person": user},
        path=reverse("accounts:lock_list"),
    )
