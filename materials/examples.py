"""Drawn examples of what passes and what comes back, beside the rules of each material.

The pictures are `static/src/example-*.png`; `draw_examples` draws them anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Example:
    """`codes` are the findings that it shows; an example without any is a good one, and a guide
    shows where on the page to look.
    """

    name: str
    caption: str
    codes: frozenset[str] = frozenset()
    is_guide: bool = False

    @property
    def file(self) -> str:
        return f"example-{self.name}.png"

    @property
    def is_good(self) -> bool:
        return not self.codes and not self.is_guide

    @property
    def label(self) -> str:
        if self.is_guide:
            return "对照这几处"
        return "合格" if self.is_good else "不合格"

    @property
    def badge(self) -> str:
        if self.is_guide:
            return "wait"
        return "done" if self.is_good else "void"

    @property
    def data(self) -> bytes:
        """The picture itself, for what is sent or printed; a PNG."""
        return (Path(settings.BASE_DIR) / "static" / "src" / self.file).read_bytes()


@dataclass(frozen=True)
class Shown:
    """An example on a page; `is_it` where it shows what was found just now."""

    example: Example
    is_it: bool


def _bad(name: str, caption: str, *codes: str) -> Example:
    return Example(name, caption, frozenset(codes))


def _guide(name: str, caption: str, *codes: str) -> Example:
    return Example(name, caption, frozenset(codes), is_guide=True)


PAGES = (
    Example("page-good", "文字端正清楚，四边完整"),
    _bad("page-skewed", "歪斜、昏暗或太小，看不清", "page_small", "page_blank", "maybe_cut_off"),
    _bad("page-turned", "方向不正，横着或倒着", "rotated_by_mark"),
)
COMPARED = ("number", "surname", "given_names", "birth_date", "sex", "expires_on")
EXAMPLES: dict[int, tuple[Example, ...]] = {
    **dict.fromkeys((3, 5, 6, 7), PAGES),
    1: (*PAGES, _guide("1-guide", "抬头、姓名和职务、经济体、公章、日期")),
    4: (*PAGES, _guide("4-guide", "法定代表人签字、公章、日期")),
    2: (
        Example("2-good", "四边完整，文字和二维码清楚"),
        _bad("2-glare", "反光、模糊，代码读不出", "licence_unread", "page_small", "page_blank"),
        _bad("2-cut", "没有拍全", "maybe_cut_off"),
        _guide("2-guide", "代码、名称、住所、期限、登记机关", "licence_differs"),
    ),
    8: (
        Example("8-good", "白底、正面、头部居中"),
        _bad(
            "8-background",
            "背景不是白色",
            "background_not_white",
            "background_busy",
            "background_uneven",
        ),
        _bad("8-grey", "黑白照片", "not_colour", "photo_blank"),
        _bad("8-blurred", "模糊", "photo_blurred", "face_not_found"),
        _bad("8-small", "头部太小，不在中间", "face_small", "face_off_centre", "wrong_size"),
        _bad("8-large", "头部太大，没有留空", "face_large"),
        _bad("8-turned", "横着的", "photo_turned", "rotated_by_mark"),
        _bad("8-two", "不止一人", "face_several"),
    ),
    9: (
        Example("9-good", "白底黑字，居中，四周留空"),
        _bad("9-edge", "笔画碰到边缘", "touches_edge", "close_to_edge", "wrong_size"),
        _bad("9-pale", "笔迹太淡、太细", "ink_pale", "signature_thin", "signature_blank"),
        _bad("9-ground", "底色发灰，有阴影", "ground_not_white", "ground_uneven"),
        _bad("9-ruled", "有横格、底纹", "ground_ruled"),
        _bad("9-red", "红笔、蓝笔，或盖了章", "ink_coloured", "ink_blue"),
        _bad("9-small", "签名太小", "signature_small"),
        _bad("9-solid", "涂满了，看不出签名", "signature_solid"),
    ),
    10: (
        Example("10-good", "四角完整，彩色，底部两行清楚"),
        _bad(
            "10-cut",
            "没有拍全，缺了边角或底部机读码",
            "zone_unreadable",
            "passport_cut",
            "maybe_cut_off",
            "passport_small",
        ),
        _bad("10-glare", "反光，字看不清", "zone_unsure"),
        _bad("10-grey", "黑白扫描", "not_colour", "passport_blank"),
        _bad("10-blurred", "模糊", "passport_blurred"),
        _bad("10-turned", "方向不正", "passport_turned", "rotated_by_mark"),
        _guide(
            "10-guide",
            "号码、拼音、出生日期、有效期，与底部机读码一致",
            *(f"{field}_differs" for field in COMPARED),
        ),
    ),
}


def examples_for(number: int, found: Iterable[str]) -> Sequence[Shown]:
    """The good one, then what shows a finding of just now, then the others."""
    codes = frozenset(found)
    shown = [Shown(example, bool(example.codes & codes)) for example in EXAMPLES[number]]
    return sorted(shown, key=lambda each: (not each.example.is_good, not each.is_it))


BY_NAME = {example.name: example for each in EXAMPLES.values() for example in each}


def named(names: Iterable[str]) -> list[Example]:
    """Those that are still drawn, in this order; an old letter may name one that is not."""
    return [BY_NAME[name] for name in names if name in BY_NAME]


def names_for(number: int, wanted: Iterable[str]) -> list[str]:
    """What is shown beside a correction: the good example of its material, then those wanted.

    Of what stands for several materials only what belongs to this one; 0, the typed facts, has
    no example of its own and takes all.
    """
    wanted = list(wanted)
    if not number:
        return wanted
    own = EXAMPLES[number]
    good = [example.name for example in own if example.is_good]
    return good + [example.name for example in own if example.name in wanted]
