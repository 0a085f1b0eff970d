"""What one version of the document says otherwise than another, place by place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

PLAIN = {"None": "无", "True": "是", "False": "否"}
PARTS = {
    "text": "文字",
    "hint": "提示",
    "next": "接着到",
    "kind": "归类",
    "help": "怎么办",
    "rule": "规则",
    "source": "来源",
    "confirmed": "已确认",
    "until": "用到哪天",
    "title": "标题",
    "finding": "理由",
    "materials": "材料",
    "outcome": "结果",
    "answers": "回答",
    "questions": "题目",
    "options": "选项",
    "rules": "规则",
    "outcomes": "结果",
    "examples": "样例",
    "start": "第一题",
}


@dataclass(frozen=True)
class Difference:
    """`before` is empty for what is new, `after` for what is gone."""

    place: str
    before: str
    after: str


def differences(before: Any, after: Any) -> list[Difference]:
    """In the order of the newer one; what is gone comes last."""
    old, new = dict(_flat(before)), dict(_flat(after))
    found = [
        Difference(place, old.get(place, ""), value)
        for place, value in new.items()
        if old.get(place) != value
    ]
    return found + [
        Difference(place, value, "") for place, value in old.items() if place not in new
    ]


def _flat(raw: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Each text with its place in words; of a list its members by their ids, not their numbers."""
    if isinstance(raw, dict):
        for key, value in raw.items():
            if key not in ("id", "name"):
                yield from _flat(value, (*place, str(PARTS.get(key, key))))
    elif isinstance(raw, list):
        for number, value in enumerate(raw, 1):
            yield from _flat(value, (*place, f"“{_name(value) or number}”"))
    else:
        yield "".join(place), PLAIN.get(str(raw), str(raw))


def _name(value: Any) -> str:
    """What a member of a list is called by: its id, or the name of an example."""
    return str(value.get("id") or value.get("name") or "") if isinstance(value, dict) else ""
