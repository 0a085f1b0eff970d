"""Which services fit a card or a filing today, and why the others do not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from applications.kinds import SERVICES, Concerns, Kind, Service
from applications.models import Applicant, Application
from cards.models import Card, EconomyApproval, Filing
from cards.workflow import Stage
from core.dates import day_words, months_later
from parameters.values import Parameters, load_parameters

# After that a card is on its way: what is printed on it stands.
BEFORE_PRINTING = frozenset(
    {
        Stage.TO_REGISTER,
        Stage.TO_FILE,
        Stage.FILED,
        Stage.RETURNED,
        Stage.ACCEPTED,
        Stage.PAID,
        Stage.PASSED,
    }
)
# In this order they stand on the page.
OF_CARD = tuple(one for one in SERVICES.values() if one.concerns == Concerns.CARD)
OF_FILING = tuple(one for one in SERVICES.values() if one.concerns == Concerns.FILING)


@dataclass(frozen=True)
class Fit:
    """One service for one card today. `why_not` is empty where it fits; `opened` is under way."""

    service: Service
    why_not: str
    fee: int
    opened: Application | None = None
    # What else is to be known before it is chosen.
    note: str = ""

    @property
    def fits(self) -> bool:
        return not self.why_not

    @property
    def fee_words(self) -> str:
        if self.service.fee_is_paid:
            return (
                f"不另收费，含在这张卡已缴的{self.fee}元里；"
                f"以后加印才批准的经济体，要重新制卡，再缴{self.fee}元"
            )
        return f"{self.fee}元，直接向外交部缴纳" if self.fee else "不收费"


def fits_of(card: Card) -> list[Fit]:
    """Every service on a card, those that fit first."""
    parameters, opened = load_parameters(), _opened(card.applicant)
    found = [
        Fit(
            service,
            why_not(card, service.kind, parameters, timezone.localdate()),
            _fee(service, parameters),
            opened.get(service.kind),
            _note(card, service.kind),
        )
        for service in OF_CARD
    ]
    return sorted(found, key=lambda fit: not fit.fits)


def fits_of_filing(filing: Filing) -> list[Fit]:
    """Every service on a filing whose card is not printed yet."""
    parameters, opened = load_parameters(), _opened(filing.application.applicant)
    return [
        Fit(
            service,
            why_not_filing(filing, service.kind),
            _fee(service, parameters),
            opened.get(service.kind),
        )
        for service in OF_FILING
    ]


def why_not(card: Card, kind: str, parameters: Parameters, today: date) -> str:
    """The reason in a sentence; empty where the service fits this card today."""
    status = Card.Status(card.status)
    if status == Card.Status.CANCELLED:
        return "这张卡已经注销。要新卡请办新办。"
    if status == Card.Status.CANCELLING:
        return "" if kind == Kind.RENEW and card.is_over else "这张卡正在注销。"
    match kind:
        case Kind.RENEW:
            return _why_no_renewal(card, parameters, today)
        case Kind.REPLACE:
            return _why_no_exchange(card, status)
        case Kind.REISSUE if status != Card.Status.LOST:
            return "卡没有挂失。卡丢了的，请先挂失。"
        case Kind.REISSUE if card.is_over:
            return "卡已经到期，不用补卡，请办续办。"
        case _:
            return ""


def why_not_filing(filing: Filing, kind: str) -> str:
    """The reason in a sentence; empty where the service fits this filing today."""
    stage = filing.at
    if stage == Stage.STOPPED:
        return "国家系统已经停止办理这件申请。"
    if stage not in BEFORE_PRINTING:
        return "卡已经制好。要改的，领到卡后办换卡。"
    if kind == Kind.PASSPORT_ONLY:
        return ""
    if stage != Stage.PASSED:
        return "还没有到各经济体审批这一步，不能提前制卡。"
    granted = EconomyApproval.objects.current().filter(
        filing=filing, state=EconomyApproval.State.GRANTED
    )
    if not filing.pk or not granted.exists():
        return "还没有登记任何经济体批复，不能提前制卡。"
    return ""


def _why_no_renewal(card: Card, parameters: Parameters, today: date) -> str:
    months = parameters.number("cards.renew_window_months")
    begins = months_later(card.ends_on, -months)
    if today >= begins:
        return ""
    return (
        f"卡{day_words(card.ends_on)}到期，到期前{months}个月起办理，也就是{day_words(begins)}起。"
    )


def _why_no_exchange(card: Card, status: Card.Status) -> str:
    if status == Card.Status.LOST:
        return "卡已经挂失，要新卡请办补卡；找回了的请先登记找回。"
    return "卡已经到期，请办续办。" if card.is_over else ""


def _note(card: Card, kind: str) -> str:
    if kind == Kind.RENEW and card.status == Card.Status.IN_USE and not card.is_over:
        return "办理期间旧卡照常使用，到期为止。"
    return ""


def _fee(service: Service, parameters: Parameters) -> int:
    return parameters.number(service.fee_code) if service.fee_code else 0


def _opened(applicant: Applicant | None) -> Mapping[str, Application]:
    """What is under way for this person, by kind."""
    if applicant is None:
        return {}
    return {one.kind: one for one in applicant.applications.open().with_people()}
