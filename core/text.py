"""Canonical text: the one form of what people type or paste, in rows, searches and comparisons.

Control characters, invisible marks and look-alike characters come along from PDF files, chat
programs and spreadsheets; nobody sees them, and with them no search finds and no comparison
agrees. Four forms: `line` and `paragraphs` of free text, `name` of people and companies, and
`compact` of numbers, codes and addresses. Each gives of its own result the same again.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Final

# Radicals of the block U+2E80 that are drawn as a character of their own, each before it
# (Unicode's EquivalentUnifiedIdeograph). Copying from a PDF file often yields them.
RADICALS: Final = (
    "⺁厂⺂乛⺃乚⺅亻⺉刂⺊卜⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺣灬"
    "⺦丬⺨犭⺫罒⺭礻⺯糹⺰纟⺱罓⺲罒⺹耂⺺肀⺼月⺾艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻈讠⻉贝⻋车⻌辶⻍辶⻎辶"
    "⻏阝⻐钅⻑長⻒镸⻓长⻔门⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻟飠⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄"
    "⻪黾⻫斉⻬齐⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
# Of the Kangxi radicals those that mainland fonts draw in today's form, not in the old one.
AS_PRINTED_HERE: Final = {"⼾": "户", "⾭": "青", "⿈": "黄"}
# Characters that GBK kept in Unicode's private area, U+E815 to U+E864 in the order of its bytes
# FE50 to FEA0; older systems still give them out, 䶮 in people's names above all.
GBK_PRIVATE: Final = range(0xE815, 0xE865)
# Those of them that the codec leaves where they were: GB 18030-2022 names their characters.
STILL_PRIVATE: Final = {
    0xE816: "𠂇", 0xE817: "𠂉", 0xE818: "𠃌", 0xE81E: "龴", 0xE826: "龵", 0xE82B: "龶",
    0xE82C: "龷", 0xE831: "𡗗", 0xE832: "龸", 0xE83B: "𢦏", 0xE843: "龹", 0xE854: "龺",
    0xE855: "𤇾", 0xE864: "龻",
}  # fmt: skip
# Unicode's embeddings, overrides and isolates of direction: paper would show other words.
TURNING: Final = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
# Blank where they are drawn, though neither blanks nor controls to Unicode.
UNSEEN: Final = (
    0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x2800, 0x3164, 0xFFA0,
    *range(0xFE00, 0xFE10), 0xFFFC, *range(0xE0100, 0xE01F0),
)  # fmt: skip
# What ends a line, in the order of Unicode's line breaking: two characters are one end.
LINE_END: Final = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Middle dots of names such as 买买提·艾力 as keyboards and fonts know them; a name has U+00B7.
MIDDLE_DOTS: Final = "•‧・･⋅∙᛫·●⸱ꞏ⦁"
BRACKETS: Final = {"(": "（", ")": "）", "﹙": "（", "﹚": "）", "︵": "（", "︶": "）"}
# Punctuation that Chinese text has in full width.
CHINESE_MARKS: Final = "，：；！？（）"
HAN: Final = (
    r"\u2e80-\u2fdf\u3007\u3400-\u4dbf\u4e00-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0003fffd"
)
DASHES: Final = "‐‑‒–—―−﹘﹣ー"

_FULL_WIDTH: Final = {0x3000: " ", **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}}
_OF_NAMES: Final = str.maketrans(
    {chr(code): narrow for code, narrow in _FULL_WIDTH.items() if chr(code) not in CHINESE_MARKS}
    | dict.fromkeys(MIDDLE_DOTS, "·")
    | BRACKETS
)
_BLANK_BESIDE_HAN: Final = re.compile(rf" +(?=[{HAN}（）·])|(?<=[{HAN}（）·]) +")
_DOT_AMONG_HAN: Final = re.compile(rf"(?<=[{HAN}])\.(?=[{HAN}])")


def _look_alikes() -> dict[int, str]:
    """By code point the character that was meant."""
    found = {ord(one): other for one, other in zip(RADICALS[::2], RADICALS[1::2], strict=True)}
    for code in range(0x2F00, 0x2FD6):
        found[code] = AS_PRINTED_HERE.get(chr(code)) or unicodedata.normalize("NFKC", chr(code))
    trails = [trail for trail in range(0x50, 0xA1) if trail != 0x7F]
    for code, trail in zip(GBK_PRIVATE, trails, strict=True):
        character = STILL_PRIVATE.get(code) or bytes((0xFE, trail)).decode("gb18030")
        found[code] = found.get(ord(character), character)
    return found


@cache
def _by_category() -> Mapping[str, list[int]]:
    """The code points of Unicode's general categories, of all that a text may hold but letters.

    Planes 2 to 13 hold ideographs or nothing, 15 and 16 are private; to go through them as well
    took every process half a second at its start.
    """
    found = defaultdict(list)
    for code in (*range(0x20000), *range(0xE0000, 0xF0000)):
        found[unicodedata.category(chr(code))].append(code)
    return found


@cache
def _unprintable() -> dict[int, str]:
    """What no text holds: controls, halves of characters, and what Unicode keeps out of text."""
    by_category = _by_category()
    found = [*by_category["Cc"], *by_category["Cs"]]
    plane_ends = [end + last for end in range(0xFFFE, 0x110000, 0x10000) for last in (0, 1)]
    return dict.fromkeys([*found, *plane_ends, *range(0xFDD0, 0xFDF0)], "")


@cache
def _shown() -> dict[int, str]:
    """By code point what is kept of it, where that is not the character itself.

    One table for `str.translate`: a text of two megabytes takes a tenth of a second.
    """
    marks, blanks = _by_category()["Cf"], _by_category()["Zs"]
    return (
        _unprintable()
        | dict.fromkeys([*marks, *UNSEEN], "")
        | dict.fromkeys([*blanks, ord("\t")], " ")
        | _look_alikes()
    )


def _visible(text: str) -> str:
    """Without controls, marks and halves of characters; every kind of blank is a blank."""
    # NFC alone also turns compatibility ideographs into the plain ones.
    return unicodedata.normalize("NFC", text).translate(_shown())


def line(text: str) -> str:
    """Free text on one line: ends of lines are blanks, and several blanks are one."""
    return " ".join(_visible(LINE_END.sub(" ", text)).split())


def paragraphs(text: str) -> str:
    """Free text of several lines, without blanks behind them and empty lines around them."""
    lines = [_visible(one).rstrip() for one in LINE_END.split(text)]
    return "\n".join(lines).strip("\n")


def name(text: str) -> str:
    """Name of a person or a company as an identity card or a licence prints it.

    Letters and figures in half width, brackets in full width, one kind of middle dot, and no
    blank beside a Chinese character. Also for the words by which a name is searched.
    """
    narrow = line(line(text).translate(_OF_NAMES))
    return _BLANK_BESIDE_HAN.sub("", _DOT_AMONG_HAN.sub("·", narrow))


def half_width(text: str) -> str:
    """Full-width letters, figures and signs as a keyboard types them; no superscript is one."""
    return text.translate(_FULL_WIDTH)


def compact(text: str) -> str:
    """Numbers, codes and addresses: in half width, without any blank."""
    return half_width(line(text)).replace(" ", "")


def dashes_as_hyphens(text: str) -> str:
    """Whatever dash a document prints between figures, as the hyphen that was meant."""
    return re.sub(f"[{DASHES}]", "-", text)


def email(text: str) -> str:
    """Address of a mailbox, in small letters, also as a link or with a Chinese full stop."""
    return compact(text).replace("。", ".").lower().removeprefix("mailto:")


def printable(text: str) -> str:
    """Any text as XML and PDF can hold it: for rows from before the canonical form."""
    return text.translate(_off_paper())


@cache
def _off_paper() -> dict[int, str]:
    lines_and_tabs = {ord(one) for one in "\t\n\r"}
    left_out = dict.fromkeys(map(ord, TURNING), "") | _unprintable()
    return {code: none for code, none in left_out.items() if code not in lines_and_tabs}


def brief(text: str, most: int) -> str:
    """At most so many characters, the middle left out: names differ at both ends."""
    if len(text) <= most:
        return text
    tail = (most - 1) // 2
    return f"{text[: most - 1 - tail]}…{text[len(text) - tail :]}"


# What ends a sentence, or leads on to what follows it.
ENDS: Final = frozenset("。！？；：…，、.!?;:,”）")


def sentences(*parts: str) -> str:
    """These parts, as people wrote them, one after the other: each ends as a sentence does."""
    return "".join(
        part if part[-1] in ENDS else f"{part}。" for part in map(str.strip, parts) if part
    )
