"""A drawn example of what passes or comes back, shown beside the rules of a material.

The pictures are `static/src/example-*.png`; `draw_examples` draws them anew.
"""

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


def bad(name: str, caption: str, *codes: str) -> Example:
    return Example(name, caption, frozenset(codes))


def guide(name: str, caption: str, *codes: str) -> Example:
    return Example(name, caption, frozenset(codes), is_guide=True)
