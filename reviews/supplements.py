"""Supplements asked for during a round, on the materials of one department."""

from collections.abc import Iterable

from applications.models import Correction
from reviews.annex4 import section_of
from reviews.models import Opinion


def supplements_for(opinion: Opinion, corrections: Iterable[Correction]) -> list[Correction]:
    """Of the application's corrections, those of this round on the department's materials."""
    since, numbers = opinion.table.circulated_at, section_of(opinion.department).materials
    asked = [c for c in corrections if c.number in numbers and c.sent_at and c.sent_at >= since]
    return sorted(asked, key=lambda c: (c.sent_at, c.number))
