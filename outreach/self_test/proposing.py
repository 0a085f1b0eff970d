"""Answers that the portal knows of a case already, for the officer's pre-check."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.utils import timezone

from applications.models import Application
from core.dates import months_later
from enterprises.models import Enterprise
from outreach.self_test.document import Document
from parameters.values import Parameters


def proposed_answers(
    document: Document, application: Application, parameters: Parameters
) -> dict[str, str]:
    """By question what the case says of it; only options that this document has."""
    found = {}
    for question_id, answer in ANSWERS.items():
        question = document.questions.get(question_id)
        option_id = answer(application, parameters)
        if question is not None and question.option(option_id) is not None:
            found[question_id] = option_id
    return found


def _place(application: Application, parameters: Parameters) -> str:
    """By the licence's address and authority, as they were typed."""
    enterprise = application.enterprise
    stated = [enterprise.address, enterprise.registration_authority]
    within = [settings.DISTRICT_NAME in text for text in stated]
    return "yes" if all(within) else "half" if any(within) else "no"


def _kind(application: Application, parameters: Parameters) -> str:
    return "" if application.enterprise.kind == Enterprise.Kind.OTHER else "company"


def _passport(application: Application, parameters: Parameters) -> str:
    expires, today = application.applicant.passport_expires_on, timezone.localdate()
    if not parameters.rows.keys() >= NEEDED:
        return ""
    if expires < months_later(today, parameters.number("eligibility.passport_months")):
        return "short"
    far = months_later(today, parameters.number("eligibility.passport_advice_months"))
    return "middle" if expires < far else "long"


NEEDED: Final = frozenset({"eligibility.passport_months", "eligibility.passport_advice_months"})
# What the portal cannot know, the officer answers himself.
ANSWERS: Final[dict[str, Callable[[Application, Parameters], str]]] = {
    "place": _place,
    "kind": _kind,
    "passport": _passport,
}
