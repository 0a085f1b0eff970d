"""Changing a department's phrases, on record."""

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from core.versions import claim
from reviews.models import Phrase


@transaction.atomic
def save_phrase(phrase: Phrase, *, by: User) -> None:
    """Add a phrase or save what was changed on it. Raises Overtaken."""
    stored = claim(phrase) if phrase.pk else None
    before = _facts(stored) if stored else {}
    phrase.save()
    record(
        "phrase.change" if stored else "phrase.add", phrase, by=by, before=before,
        after=_facts(phrase),
    )  # fmt: skip


def _facts(phrase: Phrase) -> dict[str, str | int | bool]:
    return {
        "text": phrase.text,
        "conclusion": phrase.conclusion,
        "position": phrase.position,
        "is_active": phrase.is_active,
    }
