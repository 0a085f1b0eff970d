"""Numbers of cards and passports: their plain form, and what a card's number cannot be.

No public source says how a number of China's cards is made up, so only what is certainly another
number is refused, and an unusual length is asked about.
"""

import re
from typing import Final

from cards.holding.refusals import CardRefused
from core import text
from core.crypto import keyed_hash
from core.text import brief

FORM: Final = re.compile(r"[A-Z0-9]{4,20}")
IDENTITY: Final = re.compile(r"[0-9]{17}[0-9X]")


def plain_number(typed: str) -> str:
    """A card's or passport's number as it is stored, hashed and compared."""
    return text.dashes_as_hyphens(text.compact(typed)).replace("-", "").upper()


def holder_hash(id_number: str, passport_number: str) -> str:
    """By what a person is known here: the identity number, or the passport where there is none."""
    return keyed_hash(id_number or passport_number)


def require_number(number: str, *, passport_number: str) -> None:
    """Refuse what is no number of a card; both are in plain form. Raises CardRefused."""
    if not FORM.fullmatch(number):
        raise CardRefused(
            f"卡号“{brief(number, 24)}”应为4至20位的字母和数字，请对照卡面填写。", field="number"
        )
    if number == passport_number:
        raise CardRefused(
            "卡号与护照号码相同，多半是填错了位置。卡号印在卡的正面。", field="number"
        )
    if IDENTITY.fullmatch(number):
        raise CardRefused("填写的是身份证号码，不是卡号。卡号印在卡的正面。", field="number")


def is_unusual(number: str, *, least: int, most: int) -> bool:
    """Whether this is shorter or longer than the numbers that the station knows."""
    return not least <= len(number) <= most
