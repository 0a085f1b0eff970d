"""The effective end of a card and of each economy on its back, with the arithmetic in words.

A card is never good beyond the passport it is tied to; an economy may end earlier than the card,
and one without a day of its own, or with a later one, ends with the card. Each day that is named
is the last one that counts, as passports and visas print it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from cards.holding.refusals import CardRefused
from core.dates import day_words, months_later
from materials.economies import NAMES


@dataclass(frozen=True)
class Ends:
    """`economies` holds the last day of each, by ISO alpha-3."""

    day: date
    because: str
    economies: dict[str, date]


def reckon_ends(
    *,
    card_until: date,
    passport_until: date | None = None,
    economies: Mapping[str, date | None] | None = None,
) -> Ends:
    """The earliest of card and passport, and of these and each economy's own day."""
    day = min(card_until, passport_until or card_until)
    passport = f"护照到{day_words(passport_until)}" if passport_until else "护照有效期没有登记"
    because = f"卡到{day_words(card_until)}，{passport} → 实际{day_words(day)}"
    own = {code: min(until or day, day) for code, until in (economies or {}).items()}
    return Ends(day, because, own)


def economy_words(ends_on: date, own: date | None) -> str:
    """Why an economy ends when it does, beside the card's end."""
    if own is None:
        return f"一览表未另写，随卡到{day_words(ends_on)}"
    if own >= ends_on:
        return f"一览表写{day_words(own)}，不早于卡的实际有效期 → {day_words(ends_on)}"
    return f"一览表写{day_words(own)}，早于卡的{day_words(ends_on)} → {day_words(own)}"


def usual_until(issued_on: date, passport_until: date | None, *, years: int) -> date:
    """What a card's face says when nothing else is known: so many years, within the passport."""
    until = months_later(issued_on, 12 * years)
    return min(until, passport_until or until)


def require_order(
    *,
    issued_on: date,
    card_until: date,
    passport_until: date | None,
    economies: Mapping[str, date | None],
) -> None:
    """Refuse days that cannot follow one another, and economies that no card names.

    Raises CardRefused with the field.
    """
    for fault in faults_of_order(
        issued_on=issued_on,
        card_until=card_until,
        passport_until=passport_until,
        economies=economies,
    ):
        raise fault


def faults_of_order(
    *,
    issued_on: date,
    card_until: date | None,
    passport_until: date | None,
    economies: Mapping[str, date | None],
) -> Iterator[CardRefused]:
    """Everything that is wrong with these days, each with its field; a missing day is not wrong."""
    issued = f"发卡日期{day_words(issued_on)}"
    if card_until is not None and card_until <= issued_on:
        yield CardRefused(
            f"卡面有效期{day_words(card_until)}不晚于{issued}，请对照卡面核对。",
            field="card_until",
        )
    if passport_until is not None and passport_until <= issued_on:
        yield CardRefused(
            f"护照有效期{day_words(passport_until)}不晚于{issued}，"
            "这本护照发不出卡，请对照护照核对。",
            field="passport_until",
        )
    for code, until in economies.items():
        if code not in NAMES:
            yield CardRefused(
                f"“{code}”不是卡背面会有的经济体，请用三个字母的代码，如JPN。", field="economies"
            )
        elif until is not None and until <= issued_on:
            yield CardRefused(
                f"{NAMES[code]}的有效期{day_words(until)}不晚于{issued}，"
                "请对照《各经济体签证有效期一览表》核对。",
                field="economies",
            )
