"""Drawn examples of what passes and what comes back, beside the rules of each material.

The pictures are `static/src/example-*.png`; `draw_examples` draws them anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """`codes` are the findings that it shows; an example without any is a good one."""

    name: str
    caption: str
    codes: frozenset[str] = frozenset()

    @property
    def file(self) -> str:
        return f"example-{self.name}.png"

    @property
    def is_good(self) -> bool:
        return not self.codes


@dataclass(frozen=True)
class Shown:
    """An example on a page; `is_it` where it shows what was found just now."""

    example: Example
    is_it: bool


def _bad(name: str, caption: str, *codes: str) -> Example:
    return Example(name, caption, frozenset(codes))


PAGES = (
    Example("page-good", "文字端正清楚，四边完整"),
    _bad("page-skewed", "歪斜、昏暗或太小，看不清", "page_small", "page_blank", "maybe_cut_off"),
    _bad("page-turned", "方向不正，横着或倒着", "rotated_by_mark"),
)
EXAMPLES: dict[int, tuple[Example, ...]] = {
    **dict.fromkeys((1, 3, 4, 5, 6, 7), PAGES),
    2: (
        Example("2-good", "四边完整，文字和二维码清楚"),
        _bad("2-glare", "反光、模糊，代码读不出", "licence_unread", "page_small", "page_blank"),
        _bad("2-cut", "没有拍全", "maybe_cut_off"),
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
        _bad("9-small", "签名太小", "signature_small"),
        _bad("9-solid", "涂满了，看不出签名", "signature_solid"),
    ),
    10: (
        Example("10-good", "四角完整，彩色，底部两行清楚"),
        _bad("10-cut", "底部机读码没有拍全", "zone_unreadable", "maybe_cut_off", "passport_small"),
        _bad("10-glare", "反光，字看不清", "zone_unsure"),
        _bad("10-grey", "黑白扫描", "not_colour", "passport_blank"),
        _bad("10-blurred", "模糊", "passport_blurred"),
        _bad("10-turned", "方向不正", "passport_turned", "rotated_by_mark"),
    ),
}


def examples_for(number: int, found: Iterable[str]) -> Sequence[Shown]:
    """The good one, then what shows a finding of just now, then the others."""
    codes = frozenset(found)
    shown = [Shown(example, bool(example.codes & codes)) for example in EXAMPLES[number]]
    return sorted(shown, key=lambda each: (not each.example.is_good, not each.is_it))
