"""Cards of a period: issued, in use at its end, ended, lost, cancelled; services by kind."""

from typing import Final

from django.db.models import Exists, OuterRef, Q

from applications.kinds import Kind
from cards.models import Card, CardEvent, EconomyApproval, EventKind
from cards.workflow import StepCode
from reports.stage.content import ReportSection
from reports.stage.counting import Counted, at_in, counts, on_in, register, split_table
from reports.stage.periods import Period
from reports.stage.sources import APPLICATIONS, APPROVALS, CARD_EVENTS, CARDS, FILING_EVENTS


def _cancelled(period: Period) -> Q:
    """By the period's end; one that came in cancelled has no event of it."""
    events = CardEvent.objects.filter(card=OuterRef("pk"), kind=EventKind.CANCELLED, ok=True)
    by_then = Q(Exists(events.filter(effective_at__lt=period.until)))
    return by_then | (Q(status=Card.Status.CANCELLED) & ~Q(Exists(events)))


def live_at_end(period: Period) -> Q:
    """Handed out, not ended and not cancelled; one that is lost is still the holder's."""
    day = period.day_until
    return Q(issued_on__lte=day, ends_on__gte=day) & ~_cancelled(period)


def _ended(period: Period) -> Q:
    """Its end fell in the period and has passed; what was cancelled before had ended already."""
    days = Q(ends_on__gte=period.first, ends_on__lte=period.day_until)
    return days & ~_cancelled(period)


def _event(kind: EventKind, period: Period) -> Q:
    return Q(kind=kind) & at_in("effective_at")(period)


ISSUED, LIVE, ENDED, LOST, CANCELLED, COLLECTED, GRANTED, SERVICES = register(
    Counted("cards.issued", "发卡", "张", CARDS, on_in("issued_on")),
    Counted("cards.live", "期末有效的卡", "张", CARDS, live_at_end, is_apart=True),
    Counted("cards.lapsed", "到期", "张", CARDS, _ended, is_apart=True),
    Counted(
        "cards.lost", "挂失", "张次", CARD_EVENTS, lambda period: _event(EventKind.LOST, period)
    ),
    Counted(
        "cards.cancelled", "注销", "张", CARD_EVENTS,
        lambda period: _event(EventKind.CANCELLED, period),
    ),
    Counted(
        "cards.collected", "到市里领卡", "张", FILING_EVENTS,
        lambda period: Q(step=StepCode.COLLECTED) & on_in("on")(period),
    ),
    Counted(
        "cards.granted", "经济体批准", "个次", APPROVALS,
        lambda period: Q(state=EconomyApproval.State.GRANTED) & on_in("on")(period),
    ),
    Counted(
        "cards.services", "续办、换卡等申请", "件", APPLICATIONS,
        lambda period: at_in("submitted_at")(period) & ~Q(kind=Kind.NEW),
        part=lambda kind: Q(kind=kind),
    ),
)  # fmt: skip
# 续办 to 注销.
LATER_KINDS: Final = {str(kind): str(kind.label) for kind in Kind if kind != Kind.NEW}
ALL: Final = (ISSUED, LIVE, ENDED, LOST, CANCELLED, COLLECTED, GRANTED, SERVICES)


def build(period: Period) -> ReportSection:
    found = counts(ALL, period)
    issued, live = found.figure(ISSUED), found.figure(LIVE)
    words = (
        f"本期发卡{issued.shown}{issued.compared}；期末有效的卡{live.shown}；"
        f"到期{found.now[ENDED.code]}张，挂失{found.now[LOST.code]}张次，"
        f"注销{found.now[CANCELLED.code]}张。"
    )
    services = split_table("办卡以后的申请，按种类", "种类", SERVICES, "kind", LATER_KINDS, period)
    tables = [services] if services.rows else []
    return ReportSection("cards", "旅行卡", words, found.figures(ALL), tables)
