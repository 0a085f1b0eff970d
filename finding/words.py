"""Forms of a text by which it is found: its plain letters, initials in pinyin, keys of numbers."""

import re
from collections.abc import Iterable
from functools import cache
from itertools import islice, product
from typing import Final

from django.conf import settings
from pypinyin import Style, load_phrases_dict, pinyin

from core import text
from core.crypto import keyed_hash

# Words of which a company's name says nothing that tells it from another.
LEGAL_FORMS: Final = (
    "股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "合伙企业（有限合伙）",
    "合伙企业", "个人独资企业", "分公司", "子公司", "集团", "公司", "企业", "厂",
)  # fmt: skip
LEAST_CORE: Final = 2
# Characters with several readings multiply; a name has a few, and more than this finds nothing.
MOST_READINGS: Final = 32
LONGEST_READ: Final = 30
# By how many of its last digits a number is asked for on the phone.
TAILS: Final = (4, 5, 6)
KEY_LENGTH: Final = 16
# Places of the district whose characters are read otherwise than in most words.
PHRASES: Final = {
    "长岭": [["cháng"], ["lǐng"]],
    "长滩": [["cháng"], ["tān"]],
    "弹子石": [["dàn"], ["zǐ"], ["shí"]],
}
_NOT_LETTERS: Final = re.compile(r"[\W_]+")


def plain(words: str) -> str:
    """Small letters, figures and Chinese characters, without blanks, brackets and marks."""
    return _NOT_LETTERS.sub("", text.half_width(text.name(words)).lower())


def company_core(name: str) -> str:
    """What tells a company from others: without city, district, legal form and brackets.

    Of a name that holds nothing else, the whole.
    """
    whole = plain(name)
    core = whole
    for place in _places():
        core = core.removeprefix(plain(place))
    for form in LEGAL_FORMS:
        core = core.removesuffix(plain(form))
    return core if len(core) >= LEAST_CORE else whole


@cache
def _places() -> tuple[str, ...]:
    district = settings.DISTRICT_NAME
    short = settings.STATION_SHORT
    return ("重庆市", "重庆", district, short)


def initials(words: str) -> list[str]:
    """First letters of the readings, every one that the characters have: 曾 is both c and z."""
    _know_phrases()
    letters = plain(words)[:LONGEST_READ]
    if not letters:
        return []
    likely = "".join(one[0] for one in pinyin(letters, style=Style.FIRST_LETTER, strict=False))
    each = pinyin(letters, style=Style.FIRST_LETTER, heteronym=True, strict=False)
    others = islice(("".join(one) for one in product(*each)), MOST_READINGS)
    return list(dict.fromkeys([likely, *others]))


@cache
def _know_phrases() -> None:
    load_phrases_dict(PHRASES)


def number_keys(number: str) -> list[str]:
    """Keys of a personal number: of the whole and of its last digits. Nothing is read back."""
    whole = plain(number).upper()
    if len(whole) < min(TAILS):
        return []
    return [number_key(whole), *(number_key(whole[-count:]) for count in TAILS)]


def number_key(digits: str) -> str:
    return keyed_hash(f"finding:{digits}")[:KEY_LENGTH]


def joined(parts: Iterable[str]) -> str:
    """Parts of an entry, a line each, so that no match runs from one into the next."""
    return "\n".join(dict.fromkeys(part for part in parts if part))
