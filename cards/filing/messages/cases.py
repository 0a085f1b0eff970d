"""Which case a message is about: by the number of the national system, else by the name in it."""

import re
from collections.abc import Sequence
from typing import Final

from django.db.models import F, QuerySet, TextField, Value

from applications.models import Application
from applications.workflow import Turn
from cards.models import Filing

NUMBER: Final = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z-]*\d)[A-Za-z0-9-]{5,40}(?![A-Za-z0-9])")
AFTER_LABEL: Final = re.compile(
    r"(?:申请|受理|业务|办件)?(?:单|编)?号(?:码)?\s*[:：为是]?\s*([A-Za-z0-9-]{5,40})"
)
MOST_NUMBERS, MOST_CASES = 50, 10


def cases_in(text: str, visible: "QuerySet[Application]") -> list[Application]:
    """Of the endorsed cases that the reader sees those that the text names; the surest way first.

    A number decides. Without one of ours all cases count whose applicant is named.
    """
    numbers = list(dict.fromkeys(NUMBER.findall(text)))[:MOST_NUMBERS]
    filings = Filing.objects.filter(national_number__in=numbers)
    if found := _first(visible.filter(filing__in=filings)):
        return found
    said = Value(text, output_field=TextField())
    named = visible.exclude(afterwards=Turn.OVER).annotate(said=said)
    return _first(named.filter(said__contains=F("applicant__name")))


def number_in(text: str) -> str:
    """The number that the message calls one; empty where it does not or names several."""
    found = set(AFTER_LABEL.findall(text))
    return found.pop() if len(found) == 1 else ""


def _first(applications: "QuerySet[Application]") -> list[Application]:
    rows: Sequence[Application] = applications.with_people()[:MOST_CASES]  # type: ignore[attr-defined]
    return list(rows)
