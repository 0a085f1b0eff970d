"""Forms of a text by which it is found: its plain letters, initials in pinyin, keys of numbers."""

import re
from collections.abc import Iterable
from functools import cache, partial
from importlib import import_module
from itertools import islice, product
from types import ModuleType
from typing import Final

from django.conf import settings

from core import text
from core.crypto import keyed_hash

# What is left out of a company's name; the longest first: 股份有限公司 is not left as 股份.
LEGAL_FORMS: Final = (
    "股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "集团公司", "分公司", "责任公司",
    "公司", "合伙企业普通合伙", "合伙企业有限合伙", "合伙企业", "普通合伙", "有限合伙",
    "个人独资企业", "集团",
)  # fmt: skip
# Province and city at the beginning, whichever they are; a municipality also without 市.
PLACE: Final = re.compile(r"^(?:[\u4e00-\u9fff]{2,3}省)?(?:[\u4e00-\u9fff]{2,3}市|重庆)?")
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
    """What tells a company from others: 样例贸易 of 重庆市万州区样例贸易有限公司.

    Raw similarity fails for Chinese company names: two that are the same differ in district and
    legal form, and two strangers agree there. Of a name that holds nothing else, the whole.
    """
    whole = plain(name)
    core = PLACE.sub("", whole)
    for place in (settings.DISTRICT_NAME, settings.STATION_SHORT):
        core = core.replace(place, "")
    for _ in range(2):
        # 集团有限公司 and （集团）有限公司 alike.
        ending = next((form for form in LEGAL_FORMS if core.endswith(form)), "")
        core = core.removesuffix(ending)
    return core if len(core) >= LEAST_CORE else whole


def initials(words: str) -> list[str]:
    """First letters of the readings, every one that the characters have: 曾 is both c and z."""
    letters = plain(words)[:LONGEST_READ]
    if not letters:
        return []
    read = partial(_pinyin().pinyin, style=_pinyin().Style.FIRST_LETTER, strict=False)
    likely = "".join(one[0] for one in read(letters))
    each = read(letters, heteronym=True)
    others = islice(("".join(one) for one in product(*each)), MOST_READINGS)
    return list(dict.fromkeys([likely, *others]))


@cache
def _pinyin() -> ModuleType:
    """The library, with our phrases; no start waits the half second that its dictionary takes."""
    library = import_module("pypinyin")
    library.load_phrases_dict(PHRASES)
    return library


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
