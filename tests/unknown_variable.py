"""An unknown variable in one of our templates stops the test; in other people's it stays empty."""

import sys
from pathlib import Path
from types import FrameType
from typing import Any

OURS = Path(__file__).resolve().parent.parent / "templates"


class UnknownVariableError(Exception):
    """A template of ours names a variable that its view does not give."""


class UnknownVariable(str):
    """What Django's `string_if_invalid` is in a test run.

    Django asks whether it holds "%s" and then formats it with the variable's name.
    """

    __slots__ = ()

    def __new__(cls) -> "UnknownVariable":
        return super().__new__(cls, "%s")

    def __mod__(self, name: Any) -> str:
        template = _template_being_rendered()
        if template is not None and Path(template).is_relative_to(OURS):
            raise UnknownVariableError(f"{template}: unknown variable {name}")
        return ""


def _template_being_rendered() -> str | None:
    """The file of the innermost template node on the stack, or None."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        origin = getattr(frame.f_locals.get("self"), "origin", None)
        if origin is not None:
            return str(origin.name)
        frame = frame.f_back
    return None
