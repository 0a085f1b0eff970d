"""What became of an enterprise's cards and duty, in order of time, from every table at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import CharField, DateTimeField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from cards.models import (
    Breach,
    CardEvent,
    CollectionLetter,
    EventKind,
    Feedback,
    Keeper,
    Lending,
    ManagementRules,
    Measure,
    PeriodReport,
    Visit,
    VisitFinding,
)
from core.sealed_text import open_text, sealed_text
from enterprises.models import Enterprise

SHOWN: Final = 40
# What each source is called, and the page it leads to by its number.
LABELS: Final[dict[str, tuple[str, str]]] = {
    "rules": ("用卡管理办法", "cards:rules"),
    "keeper": ("登记保管人", ""),
    "letter": ("领卡承诺函", "cards:collection_letter"),
    "out": ("领用", "cards:lending"),
    "back": ("归还", "cards:lending"),
    "refused": ("不予领用", "cards:card"),
    "report": ("报送登记表", "cards:period_report"),
    "breach": ("违规", "cards:breach"),
    "stated": ("企业说明", "cards:breach"),
    "measure": ("措施", "cards:breach"),
    "lifted": ("解除措施", "cards:breach"),
    "visit": ("回访", "cards:visit"),
    "finding": ("要求整改", "cards:finding"),
    "closed": ("整改销号", "cards:finding"),
    "feedback": ("持卡人反馈", "cards:feedback_list"),
}


@dataclass(frozen=True)
class HistoryEntry:
    at: datetime
    label: str
    words: str
    url: str


def history_of(
    enterprise: Enterprise, *, until: datetime | None = None, shown: int = 0
) -> tuple[list[HistoryEntry], tuple[datetime, int] | None]:
    """The newest entries, and from where the next page goes on, if there is one; one query.

    A page begins at a moment, less those of that very moment that were `shown` before: several
    things are entered at once, and none may fall between two pages.
    """
    sources = _sources(enterprise)
    if until is not None:
        sources = [source.filter(at__lte=until) for source in sources]
    rows = sources[0].union(*sources[1:], all=True).order_by("-at", "-row", "what")
    found = list(rows[shown : shown + SHOWN + 1])
    entries = [_entry(*row) for row in found[:SHOWN]]
    if len(found) <= SHOWN:
        return entries, None
    last = entries[-1].at
    of_last = sum(entry.at == last for entry in entries)
    return entries, (last, of_last + (shown if last == until else 0))


def _entry(at: datetime, what: str, row: int, words: str) -> HistoryEntry:
    label, name = LABELS[what]
    words = open_text(words)
    if what == "feedback":
        return HistoryEntry(at, label, words, f"{reverse(name)}?enterprise={row}")
    return HistoryEntry(at, label, words, reverse(name, args=[row]) if name else "")


def _sources(enterprise: Enterprise) -> "list[QuerySet[Any]]":
    own = {"enterprise": enterprise}
    return [
        _rows(
            ManagementRules.objects.filter(**own),
            "rules",
            "created_at",
            Concat(Value("第"), Cast("version", CharField()), Value("版")),
        ),
        _rows(Keeper.objects.filter(**own), "keeper", "created_at", sealed_text("name")),
        _rows(
            CollectionLetter.objects.filter(**own), "letter", "created_at", sealed_text("collector")
        ),
        _rows(
            Lending.objects.filter(**own),
            "out",
            "out_at",
            Concat(
                sealed_text("borrower"),
                Value("，"),
                sealed_text("purpose"),
                output_field=TextField(),
            ),
        ),
        _rows(
            Lending.objects.filter(**own, back_at__isnull=False),
            "back",
            "back_at",
            sealed_text("borrower"),
        ),
        _rows(
            CardEvent.objects.filter(card__enterprise=enterprise, kind=EventKind.LENDING_REFUSED),
            "refused",
            "recorded_at",
            sealed_text("detail"),
            row="card_id",
        ),
        _rows(
            PeriodReport.objects.filter(**own, sent_at__isnull=False),
            "report",
            "sent_at",
            F("period__label"),
        ),
        _rows(Breach.objects.filter(**own), "breach", "created_at", sealed_text("facts")),
        _rows(
            Breach.objects.filter(**own, stated_at__isnull=False),
            "stated",
            "stated_at",
            sealed_text("statement"),
        ),
        _rows(
            Measure.objects.filter(breach__enterprise=enterprise),
            "measure",
            "decided_at",
            sealed_text("words"),
            row="breach_id",
        ),
        _rows(
            Measure.objects.filter(breach__enterprise=enterprise, lifted_at__isnull=False),
            "lifted",
            "lifted_at",
            sealed_text("lift_words"),
            row="breach_id",
        ),
        _rows(
            Visit.objects.filter(**own, done_on__isnull=False),
            "visit",
            Cast("done_on", DateTimeField()),
            sealed_text("summary"),
        ),
        _rows(VisitFinding.objects.filter(**own), "finding", "created_at", sealed_text("words")),
        _rows(
            VisitFinding.objects.filter(**own, closed_at__isnull=False),
            "closed",
            "closed_at",
            sealed_text("words"),
        ),
        _rows(
            Feedback.objects.filter(card__enterprise=enterprise),
            "feedback",
            "given_at",
            sealed_text("trouble"),
            row="card__enterprise_id",
        ),
    ]


def _rows(
    source: "QuerySet[Any]", what: str, at: Any, words: Any, *, row: str = "pk"
) -> "QuerySet[Any]":
    """The same four columns of every table."""
    rows: QuerySet[Any] = (
        source.order_by()
        .annotate(
            at=F(at) if isinstance(at, str) else at,
            what=Value(what, CharField()),
            row=F(row),
            said=Cast(words, TextField()),
        )
        .values_list("at", "what", "row", "said")
    )
    return rows
