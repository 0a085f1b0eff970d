"""What the officer writes beside the figures: a remark a section, and three closing parts."""

from collections.abc import Mapping
from typing import Final

from reports.stage.content import ReportContent

CLOSING: Final = {
    "experience": "经验做法",
    "problems": "存在的问题",
    "next": "下一步打算",
}
MOST: Final = 3000


def fields_of(content: ReportContent) -> dict[str, str]:
    """By name, the label of each field: the closing parts first, that every report asks for."""
    sections = {one.code: f"{one.title}：补充说明" for one in content.sections}
    return CLOSING | sections


def closing(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Those of the closing parts that were written, each under its heading."""
    return [(title, words[name]) for name, title in CLOSING.items() if words.get(name)]
