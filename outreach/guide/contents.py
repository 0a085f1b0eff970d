"""What the pages of the guide show: one function a page, all fed from one reading of parameters."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from core.dates import day_words, time_words
from materials.catalogue import CATALOGUE
from outreach.guide.charts import charts
from outreach.guide.downloads import PAPERS
from outreach.guide.stays import stays
from outreach.models import Question
from outreach.wording import StationWords
from workdays.calendar import load_calendar

USUAL: Final = (
    ("filed", "市政府外办审核"),
    ("paid", "外交部领事司审核"),
    ("passed", "各经济体审批"),
)
# Days ahead in which the page says that the station is closed.
AHEAD: Final = 14


def contents(code: str, words: StationWords) -> dict[str, Any]:
    """The context of this page's template."""
    return {"words": words, **CONTENTS[code](words)}


def _card(words: StationWords) -> dict[str, Any]:
    listed = stays(words)
    known = [one for one in listed if one.days]
    return {"stays": listed, "source": known[0].source if known else ""}


def _who(words: StationWords) -> dict[str, Any]:
    codes = ("eligibility.social_months", "eligibility.passport_months")
    return {code.partition(".")[2]: words.words(code) for code in codes} | {
        "passport_advice": words.words("eligibility.passport_advice_months"),
    }


def _steps(words: StationWords) -> dict[str, Any]:
    return {"charts": charts(words)}


def _materials(words: StationWords) -> dict[str, Any]:
    return {"materials": CATALOGUE}


def _cost(words: StationWords) -> dict[str, Any]:
    rows = words.parameters.rows
    usual = []
    for code, label in USUAL:
        least = rows.get(f"cards.usual.{code}.least")
        most = rows.get(f"cards.usual.{code}.most")
        if least and most:
            same = least.words == most.words
            span = most.words if same else f"{least.words}至{most.words}"
            sources = dict.fromkeys([least.source_words, most.source_words])
            usual.append((label, span, "；".join(sources)))
    fee = rows.get("cards.fee")
    return {
        "fee": fee.words if fee else "",
        "fee_source": fee.source_words if fee else "",
        "usual": usual,
        "target": settings.TARGET_DAYS["whole"],
    }


def _questions(words: StationWords) -> dict[str, Any]:
    return {
        "questions": [
            (question, words.fill(question.answer)) for question in Question.objects.on_show()
        ]
    }


def _downloads(words: StationWords) -> dict[str, Any]:
    return {"papers": PAPERS}


def _contact(words: StationWords) -> dict[str, Any]:
    """Where and when; and which of the next days are none of the usual ones."""
    calendar, today = load_calendar(), timezone.localdate()
    days = [today + timedelta(days=ahead) for ahead in range(AHEAD)]
    unusual = [
        f"{day_words(day)}（{calendar.why(day)}）"
        f"{'照常办公' if calendar.is_working(day) else '休息'}"
        for day in days
        if calendar.is_working(day) != (day.weekday() < SATURDAY)
    ]
    hours = "，".join(
        f"{time_words(opens)}至{time_words(closes)}"
        for opens, closes in calendar.hours.spans_of(today)
    )
    return {
        "hours": hours,
        "unusual": unusual,
        "is_open_today": calendar.is_working(today),
        "address": settings.STATION_ADDRESS,
        "transport": settings.STATION_TRANSPORT,
    }


SATURDAY: Final = 5
CONTENTS: Final[dict[str, Callable[[StationWords], dict[str, Any]]]] = {
    "card": _card,
    "who": _who,
    "steps": _steps,
    "materials": _materials,
    "cost": _cost,
    "questions": _questions,
    "downloads": _downloads,
    "contact": _contact,
}
