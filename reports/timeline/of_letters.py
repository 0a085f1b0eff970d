"""Time line of letters: which were begun, and in which draft each stands now."""

from typing import Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse

from letters.codes import LetterCode
from letters.models import LetterPerson, WrittenLetter
from reports.timeline.rows import Row, Scope, TimelineLine, TimelineSource, branch


def _letters(scope: Scope) -> "QuerySet[Any, Any]":
    """Of a case those begun in it, and those of other cases that name its applicant and serve it.

    What names nobody is the enterprise's, and stands once in its own time line.
    """
    visible = WrittenLetter.objects.visible_to(scope.reader)
    if scope.case is None:
        return _branch(visible.filter(enterprise=scope.enterprise))
    naming = LetterPerson.objects.filter(applicant=scope.case.applicant_id).values("letter")
    ours = Q(application=scope.case.pk) | Q(pk__in=naming)
    return _branch(visible.serving(scope.case).filter(ours))


def _branch(found: "QuerySet[Any, Any]") -> "QuerySet[Any, Any]":
    return branch(
        found, "letter", at="created_at", case="application", who="created_by",
        code="code", extra="version",
    )  # fmt: skip


def _line(row: Row) -> TimelineLine:
    words = f"现在是第{row.extra}稿" if row.extra != "1" else ""
    url = reverse("letters:letter", args=[row.pk])
    return TimelineLine(row.at, f"起草{LetterCode(row.code).label}", row.who, words, url, row.case)


SOURCES: Final = (TimelineSource("letter", _letters, _line),)
