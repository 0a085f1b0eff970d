"""Where a card stands: what happens next, who does it by when, and the one button that fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.models import User
from applications.kinds import CARD_MAKING
from applications.models import Application
from cards.holding.radar import AHEAD_MONTHS, End, Rules, words_of
from cards.models import Cancellation, Card, Lending
from cards.workflow import AGENT
from core.dates import day_words, months_later


@dataclass(frozen=True)
class CardStep:
    """`act` and `url`: the filled button; none where nothing is to be done with it."""

    what: str
    who: str = AGENT
    when: str = ""
    act: str = ""
    url: str = ""
    # It may be lent out as well, by a button of less weight.
    may_lend: bool = False


def standing_of(
    card: Card,
    *,
    ends: Sequence[End],
    rules: Rules,
    today: date,
    lending: Lending | None,
    user: User,
) -> CardStep | None:
    """None of a card that is cancelled. `ends`: what nobody has dealt with, the first first."""
    match card.status:
        case Card.Status.LOST:
            return CardStep(
                "卡已经挂失，不能再用。逐项办“挂失以后要做的事”：要新卡的办补卡，不要的办注销；"
                "找回了的，登记找回。",
                when="尽快",
                act="卡已挂失，现在要做什么" if user.is_agent else "挂失的情况",
                url=reverse("cards:loss_after", args=[card.pk]),
            )
        case Card.Status.CANCELLING:
            return _cancelling(card)
        case Card.Status.IN_USE:
            return _in_use(card, ends, rules, today, lending, user)
        case _:
            return None


def _cancelling(card: Card) -> CardStep:
    cancellation = Cancellation.objects.open().filter(card=card).with_people().first()
    if cancellation is None:
        return CardStep("这张卡正在注销，不能再用。", who="服务站专员")
    what, who = cancellation.waits_for
    if cancellation.handed_in_on is not None:
        there = f"原卡已于{day_words(cancellation.handed_in_on)}交到服务站。"
    else:
        there = "原卡还没有交到服务站。" if not cancellation.without_card else ""
    return CardStep(
        f"这张卡正在注销，不能再用。{there}现在：{what}。",
        who=who,
        when=f"{day_words(cancellation.due_on)}前注销",
        act="看注销进度",
        url=cancellation.get_absolute_url(),
    )


def _in_use(
    card: Card,
    ends: Sequence[End],
    rules: Rules,
    today: date,
    lending: Lending | None,
    user: User,
) -> CardStep:
    begun = _successor(card, user)
    if begun is not None:
        use = "旧卡照常使用，到期为止。" if not card.is_over else "旧卡已经到期，不能再用。"
        return CardStep(
            f"{begun.service.label}已经在办理（{begun.reference}，{begun.get_status_display()}）。{use}",
            act=f"看{begun.service.label}的进度",
            url=reverse("cards:service", args=[begun.pk]),
            may_lend=_may_lend(card, lending),
        )
    what = f"在用，到{day_words(card.ends_on)}。"
    if ends and ends[0].day <= months_later(today, AHEAD_MONTHS):
        what = words_of(ends[0], rules, today)
    if ends and today >= months_later(card.ends_on, -rules.window_months):
        url = reverse("cards:service_begin", args=[card.pk, "renew"])
        return CardStep(what, act="办续办", url=url, may_lend=_may_lend(card, lending))
    if lending is not None:
        out = f"由{lending.borrower}领用，最晚{day_words(lending.return_by)}归还。"
        url = reverse("cards:lending_return", args=[card.pk])
        return CardStep(f"{out}{what}", act="登记归还", url=url)
    if _may_lend(card, lending):
        return CardStep(what, act="登记领用", url=reverse("cards:lend", args=[card.pk]))
    return CardStep(what)


def _may_lend(card: Card, lending: Lending | None) -> bool:
    return lending is None and card.is_lendable and not card.is_over


def _successor(card: Card, user: User) -> Application | None:
    """续办 or 换卡 of this card that is begun and has no card yet, as far as `user` sees it."""
    found = Application.objects.visible_to(user).filter(
        card_request__card=card, kind__in=CARD_MAKING, card__isnull=True
    )
    return found.exclude(status__in=("withdrawn", "declined")).order_by("-id").first()
