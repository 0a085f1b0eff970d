"""Checks of the four properties (四性检测) of a package: what was looked at, and what came of it.

Real, whole, usable and safe, as the rules for electronic records ask (DA/T 70-2018; ADR 78).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Property(StrEnum):
    REAL = "真实性"
    WHOLE = "完整性"
    USABLE = "可用性"
    SAFE = "安全性"


class CheckResult(StrEnum):
    GOOD = "合格"
    BAD = "不合格"
    # Nothing to look at, or nothing to look with; it is said and not taken for good.
    NOT_DONE = "未检测"


@dataclass(frozen=True)
class PropertyCheck:
    """One check: `what` was asked, and the words of what was found."""

    property: Property
    what: str
    result: CheckResult
    words: str

    def as_json(self) -> dict[str, Any]:
        return {name: str(value) for name, value in asdict(self).items()}


def outcome(checks: Sequence[PropertyCheck]) -> CheckResult:
    """Of all together: one that is bad makes it bad, what was not looked at does not."""
    return (
        CheckResult.BAD
        if any(one.result is CheckResult.BAD for one in checks)
        else CheckResult.GOOD
    )


def judged(
    kind: Property, what: str, *, found: Sequence[str], good: str, bad: str = ""
) -> PropertyCheck:
    """Good where nothing was found; else the first few of what was, in words."""
    if not found:
        return PropertyCheck(kind, what, CheckResult.GOOD, good)
    shown = "；".join(found[:MOST_SHOWN])
    more = f"等{len(found)}处" if len(found) > MOST_SHOWN else ""
    return PropertyCheck(kind, what, CheckResult.BAD, f"{bad}{shown}{more}")


MOST_SHOWN = 5
