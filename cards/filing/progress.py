"""Progress of a filing: the line of a case's home, and every stop with its day and who said so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from applications.progress import ProgressStep, steps_at
from cards.filing.durations import Range, published
from cards.models import Filing, FilingEvent
from cards.workflow import AGENT, Stage, StepCode
from core.dates import day_words
from materials.economies import ECONOMIES
from parameters.values import Parameters

FILING_STEP, DECIDING_STEP, CARD_STEP = 3, 4, 5
PLACE: Final[Mapping[Stage, int]] = {
    Stage.TO_REGISTER: FILING_STEP,
    Stage.TO_FILE: FILING_STEP,
    Stage.FILED: FILING_STEP,
    Stage.RETURNED: FILING_STEP,
    Stage.ACCEPTED: FILING_STEP,
    Stage.PAID: DECIDING_STEP,
    Stage.PASSED: DECIDING_STEP,
    Stage.PRINTED: DECIDING_STEP,
    Stage.READY: CARD_STEP,
    Stage.COLLECTED: CARD_STEP,
    # Past the last: nothing is ahead.
    Stage.ISSUED: CARD_STEP + 1,
}


def progress_of_filing(filing: Filing) -> tuple[ProgressStep, ...]:
    """The same line as an application's; none for what ended without a card."""
    place = PLACE.get(filing.at)
    has_table = filing.application.needs_table
    return () if place is None else steps_at(place, has_table=has_table)


@dataclass(frozen=True)
class Stop:
    """`state` is done, now or ahead; `usual` says how long the wait there takes."""

    label: str
    state: str
    who: str
    on: str = ""
    said: str = ""
    usual: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Plan:
    """What ends the stop, who holds the ball meanwhile, and the stage in which it is waited for."""

    label: str
    who: str
    ends: tuple[StepCode, ...]
    stages: tuple[Stage, ...]


LINE: Final = (
    _Plan("登录国家系统", AGENT, (StepCode.REGISTERED,), (Stage.TO_REGISTER,)),
    _Plan("填报、提交", AGENT, (StepCode.REFILED, StepCode.FILED), (Stage.TO_FILE, Stage.RETURNED)),
    _Plan("市政府外办审核", "市政府外办", (StepCode.ACCEPTED,), (Stage.FILED,)),
    _Plan("缴费，上传凭证", AGENT, (StepCode.PAID,), (Stage.ACCEPTED,)),
    _Plan("外交部审核", "外交部领事司", (StepCode.PASSED,), (Stage.PAID,)),
    _Plan("各经济体审批，制卡", "各经济体", (StepCode.PRINTED,), (Stage.PASSED,)),
    _Plan("送达领卡地点", "市政府外办", (StepCode.READY,), (Stage.PRINTED,)),
    _Plan("领卡", AGENT, (StepCode.COLLECTED,), (Stage.READY,)),
    _Plan("登记这张卡，交付持卡人", AGENT, (StepCode.ISSUED,), (Stage.COLLECTED,)),
)


def waits_ahead(filing: Filing) -> list[Stage]:
    """Of these the page says how long they take: what lies behind needs no estimate."""
    return [plan.stages[0] for plan in LINE[_place_of(filing) :]]


def _place_of(filing: Filing) -> int:
    """Of the stop at which it waits; behind the last where it waits no more."""
    return next((place for place, plan in enumerate(LINE) if filing.at in plan.stages), len(LINE))


def stops_of(
    filing: Filing,
    events: Iterable[FilingEvent],
    parameters: Parameters,
    own: Mapping[Stage, Range],
) -> list[Stop]:
    """Every stop in order. `events` are those that stand."""
    last = {StepCode(event.step): event for event in events}
    at = _place_of(filing)
    return [
        _stop(plan, place, at, filing, last, parameters, own) for place, plan in enumerate(LINE)
    ]


def _stop(
    plan: _Plan,
    place: int,
    at: int,
    filing: Filing,
    last: Mapping[StepCode, FilingEvent],
    parameters: Parameters,
    own: Mapping[Stage, Range],
) -> Stop:
    event = next((last[code] for code in plan.ends if code in last), None)
    stage = plan.stages[0]
    if filing.at == Stage.RETURNED and place == at:
        event = None
    is_paid_early = StepCode.PAID in plan.ends and filing.paid_on is not None
    state = "done" if place < at or is_paid_early else "now" if place == at else "ahead"
    label = plan.label
    if stage == Stage.PASSED:
        label = f"{label}（{filing.granted_count}/{len(ECONOMIES)}已批准）"
    usual = tuple(
        words
        for words in (published(stage, parameters), own[stage].words if stage in own else "")
        if words
    )
    if state == "done" and event is None:
        return Stop(label, state, plan.who, said="没有登记过哪天办好")
    if state == "done" and event is not None:
        said = f"{event.by.title}登记，来源：{event.get_source_display()}"
        return Stop(label, state, plan.who, day_words(event.on), said)
    return Stop(label, state, plan.who, usual=usual)
