"""Alarms about signatures that failed their self-check: recorded and told to administrators."""

from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from applications.models import Application
from notices.services import notify
from reviews.models import Opinion


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
        User.objects.security_administrators(),
        cause=cause,
        template=template,
        context=context,
        path=reverse("signatures:certificate_list"),
        action_label="查看签名证书",
    )
