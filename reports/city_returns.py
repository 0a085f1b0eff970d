"""What passed here and was returned there: returns by the city office, by reason.

Each is something that pre-review can look for the next time.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Window

from applications.models import ReturnReason
from cards.models import FilingEvent
from cards.workflow import StepCode

OWN_WORDS = "清单以外的原因"
MOST_WORDS = 10


@dataclass(frozen=True)
class MissedReason:
    code: str
    defect: str
    count: int


@dataclass(frozen=True)
class CityReturns:
    """Of some days: how many cases were filed, how many came back, and for which reasons."""

    filed: int
    returned: int
    reasons: list[MissedReason]
    # What was written where no reason of the list fits, the newest first.
    words: list[str]


def city_returns(year: int) -> CityReturns:
    return city_returns_between(date(year, 1, 1), date(year, 12, 31))


def city_returns_between(first: date, last: date) -> CityReturns:
    """By the day of the return, both days included; what was taken back counts nothing."""
    standing = FilingEvent.objects.standing().filter(on__gte=first, on__lte=last)
    returns = standing.filter(step=StepCode.RETURNED)
    # From the returns to their reasons: from the reasons every return there ever was is read.
    counted = (
        ReturnReason.objects.filter(national_returns__in=returns)
        .annotate(missed=Count("national_returns"))
        .order_by("-missed", "code")
    )
    reasons = [MissedReason(one.code, one.defect, vars(one)["missed"]) for one in counted]
    others = returns.filter(reasons=None).annotate(count=Window(Count("pk")))
    newest = list(others.order_by("-on", "-pk").values_list("words", "count")[:MOST_WORDS])
    if newest:
        reasons.append(MissedReason("", OWN_WORDS, newest[0][1]))
    cases = standing.filter(step__in=(StepCode.FILED, StepCode.RETURNED)).aggregate(
        filed=Count("filing", filter=Q(step=StepCode.FILED), distinct=True),
        returned=Count("filing", filter=Q(step=StepCode.RETURNED), distinct=True),
    )
    words = [words for words, _ in newest]
    return CityReturns(cases["filed"], cases["returned"], reasons, words)
