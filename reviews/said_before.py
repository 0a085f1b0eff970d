"""What a department has said of an enterprise this year, offered for its next applicant."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from reviews.annex4 import section_of
from reviews.models import Opinion, ReviewTable


@dataclass(frozen=True)
class SaidBefore:
    """`opinion` was signed for another applicant; `answers` are those about the enterprise."""

    opinion: Opinion
    answers: dict[str, Any]

    @property
    def stated(self) -> list[tuple[str, str]]:
        """Label and words of each answer."""
        return section_of(self.opinion.department).stated(self.answers)

    @property
    def initial(self) -> dict[str, Any]:
        """As the form takes them, with the words; what to conclude is asked anew."""
        section = section_of(self.opinion.department)
        return {**section.as_typed(self.answers), "words": self.opinion.words}


def said_before(opinion: Opinion) -> SaidBefore | None:
    """The newest of this calendar year, while this opinion is still empty.

    Of this year alone, since what is verified of a firm is that of the year before.
    """
    section = section_of(opinion.department)
    if opinion.drafted_at is not None or not any(one.about_enterprise for one in section.fields):
        return None
    application = opinion.table.application
    signed = (
        Opinion.objects.signed()
        .filter(
            department=opinion.department,
            table__application__enterprise=application.enterprise_id,
            signed_at__year=timezone.localdate().year,
        )
        .exclude(table__application=application)
        .exclude(table__status=ReviewTable.Status.VOID)
        .with_case()
        .select_related("signed_by")
        .order_by("-signed_at")
    )
    newest = signed.first()
    if newest is None:
        return None
    return SaidBefore(newest, section.about_enterprise(newest.answers))
