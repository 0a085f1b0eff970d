"""《管理与使用情况登记表》: opened when a period is over, filled from the register, sent, kept."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from cards.duty.periods import Span, periods_over, periods_under_way
from cards.duty.print import render_report
from cards.holding.services import day_start
from cards.models import (
    Card,
    CardEvent,
    CardQuerySet,
    EventKind,
    Lending,
    PeriodReport,
    ReportPeriod,
)
from cards.refusals import Refusal
from core.versions import claim
from enterprises.models import Enterprise
from files.services import store
from materials.economies import NAMES
from notices.services import notify
from parameters.values import Parameters

# What the enterprise may put in place of what the register gave.
CORRECTABLE: Final = {
    "uses": "领用次数",
    "economies": "前往的经济体",
    "late": "逾期归还次数",
    "note": "情况说明",
}
ENDED: Final = (EventKind.CANCELLED,)


class ReportRefused(Refusal):
    """It cannot be filled or sent now; the text says why and what to do."""


# Opening ----------------------------------------------------------------------------------------


def open_periods(today: date, parameters: Parameters) -> list[ReportPeriod]:
    """Ask for the reports of each period that is over, once; most days there is none to ask for.

    A year or quarter whose time to report was over before the portal knew of cards is left out.
    """
    spans = periods_over(today, **_terms(parameters))
    wanted = [span for span in spans if span.due_on >= today]
    known = set(
        ReportPeriod.objects.filter(ends_on__in=[span.ends_on for span in wanted]).values_list(
            "kind", "ends_on"
        )
    )
    ahead = parameters.number("duty.report_ahead_days")
    return [
        open_period(span, ahead=ahead) for span in wanted if (span.kind, span.ends_on) not in known
    ]


def next_periods(today: date, parameters: Parameters) -> list[Span]:
    """Which are to be reported next, from when, and until when, as the parameters are now."""
    return list(periods_under_way(today, **_terms(parameters)))


def _terms(parameters: Parameters) -> dict[str, int]:
    return {
        "months": parameters.number("duty.report_months"),
        "due_days": parameters.number("duty.report_due_days"),
        "year_due_days": parameters.number("duty.year_due_days"),
    }


@transaction.atomic
def open_period(span: Span, *, ahead: int) -> ReportPeriod:
    """The period with a report to be sent by every enterprise that had a card in it."""
    period, created = ReportPeriod.objects.get_or_create(
        kind=span.kind,
        ends_on=span.ends_on,
        defaults={"starts_on": span.starts_on, "due_on": span.due_on, "label": span.label},
    )
    if created:
        cards = _cards_within(span.starts_on, span.ends_on)
        # Its own order would make a row a card of what is to be a row an enterprise.
        holding = cards.order_by().values("enterprise").distinct()
        PeriodReport.objects.bulk_create(
            PeriodReport(
                enterprise_id=row["enterprise"],
                period=period,
                remind_on=max(span.due_on - timedelta(days=ahead), span.ends_on),
            )
            for row in holding
        )
    return period


def _cards_within(starts_on: date, ends_on: date) -> CardQuerySet:
    """Cards that were somebody's at some time from the first to the last day."""
    cancelled = CardEvent.objects.filter(
        kind__in=ENDED, ok=True, effective_at__lt=day_start(starts_on)
    )
    return Card.objects.filter(issued_on__lte=ends_on).exclude(
        Q(status=Card.Status.CANCELLED) & Q(pk__in=cancelled.values("card"))
    )


# Filling ----------------------------------------------------------------------------------------


@transaction.atomic
def fill_report(report: PeriodReport, *, by: User) -> PeriodReport:
    """Put into the report what the register says now; what was corrected in it is lost.

    Raises ReportRefused once it is sent.
    """
    locked = _lock_unsent(report)
    locked.rows = rows_of(locked.enterprise, locked.period)
    locked.filled_at = timezone.now()
    locked.version += 1
    locked.save(update_fields=["rows", "filled_at", "version"])
    record("duty.report_fill", locked, by=by, after={"cards": len(locked.rows)})
    return locked


def rows_so_far(enterprise: Enterprise, span: Span, today: date) -> list[dict[str, Any]]:
    """What the register says of a period that is not over; nothing of it is kept."""
    return rows_of(enterprise, replace(span, ends_on=min(span.ends_on, today)))


def rows_of(enterprise: Enterprise, period: ReportPeriod | Span) -> list[dict[str, Any]]:
    """A row a card, in four queries: what it was used for in this period."""
    starts, after = day_start(period.starts_on), day_start(period.ends_on + timedelta(days=1))
    cards = list(
        _cards_within(period.starts_on, period.ends_on)
        .filter(enterprise=enterprise)
        .order_by("issued_on", "pk")
    )
    lendings: dict[int, list[Lending]] = defaultdict(list)
    within = Lending.objects.filter(card__in=cards, out_at__lt=after).filter(
        Q(back_at__isnull=True) | Q(back_at__gte=starts)
    )
    for lending in within.order_by("out_at"):
        lendings[lending.card_id].append(lending)
    return [_row(card, lendings[card.pk], period) for card in cards]


def _row(card: Card, lendings: Sequence[Lending], period: ReportPeriod | Span) -> dict[str, Any]:
    codes = {code for lending in lendings for code in lending.economies}
    values = {
        "uses": len(lendings),
        "economies": "、".join(name for code, name in NAMES.items() if code in codes),
        "late": sum(_was_late(lending, period.ends_on) for lending in lendings),
        "note": "",
    }
    return {
        "card": card.pk,
        "holder": card.holder_name,
        "number": card.masked_number,
        "issued_on": card.issued_on.isoformat(),
        "ends_on": card.ends_on.isoformat(),
        "status": card.status_words,
        "custody": card.get_custody_display(),
        **values,
        # What the register gave, to be read beside what the enterprise says.
        "register": values,
    }


def _was_late(lending: Lending, ends_on: date) -> bool:
    last = timezone.localdate(lending.back_at) if lending.back_at else ends_on
    return min(last, ends_on) > lending.return_by


@transaction.atomic
def correct_report(
    report: PeriodReport, *, rows: Mapping[int, Mapping[str, Any]], remarks: str, by: User
) -> PeriodReport:
    """Keep what the enterprise put in place of the register's figures, by card.

    `report` is the version that was on the page. Raises ReportRefused, core.versions.Overtaken.
    """
    locked = _lock_unsent(report)
    claim(report)
    corrected = [
        {**row, **{key: rows[row["card"]][key] for key in CORRECTABLE}}
        if row["card"] in rows
        else row
        for row in locked.rows
    ]
    report.rows, report.remarks = corrected, remarks
    report.save(update_fields=["rows", "remarks", "version"])
    record("duty.report_correct", report, by=by)
    return report


# Sending ----------------------------------------------------------------------------------------


@transaction.atomic
def send_report(report: PeriodReport, *, by: User, seen_version: int | None = None) -> PeriodReport:
    """Send it to the station, with the sheet as a PDF; from here on it does not change.

    Twice is once. Raises ReportRefused, and core.typesetting.RenderingFailed.
    """
    locked = PeriodReport.objects.select_for_update(no_key=True, of=("self",)).get(pk=report.pk)
    if locked.is_sent:
        return locked
    if locked.filled_at is None:
        raise ReportRefused("登记表还没有生成，请先点“从登记簿生成”，核对后再报送。")
    if seen_version is not None and seen_version != locked.version:
        raise ReportRefused(
            "您打开这一页之后，同事改过登记表，没有报送。请按现在的内容核对后再报送。"
        )
    locked.sent_at, locked.sent_by = timezone.now(), by
    locked.remind_on = None
    locked.file = store(
        render_report(locked),
        media_type="application/pdf",
        name=f"{locked.period.label}登记表 {locked.enterprise.name}.pdf",
        by=by,
    )
    locked.version += 1
    locked.save()
    record("duty.report_send", locked, by=by, after={"sha256": locked.file.sha256})
    return locked


@transaction.atomic
def correct_after_sending(report: PeriodReport, *, by: User) -> PeriodReport:
    """Another to be sent in its place, beginning with what was sent; what was sent stays."""
    newest = (
        PeriodReport.objects.select_for_update(no_key=True, of=("self",))
        .filter(enterprise=report.enterprise_id, period=report.period_id)
        .order_by("-sequence")[0]
    )
    if not newest.is_sent:
        return newest
    following = PeriodReport.objects.create(
        enterprise_id=newest.enterprise_id,
        period_id=newest.period_id,
        sequence=newest.sequence + 1,
        rows=newest.rows,
        remarks=newest.remarks,
        filled_at=newest.filled_at,
    )
    record("duty.report_again", following, by=by, after={"sequence": following.sequence})
    return following


def _lock_unsent(report: PeriodReport) -> PeriodReport:
    locked = PeriodReport.objects.select_for_update(no_key=True, of=("self",)).get(pk=report.pk)
    if locked.is_sent:
        raise ReportRefused(
            "登记表已经报送，不能再改。内容有误的，请点“更正后重新报送”，原来的一份会保留。"
        )
    return locked


# Reminding --------------------------------------------------------------------------------------


def remind_missing(period: ReportPeriod, reports: Sequence[PeriodReport], *, by: User) -> int:
    """An officer reminds each of these enterprises at once; each hears of it once a day.

    Returns how many enterprises were told anew.
    """
    today, told = timezone.localdate(), 0
    for report in reports:
        with transaction.atomic():
            new = notify(
                report.enterprise.people(),
                cause=f"cards:report:{report.pk}:asked:{today:%Y%m%d}",
                template="cards/duty/email/report_asked.txt",
                context={"report": report, "period": period, "by": by},
                path=report.get_absolute_url(),
                action_label="填写并报送",
            )
            if new:
                told += 1
                record("duty.report_remind", report, by=by)
    return told
