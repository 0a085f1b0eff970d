"""What stands after the table in the demonstration: a filing under way, and cards in use."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from django.utils import timezone

from accounts.models import User
from applications.models import Applicant, Application
from applications.services import intake
from cards.duty.lending import BORROWER_HERE, Trip, confirm, lend, take_back
from cards.duty.periods import periods_over
from cards.duty.reporting import open_period
from cards.duty.rules import Choices, add_keeper, write_rules
from cards.filing.board import EconomyReport, report_economies
from cards.filing.services import enter_step
from cards.holding.services import day_start, issue_card
from cards.models import Card, ConfirmationLink, Keeper, Lending
from cards.workflow import StepCode, StepEntry
from core.dates import months_later
from enterprises.models import Enterprise
from materials.economies import ECONOMIES
from wanzhou_abtc.demo.cast import id_number_of

# Of one case the ministry has decided; three economies have approved, of the others is no word.
FILED: Final[tuple[tuple[StepCode, dict[str, str]], ...]] = (
    (StepCode.REGISTERED, {}),
    (StepCode.FILED, {"number": "SQ202600018"}),
    (StepCode.ACCEPTED, {}),
    (StepCode.PAID, {}),
    (StepCode.PASSED, {}),
)
APPROVED: Final = ("SGP", "THA", "MYS")
NOT_ON_THE_BACK: Final = ("RUS", "MEX")


def file_nationally(case: Application, *, by: User) -> None:
    """Everything on one day, as far as the approvals of the economies."""
    today = timezone.localdate()
    for step, facts in FILED:
        enter_step(case, step, StepEntry(on=today, **facts), by=by)
    reports = [EconomyReport(code, "granted", today) for code in APPROVED]
    report_economies(case, reports, source="mail", by=by)


def hand_out_cards(enterprise: Enterprise, *, agent: User, officer: User) -> None:
    """Two cards from before the portal: one to be renewed soon, one lent out; rules, a report."""
    today = timezone.localdate()
    ends_soon = _card(
        _holder(enterprise, "谭文", date(1980, 5, 6), 301, by=agent),
        number="C10200031",
        issued_on=months_later(today, -55),
        by=officer,
    )
    in_use = _card(
        _holder(enterprise, "冯雪", date(1986, 9, 14), 302, by=agent),
        number="C10200058",
        issued_on=months_later(today, -14),
        by=officer,
    )
    keeper = _rules(enterprise, today, by=agent)
    _ask_for_report(in_use, keeper, by=agent)
    trip = Trip("参加新加坡客户的技术交流", ["SGP"], today + timedelta(days=6))
    out_at = timezone.now() - timedelta(days=1)
    lend(in_use, keeper=keeper, trip=trip, out_at=out_at, by=agent, nonce="demonstration")
    assert ends_soon.pk != in_use.pk  # noqa: S101 - two persons, two cards


def _ask_for_report(card: Card, keeper: Keeper, *, by: User) -> None:
    """The report of the last period, still to be sent, with a trip of this card in it."""
    today = timezone.localdate()
    span = next(periods_over(today, months=3, due_days=10, year_due_days=20))
    out = day_start(span.ends_on - timedelta(days=20)) + timedelta(hours=9)
    trip = Trip("到曼谷参加展会", ["THA"], span.ends_on - timedelta(days=12))
    lend(card, keeper=keeper, trip=trip, out_at=out, by=by, nonce="demonstration-earlier")
    back_at = out + timedelta(days=10)
    lending = take_back(
        card, keeper=keeper, back_at=back_at, note="", by=by, nonce="demonstration-earlier"
    )
    confirm(
        lending,
        what=ConfirmationLink.What.BACK,
        way=Lending.Way.PHONE,
        by=by,
        actor=BORROWER_HERE,
    )
    # Whoever looks at the demonstration on any day still has time to send it.
    due_on = max(span.due_on, today + timedelta(days=10))
    open_period(replace(span, due_on=due_on), ahead=5)


def _holder(
    enterprise: Enterprise, name: str, birth: date, sequence: int, *, by: User
) -> Applicant:
    holder = Applicant(
        enterprise=enterprise,
        name=name,
        post="国际业务部经理",
        id_number=id_number_of(birth, sequence),
        phone=f"13900005{sequence}",
        passport_number=f"EK5678{sequence}",
        passport_expires_on=months_later(timezone.localdate(), 80),
    )
    return intake.save_applicant(holder, changed=[], by=by)


def _card(holder: Applicant, *, number: str, issued_on: date, by: User) -> Card:
    codes = [one.code for one in ECONOMIES if one.code not in NOT_ON_THE_BACK]
    return issue_card(
        applicant=holder,
        number=number,
        issued_on=issued_on,
        card_until=months_later(issued_on, 60),
        economies=dict.fromkeys(codes),
        by=by,
    )


def _rules(enterprise: Enterprise, today: date, *, by: User) -> Keeper:
    chosen = Choices(
        keeper="刘畅",
        place="办公室保险柜",
        return_days=7,
        loss="立即告知保管人，向公安机关报案，再报告服务站",
        leaving="离职前交回，由保管人报告注销",
        in_force_since=today,
    )
    write_rules(enterprise, chosen=chosen, by=by)
    return add_keeper(
        enterprise, name="刘畅", phone="13800004100", post="办公室主任", since=today, by=by
    )
